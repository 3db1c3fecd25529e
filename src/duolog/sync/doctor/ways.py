"""Whether an issue can be moved to every status that ours become, by what is known of workflows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from duolog.core.paths import reachable
from duolog.jira.exits import Exit
from duolog.jira.screens import Screens, names_of
from duolog.sync.basis.workflows import KnownWorkflow
from duolog.sync.doctor.findings import Case, Finding, Findings, Severity, either, fine, listed


def check_ways(case: Case) -> Findings:
    """Statuses that no way leads to, and screens that nothing is there for.  Raises SyncError."""
    has = {choice.id for choice in case.meta.statuses}
    goals = [goal for goal in dict.fromkeys(case.fields.statuses.outbound.values()) if goal in has]
    alike: dict[Reach, list[str]] = {}
    for kind, workflow in case.workflows.items():
        alike.setdefault(look(case, workflow, goals), []).append(case.kind_name(kind))
    found = [finding for reach, kinds in alike.items() for finding in _told(case, reach, kinds)]
    found += [
        finding
        for kind, workflow in case.workflows.items()
        for finding in _screens(case, workflow, goals, case.kind_name(kind))
    ]
    yield from found
    if not found:
        yield fine("workflow", "Every status that ours become can be reached in Jira.")


def _told(case: Case, reach: Reach, kinds: Sequence[str]) -> Findings:
    if reach.none:
        yield Finding(
            "workflow",
            Severity.WARNS,
            f"The service account has no way to move issues of type {either(kinds)} to "
            f"{listed(_names(case, reach.none))}. An item that goes there waits in the Sync inbox.",
            "Ask a Jira admin for a transition that the service account may use, or map the status "
            "to one that can be reached.",
            case.mapping_page,
        )
    elif reach.unseen:
        yield Finding(
            "workflow",
            Severity.WARNS,
            f"Nobody knows yet whether issues of type {either(kinds)} can be moved to "
            f"{listed(_names(case, reach.unseen))}: none stands where it would have to leave from.",
            "Nothing to do now: it is learnt as issues move. To be sure, move one through by hand.",
        )


def _names(case: Case, statuses: Sequence[str]) -> list[str]:
    return [choice.name for choice in case.meta.statuses if choice.id in statuses]


class Reach(NamedTuple):
    """The statuses that no way leads to, and those of which that is not known."""

    none: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


def look(case: Case, workflow: KnownWorkflow, goals: Sequence[str]) -> Reach:
    """What cannot be reached; asks Jira while that teaches anything."""
    while True:
        exits = workflow.exits()
        begins = _beginnings(case, workflow)
        reached = {s for begin in begins for s in reachable(exits, begin)[1:]} | _start(
            case, workflow
        )
        missing = tuple(goal for goal in goals if goal not in reached)
        if not missing:
            return Reach()
        if not workflow.explore(list(dict.fromkeys([*goals, *exits]))):
            break
    if workflow.unknown(list(exits)):
        return Reach(unseen=missing)
    return Reach(none=missing)


def _beginnings(case: Case, workflow: KnownWorkflow) -> Sequence[str]:
    known = [s.id for s in case.meta.statuses if not workflow.unknown([s.id])]
    return [workflow.start] if workflow.start else known


def _start(case: Case, workflow: KnownWorkflow) -> set[str]:
    """Where a new issue begins needs no way to it; until one was seen, the first to be done may."""
    if workflow.start:
        return {workflow.start}
    return {next((s.id for s in case.meta.statuses if s.sort == "new"), "")}


def _screens(case: Case, workflow: KnownWorkflow, goals: Sequence[str], kind: str) -> Findings:
    screens = Screens(case.fields.screens.outbound, case.dialect)
    steps = [step for steps in workflow.exits().values() for step in steps if step.to in goals]
    for goal in goals:
        leading = [step for step in steps if step.to == goal]
        if leading and all(screens.lacking(step, {}) for step in leading):
            yield _asks(case, leading[0], screens, kind)


def _asks(case: Case, step: Exit, screens: Screens, kind: str) -> Finding:
    return Finding(
        "screens",
        Severity.WARNS,
        f"Jira asks for {names_of(screens.lacking(step, {}))} when a {kind} moves to "
        f"{step.to_name}.",
        "Say under Transition screens in the mapping what is to be filled in.",
        case.mapping_page,
    )
