"""What a binding looks like outside, and what may be asked of it.  Reads rows, no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Annotated

from pydantic import Field

from duolog.api.shapes import Body, Moment, RowId, Shape
from duolog.api.v1.progress_shapes import (
    ComparisonShape,
    ProgressShape,
    show_comparison,
    show_progress,
)
from duolog.core.directions import SlotDirection
from duolog.core.lifecycle import OnDelete
from duolog.core.policy import ConflictPolicy
from duolog.sync.basis.scopes import FilterHere
from duolog.sync.binding.projects import ProjectProposal
from duolog.sync.binding.proposal import Proposal
from duolog.sync.binding.rules import Rules, version_of_binding
from duolog.sync.doctor import Finding, Severity
from duolog.sync.mapping import Choice, fields_to_json, table_of_team, team_of_table
from duolog.sync.models import Binding, BindingState, Direction, Start
from duolog.sync.shown.comparison import Comparison, last_comparisons
from duolog.sync.shown.overview import has_stopped, trouble_of
from duolog.sync.shown.progress import Progress
from duolog.workplace.models import WorkItemType

Jql = Annotated[str, Field(max_length=4000)]


class WhatToBind(Body):
    """What is bound: a team, or a project below an epic of its own; one of the two."""

    team_id: RowId | None = None
    project_id: RowId | None = None


class BoundShape(Shape):
    """What is bound; with a project, the team is where new issues from Jira go."""

    team_id: str
    project_id: str | None


class EpicShape(Shape):
    """The issue that stands for a project in Jira."""

    issue_id: str
    issue_key: str
    issue_url: str


class FilterBody(Body):
    """Which items are sent: any of the types, labels and statuses; an empty list asks nothing."""

    types: tuple[WorkItemType, ...] = ()
    labels: tuple[str, ...] = ()
    statuses: tuple[RowId, ...] = ()

    def taken(self) -> FilterHere:
        """As the binding keeps it."""
        return FilterHere(
            tuple(it.value for it in self.types),
            tuple(self.labels),
            tuple(str(it) for it in self.statuses),
        )


class FilterShape(Shape):
    """Which items are sent: any of the types, labels and statuses; an empty list asks nothing."""

    types: tuple[WorkItemType, ...] = ()
    labels: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()


class Table(Body):
    """Which value stands for which, by ids: ours to Jira's (`out`), and Jira's to ours (`in`)."""

    outbound: dict[str, str] = Field(default_factory=dict, alias="out")
    inbound: dict[str, str] = Field(default_factory=dict, alias="in")


class MappingBody(Body):
    """The tables to replace; those left out stay.

    `screens` says what is filled in when Jira asks on the way to a status: by field
    (`resolution`), or by transition and field (`31:resolution`); `in` is not read.
    `statuses` are those of the team that gets new issues; `statuses_by_team` are, by the team's
    id, those of the other teams whose items a project's binding sends.
    """

    types: Table | None = None
    statuses: Table | None = None
    priorities: Table | None = None
    users: Table | None = None
    screens: Table | None = None
    relations: Table | None = None

    properties: Table | None = None
    options: Table | None = None
    statuses_by_team: dict[RowId, Table] | None = None

    def named(self) -> dict[str, object]:
        """The tables that were given."""
        tables = self.model_dump(by_alias=True, exclude_none=True)
        of_teams = tables.pop("statuses_by_team", {})
        return tables | {table_of_team(int(team)): table for team, table in of_teams.items()}


class Deletions(Body):
    """What follows a deletion.

    `here`: with the item whose issue was deleted in Jira; `jira`: with the issue whose item was
    deleted here.
    """

    here: OnDelete = OnDelete.ASK
    jira: OnDelete = OnDelete.ASK


class NewBinding(Body):
    """A team or project to be kept in step with a Jira project.

    With `preview` nothing crosses by itself.  `start` says what of the things here is sent,
    `start_jira` what of Jira's comes here (as `start`, where not said).  `field_rules` narrows
    the direction by the name of a field, `jql` and `filter` what is new on either side.
    With `restricted_comments` those come here, too, that Jira shows to some readers only.
    """

    scope: WhatToBind
    connection_id: RowId
    jira_project_key: Annotated[str, Field(min_length=1, max_length=40)]
    direction: Direction = Direction.TWO_WAY
    start: Start = Start.EVERYTHING
    start_jira: Start | None = None
    on_delete: Deletions = Deletions()
    conflict_policy: ConflictPolicy = ConflictPolicy.ASK
    field_rules: dict[str, SlotDirection] = Field(default_factory=dict)
    filter: FilterBody = FilterBody()
    jql: Jql = ""
    restricted_comments: bool = False
    mapping: MappingBody | None = None
    preview: bool = False

    def rules(self) -> Rules:
        """How the binding is to behave."""
        return Rules(
            direction=self.direction,
            fields=self.field_rules,
            filter_here=self.filter.taken(),
            jql=self.jql.strip(),
            restricted_comments=self.restricted_comments,
            on_delete_here=self.on_delete.here,
            on_delete_jira=self.on_delete.jira,
            conflict_policy=self.conflict_policy,
        )


class ProjectToSend(Body):
    """Where a project is sent; new issues from Jira go to the team, if it is two-way."""

    connection_id: RowId
    jira_project_key: Annotated[str, Field(min_length=1, max_length=40)]
    direction: Direction = Direction.TWO_WAY
    team_id: RowId | None = None

    def rules(self) -> Rules:
        """How the binding is to behave."""
        return Rules(direction=self.direction)


class BindingChanges(Body):
    """Other rules or tables; what is left out stays."""

    direction: Direction | None = None
    on_delete: Deletions | None = None
    conflict_policy: ConflictPolicy | None = None
    field_rules: dict[str, SlotDirection] | None = None
    filter: FilterBody | None = None
    jql: Jql | None = None
    restricted_comments: bool | None = None
    mapping: MappingBody | None = None

    def rules(self, binding: Binding) -> Rules | None:
        """The binding's rules with these changes, or None where none was named."""
        if not self.model_fields_set - {"mapping"}:
            return None
        deletions = self.on_delete or _deletions(binding)
        kept, restricted = Rules.of(binding), self.restricted_comments
        return Rules(
            direction=self.direction or Direction(binding.direction),
            fields=kept.fields if self.field_rules is None else self.field_rules,
            filter_here=kept.filter_here if self.filter is None else self.filter.taken(),
            jql=kept.jql if self.jql is None else self.jql.strip(),
            restricted_comments=kept.restricted_comments if restricted is None else restricted,
            on_delete_here=deletions.here,
            on_delete_jira=deletions.jira,
            conflict_policy=self.conflict_policy or ConflictPolicy(binding.conflict_policy),
        )


