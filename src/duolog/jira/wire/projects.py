"""Projects, issue types, statuses, priorities and what a create screen asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from duolog.jira.wire.parse import Id, Json, Many, Wire


class StatusCategory(Wire):
    """What a status means, whatever it is called: `new`, `indeterminate` or `done`."""

    key: str
    id: int | None = None
    name: str = ""


class Status(Wire):
    """A status.  Its name is translated and renamed; `id` and the category's key are not."""

    id: Id
    name: str
    status_category: StatusCategory | None = None


class IssueType(Wire):
    """An issue type; in team-managed projects its id belongs to that project alone."""

    id: Id
    name: str
    subtask: bool = False
    hierarchy_level: int | None = None


class IssueTypeStatuses(Wire):
    """The statuses that issues of one type can have in one project."""

    id: Id
    name: str
    subtask: bool = False
    statuses: Many[Status] = ()


class Priority(Wire):
    """A priority."""

    id: Id
    name: str
    is_default: bool = False


class Project(Wire):
    """A Jira project.  `key` can be renamed; `id` stays."""

    id: Id
    key: str
    name: str = ""
    project_type_key: str = ""
    simplified: bool = False
    archived: bool = False
    issue_types: Many[IssueType] = ()


class FieldSchema(Wire):
    """The kind of a field; `custom` names the plugin's kind, which is how it is recognised."""

    type: str
    items: str | None = None
    system: str | None = None
    custom: str | None = None
    custom_id: int | None = None


class AllowedValue(Wire):
    """One value that a field accepts; of a cascading select with those below it."""

    id: Id | None = None
    name: str | None = None
    value: str | None = None
    children: Many[AllowedValue] = ()


def _allowed(value: object) -> object:
    return value if isinstance(value, dict) else {"value": str(value)}


def _flat(value: object) -> object:
    """Server offers projects as one list within the list."""
    if not isinstance(value, list):
        return value
    return [it for each in value for it in (each if isinstance(each, list) else [each])]


class FieldMeta(Wire):
    """What Jira says of one field on a screen."""

    key: str = ""
    name: str
    required: bool
    has_default_value: bool = False
    field_schema: FieldSchema | None = Field(alias="schema", default=None)
    operations: Many[str] = ()
    allowed_values: Annotated[
        Many[Annotated[AllowedValue, BeforeValidator(_allowed)]] | None, BeforeValidator(_flat)
    ] = None
    default_value: Json = None


class CreateField(FieldMeta):
    """A field of the create screen of one issue type."""

    field_id: Annotated[str, Field(validation_alias=AliasChoices("fieldId", "key"))]

    @property
    def must_be_given(self) -> bool:
        """Whether creating fails without it."""
        return self.required and not self.has_default_value


class ProjectPage(Wire):
    """One page of a project search."""

    values: Many[Project]
    total: int
    is_last: bool | None = None


class PriorityPage(Wire):
    """One page of the priorities."""

    values: Many[Priority]
    total: int
    is_last: bool | None = None


class CreateTypePage(Wire):
    """One page of the issue types that can be created in a project."""

    issue_types: Annotated[
        Many[IssueType],
        Field(validation_alias=AliasChoices("issueTypes", "createMetaIssueType", "values")),
    ]
    total: int


class CreateFieldPage(Wire):
    """One page of the fields of a create screen."""

    fields: Annotated[
        Many[CreateField], Field(validation_alias=AliasChoices("fields", "results", "values"))
    ]
    total: int


class Transition(Wire):
    """A step the signed-in account can take now; several can lead to one status.

    Cloud alone tells that one is global, leading out of every status, or leads nowhere else.
    """

    id: Id
    name: str
    to: Status
    is_available: bool = True
    is_global: bool = False
    is_looped: bool = False
    has_screen: bool = False
    fields: Mapping[str, FieldMeta] = Field(default_factory=dict)

    def asks_for(self) -> tuple[str, ...]:
        """Keys of the fields that must be sent with it."""
        return tuple(
            key
            for key, field in self.fields.items()
            if field.required and not field.has_default_value
        )


class TransitionList(Wire):
    """The answer that lists transitions.  Empty also where the account may not transition."""

    transitions: Many[Transition]
