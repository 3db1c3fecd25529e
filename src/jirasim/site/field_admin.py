"""Making and changing custom fields and their choices, by the administrators of the site.

Every custom field has one context here, for all projects and types.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from jirasim.site.errors import Refusal
from jirasim.site.fields import KINDS, PLUGIN, Field, Option, custom_field
from jirasim.site.model import User
from jirasim.site.owners import Json, check_administrator, text_of
from jirasim.site.permissions import may
from jirasim.site.state import Site
from jirasim.site.workflow import Screen

LONGEST_NAME = 255
CHOICES = frozenset({"option", "option-with-child"})


def find(site: Site, field_id: str) -> Field:
    """A custom field that is not in the trash.  Raises Refusal 404."""
    found = site.state.fields.get(field_id)
    if found is None or found.custom is None:
        raise Refusal(404, f"The custom field with ID '{field_id}' was not found.")
    return found


def create(site: Site, actor: User, body: Json) -> Field:
    """A new custom field of one of Jira's own types; it is on no screen yet."""
    if not may(actor, "ADMINISTER", None):
        status = 400 if site.product.cloud else 403
        raise Refusal(status, "You do not have permission to create custom fields.")
    name, plugin, suffix = _name(body), *str(body.get("type") or "").partition(":")[::2]
    if plugin != PLUGIN or suffix not in KINDS:
        raise Refusal(400, fields={"type": f"The field type '{body.get('type')}' is not valid."})
    number = site.next_id("field", first=10300)
    made = custom_field(
        f"customfield_{number}", name, suffix, description=text_of(body, "description")
    )
    return _keep(site, made)


def edit(site: Site, actor: User, field: Field, body: Json) -> None:
    """Give it another name or description."""
    check_administrator(actor)
    name = _name(body) if "name" in body else field.name
    description = text_of(body, "description", field.description)
    clauses = tuple(one.replace(field.name, name) for one in field.clauses)
    _keep(site, replace(field, name=name, description=description, clauses=clauses))


def throw_away(site: Site, actor: User, field: Field, *, trashed: bool) -> None:
    """Into the trash, where nobody sees it, or back."""
    check_administrator(actor)
    _keep(site, replace(field, trashed=trashed))


def context_id(field: Field) -> str:
    """The id of its one context."""
    return str(10000 + int(field.number))


def check_context(field: Field, wanted: str) -> None:
    """Raise Refusal 404 for a context of another field."""
    if wanted != context_id(field):
        raise Refusal(404, f"The field context with id '{wanted}' was not found.")


def add_options(site: Site, actor: User, field: Field, body: Json) -> tuple[Option, ...]:
    """More choices, at the end; those with an `optionId` below that one."""
    _check_choices(actor, field)
    made: list[Option] = []
    for row in _rows(body):
        parent = None if row.get("optionId") is None else str(row["optionId"])
        if parent is not None and parent not in {one.id for one in field.roots}:
            raise Refusal(404, f"The option with id '{parent}' was not found.")
        value = _value(row, (*field.options, *made), parent)
        number = site.next_id("option", first=10500)
        made.append(Option(number, value, parent, disabled=row.get("disabled") is True))
    _keep(site, replace(field, options=(*field.options, *made)))
    return tuple(made)


def edit_options(site: Site, actor: User, field: Field, body: Json) -> tuple[Option, ...]:
    """Rename or disable choices."""
    _check_choices(actor, field)
    table = {one.id: one for one in field.options}
    changed = []
    for row in _rows(body):
        before = table.get(str(row.get("id")))
        if before is None:
            raise Refusal(404, f"The option with id '{row.get('id')}' was not found.")
        others = [one for one in table.values() if one.id != before.id]
        value = _value(row, others, before.parent) if "value" in row else before.value
        disabled = bool(row.get("disabled", before.disabled))
        table[before.id] = replace(before, value=value, disabled=disabled)
        changed.append(table[before.id])
    _keep(site, replace(field, options=tuple(table.values())))
    return tuple(changed)


def delete_option(site: Site, actor: User, field: Field, option_id: str) -> None:
    """Delete a choice that no issue has, with those below it."""
    _check_choices(actor, field)
    gone = {one.id for one in field.options if option_id in {one.id, one.parent}}
    if not gone:
        raise Refusal(404, f"The option with id '{option_id}' was not found.")
    for issue in site.state.issues.values():
        held = issue.custom.get(field.id)
        if gone.intersection(held if isinstance(held, tuple) else (held,)):
            raise Refusal(400, f"The option with id '{option_id}' is in use by issues.")
    left = tuple(one for one in field.options if one.id not in gone)
    _keep(site, replace(field, options=left))


def set_default(site: Site, actor: User, field: Field, body: Json) -> None:
    """What new issues get: a choice, several, or a plain value."""
    check_administrator(actor)
    rows = body.get("defaultValues")
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], Mapping):
        raise Refusal(400, "One default value must be given for the context.")
    row = rows[0]
    check_context(field, str(row.get("contextId")))
    _keep(site, replace(field, default=_default(field, row)))


def add_to_screens(site: Site, actor: User, field: Field) -> None:
    """Onto the screens of all company-managed projects, which share the default screen."""
    check_administrator(actor)
    for project in list(site.state.projects.values()):
        if project.team_managed:
            continue
        screens = {
            type_id: Screen((*screen.fields, field.id), screen.required)
            if field.id not in screen.fields
            else screen
            for type_id, screen in project.screens.items()
        }
        site.state.projects[project.id] = replace(project, screens=screens)


def _default(field: Field, row: Json) -> object:
    if field.kind == "option-with-child" and row.get("optionId") is not None:
        levels = (row.get("optionId"), row.get("cascadingOptionId"))
        return tuple(str(one) for one in levels if one is not None)
    if field.items == "option":
        ids = row.get("optionIds")
        return tuple(map(str, ids)) if isinstance(ids, list) and ids else None
    if field.kind == "option":
        return None if row.get("optionId") is None else str(row["optionId"])
    number = row.get("number")
    if field.kind == "number" and isinstance(number, int | float):
        return float(number)
    if field.kind == "string":
        return row.get("text") or row.get("url")
    raise Refusal(400, f"A default value for the field '{field.name}' is not supported.")


def _check_choices(actor: User, field: Field) -> None:
    check_administrator(actor)
    if field.kind not in CHOICES and field.items not in CHOICES:
        raise Refusal(400, "The custom field does not support options.")


def _rows(body: Json) -> list[Json]:
    rows = body.get("options")
    if not isinstance(rows, list) or not all(isinstance(one, Mapping) for one in rows):
        raise Refusal(400, "The options must be a list of objects.")
    return rows


def _value(row: Json, others: Iterable[Option], parent: str | None) -> str:
    value = text_of(row, "value")
    if not value:
        raise Refusal(400, "The value of an option must not be empty.")
    if any(one.value == value and one.parent == parent for one in others):
        raise Refusal(400, f"The option value '{value}' is already used in this context.")
    return value


def _name(body: Json) -> str:
    name = text_of(body, "name")
    if not name:
        raise Refusal(400, fields={"name": "The name of the custom field is required."})
    if len(name) > LONGEST_NAME:
        raise Refusal(400, fields={"name": "The name must not exceed 255 characters."})
    return name


def _keep(site: Site, field: Field) -> Field:
    site.state.fields[field.id] = field
    site.revision += 1
    return field