class BindingShape(Shape):
    """A team or project kept in step with a Jira project; `trouble` says why nothing crosses.

    `gaps` are the sentences of why its mapping is incomplete by what Jira offered at
    `metadata_read_at`.  `is_stopped` when its connection no longer works or was removed: links stay, and wait.
    `version` is also its ETag: another one after each change of its rules or mapping.
    """

    id: str
    scope: BoundShape
    connection_id: str
    jira_project_id: str
    jira_project_key: str
    jira_project_name: str
    direction: Direction
    start: Start
    start_jira: Start
    epic: EpicShape | None
    field_rules: dict[str, SlotDirection]
    filter: FilterShape
    jql: str
    restricted_comments: bool
    on_delete: Deletions
    conflict_policy: ConflictPolicy
    state: BindingState
    is_stopped: bool
    mapping: dict[str, dict[str, dict[str, str]]]
    statuses_by_team: dict[str, dict[str, dict[str, str]]]
    gaps: list[str]
    metadata_read_at: Moment | None
    trouble: str
    last_comparison: ComparisonShape | None
    created_at: Moment
    ended_at: Moment | None
    version: str


class ChoiceShape(Shape):
    """A value that Jira offers; `sort` is a type's level, a status's category."""

    id: str
    name: str
    sort: str


class FindingShape(Shape):
    """One thing the link doctor looked at: what is so, and the fix.

    `link` is where that is done: an address in Jira, a path of ours, or empty.
    """

    about: str
    severity: Severity
    sentence: str
    fix: str
    link: str


class ProposalShape(Shape):
    """What a binding would mean; nothing was stored.

    `warnings` are sentences; `findings` are the link doctor's, the worst first.
    """

    jira_project_id: str
    jira_project_key: str
    jira_project_name: str
    items_here: int
    left_out: tuple[str, ...] = ()
    beside_the_epic: tuple[str, ...] = ()
    issues_there: int
    types: list[ChoiceShape]
    statuses: list[ChoiceShape]
    priorities: list[ChoiceShape]
    mapping: dict[str, dict[str, dict[str, str]]]
    warnings: list[str]
    findings: list[FindingShape]


