"""Entity properties of issues: any JSON under a key.  They never move `updated` (jira.md 6.8)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from jirasim.site.errors import Refusal
from jirasim.site.events import PROPERTY_DELETED, PROPERTY_SET, Event
from jirasim.site.model import Issue, User
from jirasim.site.state import Site

LONGEST_KEY = 255
LONGEST_VALUE = 32768


def check(key: str, value: object) -> None:
    """Raise Refusal 400 for a key or value that Jira would not store."""
    if not key or len(key) > LONGEST_KEY:
        raise Refusal(400, "The property key must not be empty or longer than 255 characters.")
    if len(json.dumps(value, ensure_ascii=False)) > LONGEST_VALUE:
        raise Refusal(400, "The value of the property must not be longer than 32768 characters.")


def read_list(raw: object) -> dict[str, object]:
    """The `properties` of a create: a list of `{"key", "value"}`."""
    if raw is None:
        return {}
    if not isinstance(raw, list) or not all(
        isinstance(one, Mapping) and "key" in one for one in raw
    ):
        raise Refusal(400, "The properties must be a list of objects with 'key' and 'value'.")
    found = {str(one["key"]): one.get("value") for one in raw}
    for key, value in found.items():
        check(key, value)
    return found


def put(site: Site, actor: User, issue: Issue, key: str, value: object) -> bool:
    """Store the value; whether the key is new."""
    check(key, value)
    created = key not in issue.properties
    after = replace(issue, properties={**issue.properties, key: value})
    site.store(after)
    announce(site, actor, after, {key: value}.items())
    return created


def remove(site: Site, actor: User, issue: Issue, key: str) -> None:
    """Forget the key.  Raises Refusal 404 when it is not there."""
    if key not in issue.properties:
        raise Refusal(404, f"The property '{key}' does not exist.")
    left = {name: value for name, value in issue.properties.items() if name != key}
    after = replace(issue, properties=left)
    site.store(after)
    site.publish(Event(PROPERTY_DELETED, site.now(), actor.account_id, after, property_key=key))


def announce(site: Site, actor: User, issue: Issue, items: Iterable[tuple[str, object]]) -> None:
    """Tell listeners of properties that were set."""
    for key, value in items:
        event = Event(
            PROPERTY_SET,
            site.now(),
            actor.account_id,
            issue,
            property_key=key,
            property_value=value,
        )
        site.publish(event)
