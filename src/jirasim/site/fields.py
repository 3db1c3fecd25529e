"""Fields and their choices, as frozen values, and the kinds that custom fields come in."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select field.  `parent` is set for the second level of a cascading one."""

    id: str
    value: str
    parent: str | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A system or custom field.

    `kind` is Jira's schema type (string, doc, user, priority, option, array, date, number …);
    `items` the element type of an array; `custom` the vendor's full custom type key, else None.
    `default` is the stored value that new issues get.
    """

    id: str
    name: str
    kind: str
    items: str | None = None
    custom: str | None = None
    clauses: tuple[str, ...] = ()
    operations: tuple[str, ...] = ("set",)
    options: tuple[Option, ...] = ()
    searchable: bool = True
    orderable: bool = True
    navigable: bool = True
    description: str = ""
    default: object = None
    trashed: bool = False

    @property
    def roots(self) -> tuple[Option, ...]:
        """The choices of the first level."""
        return tuple(one for one in self.options if one.parent is None)

    @property
    def number(self) -> str:
        """The number of a custom field."""
        return self.id.rpartition("_")[2]


@dataclass(frozen=True, slots=True)
class CustomKind:
    """What fields of a custom type hold; `label` is how Cloud's JQL tells namesakes apart."""

    kind: str
    label: str
    items: str | None = None


PLUGIN = "com.atlassian.jira.plugin.system.customfieldtypes"
SET = ("set",)
VERBS = ("add", "set", "remove")
KINDS: Mapping[str, CustomKind] = {
    "textfield": CustomKind("string", "Short text"),
    "textarea": CustomKind("doc", "Paragraph"),
    "readonlyfield": CustomKind("string", "Text Field (read only)"),
    "url": CustomKind("string", "URL Field"),
    "float": CustomKind("number", "Number"),
    "datepicker": CustomKind("date", "Date"),
    "datetime": CustomKind("datetime", "Time stamp"),
    "select": CustomKind("option", "Dropdown"),
    "radiobuttons": CustomKind("option", "Radio Buttons"),
    "multiselect": CustomKind("array", "Select List (multiple choices)", "option"),
    "multicheckboxes": CustomKind("array", "Checkboxes", "option"),
    "cascadingselect": CustomKind("option-with-child", "Select List (cascading)"),
    "userpicker": CustomKind("user", "User Picker (single user)"),
    "multiuserpicker": CustomKind("array", "User Picker (multiple users)", "user"),
    "people": CustomKind("array", "People", "user"),
    "grouppicker": CustomKind("group", "Group Picker (single group)"),
    "multigrouppicker": CustomKind("array", "Group Picker (multiple groups)", "group"),
    "labels": CustomKind("array", "Labels", "string"),
    "version": CustomKind("version", "Version Picker (single version)"),
    "multiversion": CustomKind("array", "Version Picker (multiple versions)", "version"),
    "project": CustomKind("project", "Project Picker (single project)"),
}


def custom_field(
    field_id: str, name: str, suffix: str, *options: Option, description: str = ""
) -> Field:
    """A custom field of one of Jira's own types, such as `multiselect`."""
    found = KINDS[suffix]
    number = field_id.rpartition("_")[2]
    return Field(
        field_id,
        name,
        found.kind,
        items=found.items,
        custom=f"{PLUGIN}:{suffix}",
        clauses=(f"cf[{number}]", name),
        operations=VERBS if found.items is not None else SET,
        options=options,
        description=description,
    )
