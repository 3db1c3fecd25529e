"""Short ways to make and read issues in tests of the agile API."""

from typing import Any

from helpers.jira_caller import Api

from jirasim.site.agile_fields import agile_fields
from jirasim.site.events import Event


def keys(reply: Any) -> list[str]:
    assert reply.status == 200, reply.text
    return [one["key"] for one in reply.json["issues"]]


def new(api: Api, kind: str = "Task", **fields: object) -> str:
    plain = {"project": {"key": "FHP"}, "issuetype": {"name": kind}, "summary": "New"}
    if kind == "Epic" and not api.site.product.cloud:
        plain[agile_fields(api.site.product).epic_name] = "New"
    reply = api.post("/issue", {"fields": {**plain, **fields}})
    assert reply.status == 201, reply.text
    return str(reply.json["key"])


def heard(api: Api) -> list[Event]:
    found: list[Event] = []
    api.site.subscribe(found.append)
    return found


def last_items(api: Api, key: str) -> list[tuple[str, str, str]]:
    """Field, from and to of the newest entry of an issue's changelog."""
    histories = api.get(f"/issue/{key}", expand="changelog").json["changelog"]["histories"]
    newest = max(histories, key=lambda one: int(one["id"]))
    return [(one["field"], one["fromString"], one["toString"]) for one in newest["items"]]
