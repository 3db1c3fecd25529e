"""Properties of a workplace and the custom fields of a simulated Jira that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from helpers.held import words_of
from helpers.jirasim import Jira

from duolog.core.markup import normalise
from duolog.people.models import Member, Workplace
from duolog.sync.models import Link
from duolog.workplace.actors import Actor
from duolog.workplace.models import Property, WorkItem
from duolog.workplace.property_values import held_by, show_value
from duolog.workplace.services import create_property

PLUGIN: Final = "com.atlassian.jira.plugin.system.customfieldtypes"
MADE: Final = (("Customer", "textfield"), ("Go-live", "datepicker"), ("Notes", "textarea"))
"""The fields that the seed of the simulator has not, by their kind in Jira."""

KINDS: Final = {
    "Customer": "text", "Notes": "paragraph", "Effort in days": "number", "Impact": "select",
    "Platforms": "multi_select", "Go-live": "date", "Seen at": "date_time", "Tester": "member",
}  # fmt: skip
OPTIONS: Final = {"Impact": ("Small", "Large"), "Platforms": ("web", "iOS", "Kiosk")}
"""In Jira, Platforms are Web, iOS and Android: of each two, one has no counterpart."""


def fields_of(jira: Jira) -> dict[str, str]:
    """The ids of Jira's custom fields by their names."""
    found = jira.ask("GET", "field", by=jira.service)
    return {each["name"]: each["id"] for each in found if each["custom"]}


def make_fields(jira: Jira) -> dict[str, str]:
    """Have Jira know the fields that its seed has not; the ids of all."""
    for name, kind in MADE:
        if name not in fields_of(jira):
            body = {"name": name, "type": f"{PLUGIN}:{kind}"}
            made = jira.ask("POST", "field", body, by=jira.service)
            jira.ask("POST", f"screens/addToDefault/{made['id']}", by=jira.service)
    return fields_of(jira)


def make_properties(workplace: Workplace, by: Actor) -> dict[str, Property]:
    """Have the workplace know a property of each kind, by their names."""
    return {
        name: create_property(workplace, name, kind, OPTIONS.get(name, ()), actor=by)
        for name, kind in KINDS.items()
    }


def own_here(link: Link, item: WorkItem) -> dict[str, str]:
    """What an item holds of each property that a field of the project stands for, as plain words."""
    held = {row.pk: show_value(row, text) for row, text in held_by(item).items()}
    return {f"property/{row.pk}": said_here(row, held.get(row.pk)) for row, _ in paired(link)}


def own_there(link: Link, fields: Mapping[str, Any]) -> dict[str, str]:
    """What the issue holds in these fields, in the same words."""
    return {f"property/{row.pk}": said_there(row, fields.get(key)) for row, key in paired(link)}


def paired(link: Link) -> list[tuple[Property, str]]:
    """The properties that stand for a field of the project, each with the id of the field."""
    table: Mapping[str, str] = link.binding.mapping.get("properties", {}).get("out", {})
    rows = Property.objects.filter(pk__in=table).order_by("pk")
    return [(row, table[str(row.pk)]) for row in rows]


def said_here(row: Property, value: Any) -> str:
    """A value of a property."""
    names = row.option_names
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return "|".join(sorted(names.get(each, each).casefold() for each in value))
    if row.kind == "select":
        return str(names.get(value, value)).casefold()
    return _HERE.get(row.kind, str)(value)


def said_there(row: Property, value: Any) -> str:
    """A value of its field."""
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return "|".join(sorted(str(each["value"]).casefold() for each in value))
    return _THERE.get(row.kind, str)(value)


def _number(value: float) -> str:
    return f"{float(value):g}"


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()


def _member(value: Any) -> str:
    return Member.objects.get(pk=getattr(value, "pk", value)).name


_HERE: Final[Mapping[str, Callable[[Any], str]]] = {
    "number": _number, "paragraph": normalise, "date_time": _moment, "member": _member,
}  # fmt: skip
_THERE: Final[Mapping[str, Callable[[Any], str]]] = {
    "number": _number,
    "paragraph": lambda body: words_of(body).strip(),
    "date_time": _moment,
    "select": lambda chosen: str(chosen["value"]).casefold(),
    "member": lambda account: str(account["displayName"]),
}
