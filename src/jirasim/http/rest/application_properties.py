"""Application properties: settings of the whole site that administrators read and change."""

import re
from dataclasses import dataclass

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.rest.permissions import require_administrator
from jirasim.site.errors import Refusal
from jirasim.wire.entities import Json


@dataclass(frozen=True, slots=True)
class Property:
    """One setting, and what it is while nobody has changed it."""

    key: str
    name: str
    usual: str
    kind: str = "string"


PROPERTIES = tuple(
    Property(*one)
    for one in (
        ("jira.title", "The name of this installation", "Jira"),
        ("jira.clone.prefix", "The prefix added to the Summary field of cloned issues", "CLONE -"),
        ("jira.lf.date.time", "Time Format", "h:mm a"),
        ("jira.lf.date.day", "Day Format", "EEEE h:mm a"),
        ("jira.lf.date.complete", "Complete Date/Time Format", "dd/MMM/yy h:mm a"),
        ("jira.lf.date.dmy", "Day/Month/Year Format", "dd/MMM/yy"),
        ("jira.date.picker.java.format", "Date Picker Format (Java)", "d/MMM/yy"),
        ("jira.issue.actions.order", "Comments ordering", "asc"),
        ("jira.text.field.character.limit", "Length of text fields", "32767", "uint"),
        ("jira.date.time.picker.use.iso8601", "Use ISO8601 in Date Picker", "false", "boolean"),
    )
)


def listing(call: Call) -> Answer:
    """GET /application-properties: all that fit `keyFilter`, or the one of `key`.

    Server answers the one as itself; Cloud's document knows lists only.
    """
    require_administrator(call)
    key = call.query.get("key")
    if key:
        one = _written(call, _known(key))
        return Answer([one] if call.product.cloud else one)
    wanted = re.escape(call.query.get("keyFilter", "")).replace(r"\.\*", ".*")
    rows = [one for one in PROPERTIES if not wanted or re.fullmatch(wanted, one.key)]
    return Answer([_written(call, one) for one in rows])


def advanced(call: Call) -> Answer:
    """GET /application-properties/advanced-settings: those of the page General Configuration."""
    require_administrator(call)
    return Answer([_written(call, one) for one in PROPERTIES])


def change(call: Call) -> Answer:
    """PUT /application-properties/{id}: its new value, as text."""
    require_administrator(call)
    found, value = _known(call.params["id"]), call.object().get("value")
    if found.kind == "boolean" and value not in ("true", "false"):
        raise Refusal(400, f"Value \"{value}\" is not valid for property '{found.key}'.")
    if found.kind == "uint" and not str(value).isdigit():
        raise Refusal(400, f"Value \"{value}\" is not valid for property '{found.key}'.")
    call.site.state.application_properties[found.key] = str(value or "")
    return Answer(_written(call, found))


def _known(key: str) -> Property:
    for one in PROPERTIES:
        if one.key == key:
            return one
    raise Refusal(404, f"No application property with key '{key}' exists.")


def _written(call: Call, found: Property) -> Json:
    value = call.site.state.application_properties.get(found.key, found.usual)
    return {
        "id": found.key,
        "key": found.key,
        "value": value,
        "name": found.name,
        "desc": "",
        "type": found.kind,
        "defaultValue": found.usual,
    }


ENDPOINTS = (
    Endpoint("GET", "/application-properties", listing),
    Endpoint("GET", "/application-properties/advanced-settings", advanced),
    Endpoint("PUT", "/application-properties/{id}", change),
)
