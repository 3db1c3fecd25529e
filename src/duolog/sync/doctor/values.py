"""Types, statuses, people and filters: what has no counterpart, is gone, or must be filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from duolog.core.errors import Refused, Unseen
from duolog.jira import jql
from duolog.people.models import Member
from duolog.sync.basis.ground import statuses_of_team
from duolog.sync.basis.scopes import teams_of
from duolog.sync.doctor.findings import Case, Finding, Findings, Severity, either, fine, listed
from duolog.sync.mapping import Choice
from duolog.sync.models import Direction
from duolog.workplace.models import Property, Status, WorkItemType


def check_types(case: Case) -> Findings:
    """Types in use without counterpart, and counterparts that cannot be created any more."""
    used = case.items.order_by().values_list("type", flat=True).distinct()
    ours = [Choice(kind, str(WorkItemType(kind).label)) for kind in used]
    there = {choice.id for choice in case.meta.types}
    lost = [
        choice.name
        for choice in ours
        if (remote := case.fields.types.encode(choice.id)) is not None and remote not in there
    ]
    if lost:
        yield Finding(
            "types",
            Severity.BLOCKS,
            f"{case.key} no longer has the issue type that {listed(lost)} should become.",
            "Choose another in the mapping.",
            case.mapping_page,
        )
    unmapped = [c.name for c in ours if case.fields.types.encode(c.id) is None]
    yield from _without_counterpart(case, "types", unmapped, "Items of that type are not sent.")
    if not lost and not unmapped:
        yield fine("types", "Every type in use here has its issue type.")


def check_required(case: Case) -> Findings:
    """Fields that Jira wants when an issue is created, and that nobody fills in."""
    wanting: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    for kind, names in case.meta.required.items():
        if names and kind in _targets(case):
            wanting.setdefault((kind in case.kinds, names), []).append(case.kind_name(kind))
    for (is_used, names), kinds in wanting.items():
        yield Finding(
            "required fields",
            Severity.BLOCKS if is_used else Severity.WARNS,
            f"Jira requires {listed(names)} for a new {either(kinds)}. "
            + ("Items that become one wait in the Sync inbox." if is_used else "None is here yet."),
            "Ask a Jira admin to make it optional or give it a default, or map another type.",
            case.mapping_page,
        )
    if not wanting:
        yield fine("required fields", "A new issue needs nothing that we do not give.")


def _targets(case: Case) -> set[str]:
    return set(case.fields.types.outbound.values())


def check_statuses(case: Case) -> Findings:
    """Statuses without counterpart, and counterparts that are gone."""
    ours = list(_statuses(case))
    there = {choice.id for choice in case.meta.statuses}
    gone = [name for name, remote in ours if remote is not None and remote not in there]
    if gone:
        yield Finding(
            "statuses",
            Severity.WARNS,
            f"{case.key} no longer has the status that {listed(gone)} should become.",
            "Choose another in the mapping.",
            case.mapping_page,
        )
    unmapped = [name for name, remote in ours if remote is None]
    yield from _without_counterpart(
        case, "statuses", unmapped, "An item there keeps its old status in Jira."
    )
    if not gone and not unmapped:
        yield fine("statuses", "Every status has its counterpart.")


def _statuses(case: Case) -> Iterator[tuple[str, str | None]]:
    """The statuses of all teams that take part, by name, each with what it becomes in Jira."""
    teams = teams_of(case.binding)
    for team in teams:
        table = (
            case.fields.statuses
            if team.pk == case.binding.team_id
            else statuses_of_team(case.binding.mapping, case.meta, team.pk)
        )
        for row in Status.objects.filter(team=team):
            shown = f"{row.name} of {team.shown_name}" if len(teams) > 1 else row.name
            yield shown, table.encode(str(row.pk))


def check_incoming(case: Case) -> Findings:
    """What Jira has that nothing here stands for, and fields of properties that are gone there."""
    meta, fields = case.meta, case.fields
    tables = ((meta.types, fields.types), (meta.statuses, fields.statuses))
    news = [it.name for offered, table in tables for it in offered if it.id not in table.inbound]
    if case.binding.direction == Direction.TWO_WAY and news:
        yield Finding(
            "new in Jira",
            Severity.WARNS,
            f"{listed(news)}: in {case.key}, and nothing here stands for it. What has it there "
            "keeps what it has here.",
            "Choose a counterpart in the mapping.",
            case.mapping_page,
        )
    gone = [key for key, it in fields.properties.items() if not meta.has(it.there)]
    names = list(Property.objects.filter(pk__in=map(int, gone)).values_list("name", flat=True))
    if names:
        yield Finding(
            "custom fields",
            Severity.WARNS,
            f"{case.key} no longer has the field that {listed(names)} stands for.",
            "Choose another in the mapping, or ask a Jira admin to put it on the screens again.",
            case.mapping_page,
        )


def _without_counterpart(case: Case, about: str, names: Sequence[str], what_then: str) -> Findings:
    if names:
        yield Finding(
            about,
            Severity.WARNS,
            f"{listed(names)}: no counterpart in Jira. {what_then}",
            "Choose one in the mapping.",
            case.mapping_page,
        )


def check_people(case: Case) -> Findings:
    """Members at work here whom Jira does not know, and accounts that are gone or inactive.

    Raises SyncError.
    """
    at_work = Member.objects.filter(
        pk__in=case.items.exclude(assignee=None).values("assignee"), left_at=None
    ).select_related("user")
    unmapped = [m.user.name for m in at_work if case.fields.users.encode(str(m.pk)) is None]
    yield from _without_counterpart(
        case, "people", unmapped, "Their items keep whoever they are assigned to in Jira."
    )
    lost = _lost_accounts(case, at_work)
    if lost:
        yield Finding(
            "people",
            Severity.WARNS,
            f"{listed(lost)}: the Jira account is inactive, or not to be found. Items assigned to "
            "them wait in the Sync inbox.",
            "Choose another account in the mapping, or ask a Jira admin to activate it.",
            case.mapping_page,
        )
    if not unmapped and not lost:
        yield fine("people", "Everybody with work here has an active Jira account.")


def _lost_accounts(case: Case, at_work: Iterable[Member]) -> list[str]:
    """Whose account is gone; those whom Jira lists as assignable need no question of their own."""
    assignable = {a.account_id for a in case.client.people.assignable(case.key) if a.active}
    return [
        member.user.name
        for member in at_work
        if (account := case.fields.users.encode(str(member.pk))) is not None
        and account not in assignable
        and not _is_active(case, account)
    ]


def _is_active(case: Case, account: str) -> bool:
    try:
        return case.client.people.get(account).active
    except Unseen:
        return False


def check_filters(case: Case) -> Findings:
    """Whether the filters of the binding let anything through.  Raises SyncError."""
    binding = case.binding
    if binding.jql:
        try:
            found = case.client.search.approximate_count(
                f"project = {jql.quote(case.key)} AND ({binding.jql})"
            )
        except Refused as error:
            yield Finding(
                "filters", Severity.BLOCKS, f"The JQL of this binding cannot be used: {error}",
                "Correct it in the rules.",
            )  # fmt: skip
            return
        if not found:
            yield Finding(
                "filters", Severity.WARNS, f"The JQL of this binding finds nothing in {case.key}.",
                "Correct it in the rules, or leave it if that is meant.",
            )  # fmt: skip
    if binding.filter_here and not case.items.exists():
        yield Finding(
            "filters", Severity.WARNS, "No item here passes the filter of this binding.",
            "Correct it in the rules, or leave it if that is meant.",
        )  # fmt: skip
