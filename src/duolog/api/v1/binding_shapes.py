"""What a binding looks like outside, and what may be asked of it.  Reads rows, no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Annotated

from pydantic import Field

from duolog.api.shapes import Body, Moment, RowId, Shape
from duolog.core.lifecycle import OnDelete
from duolog.core.policy import ConflictPolicy
from duolog.sync.doctor import Finding, Severity
from duolog.sync.mapping import Choice, fields_to_json
from duolog.sync.models import Binding, BindingState, Direction, Start
from duolog.sync.overview import has_stopped, trouble_of
from duolog.sync.progress import Progress
from duolog.sync.proposal import Proposal
from duolog.sync.services import Rules


class WhatToBind(Body):
    """What is bound: a team."""

    team_id: RowId


class BoundShape(Shape):
    """What is bound."""

    team_id: str


class Table(Body):
    """Which value stands for which, by ids: ours to Jira's (`out`), and Jira's to ours (`in`)."""

    outbound: dict[str, str] = Field(default_factory=dict, alias="out")
    inbound: dict[str, str] = Field(default_factory=dict, alias="in")


class MappingBody(Body):
    """The tables to replace; those left out stay.

    `screens` says what is filled in when Jira asks on the way to a status: by field
    (`resolution`), or by transition and field (`31:resolution`); `in` is not read.
    """

    types: Table | None = None
    statuses: Table | None = None
    priorities: Table | None = None
    users: Table | None = None
    screens: Table | None = None
    relations: Table | None = None

    properties: Table | None = None
    options: Table | None = None

    def named(self) -> dict[str, object]:
        """The tables that were given."""
        return self.model_dump(by_alias=True, exclude_none=True)


class Deletions(Body):
    """What is done with the other side when one is deleted here, or in Jira."""

    here: OnDelete = OnDelete.ASK
    jira: OnDelete = OnDelete.ASK


class NewBinding(Body):
    """A team to be kept in step with a Jira project; with `preview` nothing crosses by itself."""

    scope: WhatToBind
    connection_id: RowId
    jira_project_key: Annotated[str, Field(min_length=1, max_length=40)]
    direction: Direction = Direction.TWO_WAY
    start: Start = Start.EVERYTHING
    on_delete: Deletions = Deletions()
    conflict_policy: ConflictPolicy = ConflictPolicy.ASK
    mapping: MappingBody | None = None
    preview: bool = False

    def rules(self) -> Rules:
        """How the binding is to behave."""
        return Rules(
            direction=self.direction,
            on_delete_here=self.on_delete.here,
            on_delete_jira=self.on_delete.jira,
            conflict_policy=self.conflict_policy,
        )


class BindingChanges(Body):
    """Other rules or tables; what is left out stays."""

    direction: Direction | None = None
    on_delete: Deletions | None = None
    conflict_policy: ConflictPolicy | None = None
    mapping: MappingBody | None = None

    def rules(self, binding: Binding) -> Rules | None:
        """The binding's rules with these changes, or None where none was named."""
        if (self.direction, self.on_delete, self.conflict_policy) == (None, None, None):
            return None
        deletions = self.on_delete or _deletions(binding)
        return Rules(
            direction=self.direction or Direction(binding.direction),
            on_delete_here=deletions.here,
            on_delete_jira=deletions.jira,
            conflict_policy=self.conflict_policy or ConflictPolicy(binding.conflict_policy),
        )


class BindingShape(Shape):
    """A team kept in step with a Jira project; `trouble` says why nothing crosses.

    `is_stopped` when its connection no longer works or was removed: links stay, and wait.
    """

    id: str
    scope: BoundShape
    connection_id: str
    jira_project_id: str
    jira_project_key: str
    jira_project_name: str
    direction: Direction
    start: Start
    on_delete: Deletions
    conflict_policy: ConflictPolicy
    state: BindingState
    is_stopped: bool
    mapping: dict[str, dict[str, dict[str, str]]]
    trouble: str
    created_at: Moment
    ended_at: Moment | None


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
    issues_there: int
    types: list[ChoiceShape]
    statuses: list[ChoiceShape]
    priorities: list[ChoiceShape]
    mapping: dict[str, dict[str, dict[str, str]]]
    warnings: list[str]
    findings: list[FindingShape]


class StageShape(Shape):
    """One step of what runs."""

    name: str
    total: int
    done: int
    percent: int


class ProgressShape(Shape):
    """How far a binding is, never backwards.

    `seconds_left` and `per_minute` follow the recent pace, null where none can be told;
    `waits_until` is the time until which Jira asked us to wait.
    """

    state: BindingState
    stages: list[StageShape]
    total: int
    done: int
    percent: int
    waiting: int
    held: int
    conflicts: int
    in_step: int
    per_minute: int | None
    seconds_left: int | None
    waits_until: Moment | None
    is_running: bool
    is_stalled: bool
    is_stopped: bool
    trouble: str


def show_binding(binding: Binding) -> BindingShape:
    """The binding as it is stored."""
    return BindingShape(
        id=str(binding.pk),
        scope=BoundShape(team_id=str(binding.team_id)),
        connection_id=str(binding.connection_id),
        jira_project_id=binding.jira_project_id,
        jira_project_key=binding.jira_project_key,
        jira_project_name=binding.jira_project_name,
        direction=Direction(binding.direction),
        start=Start(binding.start),
        on_delete=_deletions(binding),
        conflict_policy=ConflictPolicy(binding.conflict_policy),
        state=BindingState(binding.state),
        is_stopped=has_stopped(binding),
        mapping=binding.mapping,
        trouble=trouble_of(binding),
        created_at=binding.created_at,
        ended_at=binding.ended_at,
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


def show_progress(progress: Progress) -> ProgressShape:
    """The progress, counted."""
    return ProgressShape(
        state=BindingState(progress.state),
        stages=[
            StageShape(name=stage.name, total=stage.total, done=stage.done, percent=stage.percent)
            for stage in progress.stages
        ],
        total=progress.total,
        done=progress.done,
        percent=progress.percent,
        waiting=progress.waiting,
        held=progress.held,
        conflicts=progress.conflicts,
        in_step=progress.in_step,
        per_minute=progress.per_minute,
        seconds_left=progress.seconds_left,
        waits_until=progress.waits_until,
        is_running=progress.is_running,
        is_stalled=progress.is_stalled,
        is_stopped=progress.is_stopped,
        trouble=progress.trouble,
    )


def _choices(choices: Sequence[Choice]) -> list[ChoiceShape]:
    return [ChoiceShape(id=each.id, name=each.name, sort=each.sort) for each in choices]


def _deletions(binding: Binding) -> Deletions:
    return Deletions(here=OnDelete(binding.on_delete_here), jira=OnDelete(binding.on_delete_jira))
