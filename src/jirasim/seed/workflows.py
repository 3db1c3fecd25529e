"""The workflows of the seed: Cloud's simplified one, a line, Jira's classic, and a guarded one."""

from collections.abc import Mapping

from jirasim.site import catalog
from jirasim.site.model import Status
from jirasim.site.permissions import ADMINISTRATOR
from jirasim.site.workflow import Condition, Screen, Transition, Validator, Who, Workflow

OPEN, IN_PROGRESS, REVIEW, REOPENED, RESOLVED, CLOSED = "1", "3", "10002", "4", "5", "6"
FLOW_STATUSES = (
    Status(OPEN, "Open", catalog.TO_DO, "Ready for somebody to start work on it."),
    Status(REOPENED, "Reopened", catalog.TO_DO, "Once thought to be done, and was not."),
    Status(RESOLVED, "Resolved", catalog.DONE, "Done, and waiting to be looked at."),
    Status(CLOSED, "Closed", catalog.DONE, "Done, and looked at."),
)
FIXED = "10000"
RESOLVING = Screen(fields=("resolution",), required=frozenset({"resolution"}))
RESOLVE_SCREEN = Screen(
    fields=("resolution", "assignee", catalog.ACCEPTANCE), required=frozenset({"resolution"})
)
REVIEW_SCREEN = Screen(
    fields=("assignee", catalog.REFERENCE, "comment"), required=frozenset({catalog.REFERENCE})
)
REASON_SCREEN = Screen(fields=("comment",), required=frozenset({"comment"}))
CLOSERS = Condition(Who.PERMISSION, "CLOSE_ISSUES")
ADMINISTRATORS = Condition(Who.ROLE, ADMINISTRATOR)
UNFINISHED = frozenset({OPEN, IN_PROGRESS, REOPENED})


def linear() -> Workflow:
    """Step by step, a screen before the end, and a status that nothing leaves."""
    to_do, doing, review, done, cancelled = "10001", "3", "10002", "10003", "10004"

    def step(number: str, name: str, source: str, target: str) -> Transition:
        return Transition(number, name, target, frozenset({source}))

    start = Transition("11", "Start", doing, frozenset({to_do}), event="issue_work_started")
    finish = Transition(
        "31", "Finish", done, frozenset({review}), screen=RESOLVING, event="issue_resolved"
    )
    cancel = Transition(
        "51", "Cancel", cancelled, frozenset({to_do}), resolution="10001", event="issue_closed"
    )
    arrows = (
        start,
        step("21", "Send to review", doing, review),
        finish,
        step("41", "Rework", review, doing),
        cancel,
    )
    statuses = (to_do, doing, review, done, cancelled)
    return Workflow("Line by Line", to_do, statuses, arrows, "10002")


def flows() -> Mapping[str, Workflow]:
    """Of the project FLOW: bugs go the classic way, tasks the guarded one."""
    return {catalog.BUG.id: classic(), catalog.TASK.id: guarded()}


def classic() -> Workflow:
    """The workflow that Server has had since ever, under its own ids."""
    arrows = (
        Transition(
            "4",
            "Start Progress",
            IN_PROGRESS,
            frozenset({OPEN, REOPENED}),
            conditions=(Condition(Who.ASSIGNEE),),
            clears_resolution=True,
            event="issue_work_started",
        ),
        Transition("301", "Stop Progress", OPEN, frozenset({IN_PROGRESS}), clears_resolution=True),
        Transition(
            "5",
            "Resolve Issue",
            RESOLVED,
            UNFINISHED,
            RESOLVE_SCREEN,
            conditions=(Condition(Who.PERMISSION, "RESOLVE_ISSUES"),),
            event="issue_resolved",
        ),
        Transition(
            "2",
            "Close Issue",
            CLOSED,
            UNFINISHED,
            RESOLVE_SCREEN,
            conditions=(CLOSERS,),
            event="issue_closed",
        ),
        Transition(
            "701",
            "Close Issue",
            CLOSED,
            frozenset({RESOLVED}),
            conditions=(CLOSERS,),
            event="issue_closed",
        ),
        Transition(
            "3",
            "Reopen Issue",
            REOPENED,
            frozenset({RESOLVED, CLOSED}),
            clears_resolution=True,
            event="issue_reopened",
        ),
    )
    statuses = (OPEN, IN_PROGRESS, RESOLVED, REOPENED, CLOSED)
    return Workflow("jira", OPEN, statuses, arrows, "10004")


def guarded() -> Workflow:
    """Every way in which an arrow can be refused or do more than change the status."""
    reference = Validator(catalog.REFERENCE, "A review needs a ticket reference.")
    assigned = Validator("assignee", "Somebody must be assigned before work starts.")
    arrows = (
        Transition("11", "Start", IN_PROGRESS, frozenset({OPEN}), validators=(assigned,)),
        Transition(
            "21", "Send to review", REVIEW, frozenset({IN_PROGRESS}), validators=(reference,)
        ),
        Transition("22", "Send to review", REVIEW, frozenset({IN_PROGRESS}), REVIEW_SCREEN),
        Transition(
            "31",
            "Approve",
            CLOSED,
            frozenset({REVIEW}),
            resolution=FIXED,
            conditions=(ADMINISTRATORS,),
        ),
        Transition("41", "Reject", IN_PROGRESS, frozenset({REVIEW}), REASON_SCREEN),
        Transition("51", "Give up", CLOSED, resolution="10001", conditions=(CLOSERS,)),
        Transition("61", "Remind", "", screen=REASON_SCREEN, looped=True),
        Transition("71", "Reopen", OPEN, frozenset({CLOSED}), clears_resolution=True),
        Transition("81", "Archive", CLOSED, frozenset({OPEN}), remote_only=True, resolution=FIXED),
    )
    statuses = (OPEN, IN_PROGRESS, REVIEW, CLOSED)
    return Workflow("Guarded", OPEN, statuses, arrows, "10005")
