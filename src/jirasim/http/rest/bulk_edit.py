"""Cloud's bulk edit: the same new values for many issues, in forms of its own by kind of field."""

from collections.abc import Callable, Mapping
from functools import partial

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.rest.bulk_operations import answering, chosen, submitted
from jirasim.http.rest.issues import words
from jirasim.site import issues
from jirasim.site.errors import Refusal
from jirasim.site.product import on_cloud
from jirasim.site.screens import editable
from jirasim.wire.entities import Json

MOST_FIELDS = 200
MANY = ("ADD", "REMOVE", "REPLACE", "REMOVE_ALL")
Parts = Mapping[str, object]
Change = tuple[str, list[Json]]
"""A field and the operations of an ordinary edit."""


def fields(call: Call) -> Answer:
    """GET /bulk/issues/fields: those that the caller may edit in all of the issues."""
    names = words(call.query.getlist("issueIdsOrKeys"))
    if not names:
        raise Refusal(400, "The 'issueIdsOrKeys' must be given.")
    found = [issues.visible(call.site, call.caller, name) for name in names]
    forms = [editable(call.site, issue, call.user) for issue in found]
    text = call.query.get("searchText", "").casefold()
    rows: list[Json] = [
        {
            "id": one.id,
            "name": one.name,
            "type": one.custom or one.id,
            "isRequired": one.id == "summary",
            **({"multiSelectFieldOptions": list(MANY)} if "add" in one.operations else {}),
        }
        for one in call.site.state.fields.values()
        if all(settable(one.id) for settable in forms) and text in one.name.casefold()
    ]
    if not rows:
        raise Refusal(404, "No editable fields were found for the issues.")
    return Answer({"fields": rows})


def edit(call: Call) -> Answer:
    """POST /bulk/issues/fields: only the fields of `selectedActions` are changed."""
    body = call.object()
    wanted, given = body.get("selectedActions"), body.get("editedFieldsInput")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= MOST_FIELDS:
        raise Refusal(400, f"Between 1 and {MOST_FIELDS} fields are needed.")
    if not isinstance(given, Mapping):
        raise Refusal(400, "The 'editedFieldsInput' must be given.")
    changes = dict(change for kind, raw in given.items() for change in _changes(str(kind), raw))
    missing = [one for one in map(str, wanted) if one not in changes]
    if missing:
        raise Refusal(400, f"No value is given for the field '{missing[0]}'.")
    update = {name: changes[name] for name in map(str, wanted)}
    deed = partial(issues.edit, call.site, call.user, body={"update": update})
    return submitted(call, [(one, deed) for one in chosen(body)])


def _changes(kind: str, raw: object) -> list[Change]:
    read = READERS.get(kind)
    if read is None:
        raise Refusal(400, f"The fields of '{kind}' cannot be edited in bulk here.")
    rows = raw if isinstance(raw, list) else [raw]
    return [read(one) for one in rows if isinstance(one, Mapping)]


def _of(part: object, name: str) -> object:
    return part.get(name) if isinstance(part, Mapping) else None


def _set(name: object, value: object) -> Change:
    return str(name), [{"set": value}]


def _named(value: object, key: str) -> Json | None:
    """A reference; None, and what Cloud writes for it, empties the field."""
    return None if value in (None, "", -1, "-1") else {key: str(value)}


def _many(part: Parts, name: object, values: list[object]) -> Change:
    """Members that are added, removed, or all that shall be left."""
    verb = part.get("bulkEditMultiSelectFieldOption")
    if verb not in MANY:
        raise Refusal(400, f"The 'bulkEditMultiSelectFieldOption' is one of {', '.join(MANY)}.")
    if verb in {"ADD", "REMOVE"}:
        return str(name), [{str(verb).lower(): one} for one in values]
    return _set(name, values if verb == "REPLACE" else [])


def _members(part: Parts, name: str, key: str) -> list[object]:
    rows = part.get(name)
    return [_of(one, key) for one in rows] if isinstance(rows, list) else []


def _references(part: Parts, name: str, key: str, as_key: str = "id") -> list[object]:
    return [_named(one, as_key) for one in _members(part, name, key)]


READERS: Mapping[str, Callable[[Parts], Change]] = {
    "labelsFields": lambda one: _many(one, one.get("fieldId"), _members(one, "labels", "name")),
    "singleLineTextFields": lambda one: _set(one.get("fieldId"), one.get("text")),
    "richTextFields": lambda one: _set(one.get("fieldId"), _of(one.get("richText"), "adfValue")),
    "clearableNumberFields": lambda one: _set(one.get("fieldId"), one.get("value")),
    "datePickerFields": lambda one: _set(
        one.get("fieldId"), _of(one.get("date"), "formattedDate") or None
    ),
    "dateTimePickerFields": lambda one: _set(
        one.get("fieldId"), _of(one.get("dateTime"), "formattedDateTime") or None
    ),
    "issueType": lambda one: _set("issuetype", _named(one.get("issueTypeId"), "id")),
    "priority": lambda one: _set("priority", _named(one.get("priorityId"), "id")),
    "singleSelectFields": lambda one: _set(
        one.get("fieldId"), _named(_of(one.get("option"), "optionId"), "id")
    ),
    "multipleSelectFields": lambda one: _set(
        one.get("fieldId"), _references(one, "options", "optionId")
    ),
    "singleSelectClearableUserPickerFields": lambda one: _set(
        one.get("fieldId"), _named(_of(one.get("user"), "accountId"), "accountId")
    ),
    "multipleSelectClearableUserPickerFields": lambda one: _set(
        one.get("fieldId"), _references(one, "users", "accountId", "accountId")
    ),
    "multipleVersionPickerFields": lambda one: _many(
        one, one.get("fieldId"), _references(one, "versions", "versionId")
    ),
    "singleVersionPickerFields": lambda one: _set(
        one.get("fieldId"), _named(_of(one.get("version"), "versionId"), "id")
    ),
    "multiselectComponents": lambda one: _many(
        one, one.get("fieldId"), _references(one, "components", "componentId")
    ),
}
ENDPOINTS = (
    Endpoint("GET", "/bulk/issues/fields", answering(fields), on=on_cloud),
    Endpoint("POST", "/bulk/issues/fields", answering(edit), on=on_cloud),
)