class SentShape(BindingShape):
    """A project just sent, and how far it is."""

    progress: ProgressShape


def show_sent(binding: Binding, progress: Progress) -> SentShape:
    """The binding of a project, with its progress."""
    shown = show_binding(binding).model_dump()
    return SentShape(**shown, progress=show_progress(progress))


def _epic(binding: Binding) -> EpicShape | None:
    if not binding.epic_issue_id:
        return None
    return EpicShape(
        issue_id=binding.epic_issue_id,
        issue_key=binding.epic_issue_key,
        issue_url=f"{binding.connection.base_url}/browse/{binding.epic_issue_key}",
    )


def show_bindings(bindings: Sequence[Binding]) -> list[BindingShape]:
    """The bindings as they are stored."""
    compared = last_comparisons(bindings)
    return [_shape(binding, compared.get(binding.pk)) for binding in bindings]


def show_binding(binding: Binding) -> BindingShape:
    """One of them."""
    return show_bindings([binding])[0]


def _shape(binding: Binding, compared: Comparison | None) -> BindingShape:
    return BindingShape(
        id=str(binding.pk),
        scope=BoundShape(
            team_id=str(binding.team_id),
            project_id=str(binding.project_id) if binding.project_id else None,
        ),
        connection_id=str(binding.connection_id),
        jira_project_id=binding.jira_project_id,
        jira_project_key=binding.jira_project_key,
        jira_project_name=binding.jira_project_name,
        direction=Direction(binding.direction),
        start=Start(binding.start),
        start_jira=Start(binding.start_jira),
        epic=_epic(binding),
        field_rules=dict(Rules.of(binding).fields),
        filter=FilterShape.model_validate(binding.filter_here),
        jql=binding.jql,
        restricted_comments=binding.restricted_comments,
        on_delete=_deletions(binding),
        conflict_policy=ConflictPolicy(binding.conflict_policy),
        state=BindingState(binding.state),
        is_stopped=has_stopped(binding),
        mapping={name: it for name, it in binding.mapping.items() if team_of_table(name) is None},
        statuses_by_team={
            str(team): table
            for name, table in binding.mapping.items()
            if (team := team_of_table(name)) is not None
        },
        gaps=binding.gaps,
        metadata_read_at=binding.meta_fetched_at,
        trouble=trouble_of(binding),
        last_comparison=show_comparison(compared),
        created_at=binding.created_at,
        ended_at=binding.ended_at,
        version=version_of_binding(binding),
    )


def show_proposal(proposal: Proposal) -> ProposalShape:
    """The proposal in words and tables."""
    return ProposalShape.model_validate(
        {
            "jira_project_id": proposal.project_id,
            "jira_project_key": proposal.project_key,
            "jira_project_name": proposal.project_name,
            "items_here": proposal.items_here,
            "issues_there": proposal.issues_there,
            "types": _choices(proposal.meta.types),
            "statuses": _choices(proposal.meta.statuses),
            "priorities": _choices(proposal.meta.priorities),
            "mapping": fields_to_json(proposal.fields),
            "warnings": proposal.warnings,
            "findings": show_findings(proposal.findings),
        }
    )


def show_findings(findings: Iterable[Finding]) -> list[FindingShape]:
    """What the link doctor found."""
    return [FindingShape.model_validate(asdict(finding)) for finding in findings]


def show_project_proposal(told: ProjectProposal) -> ProposalShape:
    """The proposal for a project, with the keys of items that stay out or lie beside its epic."""
    return show_proposal(told.proposal).model_copy(
        update={
            "left_out": tuple(item.key for item in told.elsewhere),
            "beside_the_epic": tuple(item.key for item in told.epics),
        }
    )


def _choices(choices: Sequence[Choice]) -> list[ChoiceShape]:
    return [ChoiceShape(id=each.id, name=each.name, sort=each.sort) for each in choices]


def _deletions(binding: Binding) -> Deletions:
    return Deletions(here=OnDelete(binding.on_delete_here), jira=OnDelete(binding.on_delete_jira))
