"""Reads the `fields` and `update` of a request into new values.  Stores nothing.

All complaints are collected, so that one answer names every wrong field.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from jirasim.site import values
from jirasim.site.agile_fields import EPIC_LINK
from jirasim.site.decode import BadValue, Target
from jirasim.site.errors import Refusal
from jirasim.site.fields import Field

CANNOT_BE_SET = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
IN_BOTH = "Field '{}' cannot appear in both 'fields' and 'update'"
NOTHING_ASKED = "one of 'fields' or 'update' required"
INVALID_PAYLOAD = "Invalid request payload. Refer to the REST API documentation and try again."
PARTS = {"comment": ("add", "edit", "remove"), "worklog": ("add",), "issuelinks": ("add",)}
Json = Mapping[str, object]
Settable = Callable[[str], bool]


class Unsupported(BadValue):
    """The field is there, and knows no such operation."""


@dataclass(slots=True)
class Edits:
    """New values by field id, what was wrong, and what to do to comments, worklogs and links.

    A part is the name of its field, the operation, and the body of that.  `messages` are
    complaints about the request; Jira's own code tells them apart from those about a value.
    """

    values: dict[str, object] = field(default_factory=dict)
    parts: list[tuple[str, str, Json]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether something is added to the comments, worklogs or links."""
        return any((part, verb) == (name, "add") for part, verb, _ in self.parts)

    def refuse_if_wrong(self) -> None:
        """Raise all complaints as one 400."""
        if self.errors or self.messages:
            raise Refusal(400, *self.messages, fields=self.errors)


def read(target: Target, body: Json, *, settable: Settable) -> Edits:
    """The edits that a request body asks for.  `settable` says which fields its form has."""
    fields, update = as_object(body.get("fields")), as_object(body.get("update"))
    edits = Edits()
    edits.messages.extend(IN_BOTH.format(name) for name in fields if name in update)
    for name, raw in fields.items():
        try:
            _set(target, edits, name, raw, settable=settable)
        except BadValue as error:
            edits.errors[name] = str(error)
    for name, raw in update.items():
        try:
            _operate(target, edits, name, raw, settable=settable)
        except Unsupported as error:
            edits.messages.append(str(error))
        except BadValue as error:
            edits.errors[name] = str(error)
    return edits


def as_object(raw: object) -> Json:
    """A JSON object, or an empty one when absent.  Raises Refusal 400 for anything else."""
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise Refusal(400, INVALID_PAYLOAD)
    return raw


def _set(target: Target, edits: Edits, name: str, raw: object, *, settable: Settable) -> None:
    found = target.site.state.fields.get(name)
    if found is None or not settable(name):
        raise BadValue(CANNOT_BE_SET.format(name))
    value = values.decode(target, found, raw)
    if found.custom == EPIC_LINK:
        name = "parent"
    if name == "timetracking":
        edits.values.update(cast("Json", value))
    else:
        edits.values[name] = value


def _operate(target: Target, edits: Edits, name: str, raw: object, *, settable: Settable) -> None:
    if not isinstance(raw, list):
        raise BadValue("data was not an array")
    for operation in raw:
        if not isinstance(operation, Mapping) or len(operation) != 1:
            raise BadValue("Each operation must be an object with one key.")
        verb, value = next(iter(operation.items()))
        _apply(target, edits, name, (str(verb), value), settable=settable)


def _apply(
    target: Target, edits: Edits, name: str, operation: tuple[str, object], *, settable: Settable
) -> None:
    verb, value = operation
    if verb in PARTS.get(name, ()):
        edits.parts.append((name, verb, as_object(value)))
    elif name not in PARTS and (verb == "set" or (name, verb) == ("timetracking", "edit")):
        _set(target, edits, name, value, settable=settable)
    elif verb in {"add", "remove"} and (found := _many(target, name)) and settable(name):
        word = values.element(target, found, value)
        edits.values[name] = values.changed(found, _held(target, edits, name), (verb, word))
    else:
        raise _unsupported(target, name, verb, settable=settable)


def _many(target: Target, name: str) -> Field | None:
    """The field, if members can be added to it and removed from it."""
    found = target.site.state.fields.get(name)
    return found if found is not None and "add" in found.operations else None


def _held(target: Target, edits: Edits, name: str) -> object:
    """What the field holds after the operations so far."""
    stored = target.issue.value(name) if target.issue is not None else ()
    return edits.values.get(name, stored)


def _unsupported(target: Target, name: str, verb: str, *, settable: Settable) -> BadValue:
    found = target.site.state.fields.get(name)
    if found is None or not (settable(name) or name in PARTS):
        return BadValue(CANNOT_BE_SET.format(name))
    verbs = ",".join(found.operations)
    return Unsupported(
        f"Field with id '{name}' and name '{found.name}' does not support operation '{verb}' "
        f"Supported operation(s) are: '{verbs}'"
    )
