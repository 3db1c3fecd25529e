"""Requests about many issues that Jira works off later; here they are done at once.

While `bulk_seconds` have not passed, a task still counts as running.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from jirasim.site.errors import Refusal
from jirasim.site.issues import visible
from jirasim.site.model import Issue, User
from jirasim.site.outside import Task
from jirasim.site.permissions import may
from jirasim.site.state import Site

MOST_ISSUES = 1000
MOST_AT_ONCE = 5
Deed = Callable[[Issue], object]
Deeds = Sequence[tuple[str, Deed]]


def run(site: Site, actor: User, deeds: Deeds) -> Task:
    """Do something with each of the named issues that the actor sees; one failure stops no other.

    Raises Refusal when nothing may be begun.
    """
    _check(site, actor, len(deeds))
    done: list[str] = []
    failed: dict[str, tuple[str, ...]] = {}
    unseen = 0
    for name, deed in deeds:
        try:
            issue = visible(site, actor, name)
        except Refusal:
            unseen += 1
            continue
        reasons = _refused(deed, issue)
        if reasons:
            failed[issue.id] = reasons
        else:
            done.append(issue.id)
    return keep(site, actor, done, failed=failed, unseen=unseen)


def keep(
    site: Site,
    actor: User,
    done: Sequence[str],
    *,
    failed: Mapping[str, tuple[str, ...]] | None = None,
    unseen: int = 0,
    description: str = "",
) -> Task:
    """Remember a task that was worked off."""
    wrong = dict(failed or {})
    task = Task(
        id=site.next_id("task"),
        actor=actor.account_id,
        submitted=site.now(),
        total=len(done) + len(wrong) + unseen,
        processed=tuple(done),
        failed=wrong,
        unseen=unseen,
        description=description,
    )
    site.state.tasks[task.id] = task
    return task


def is_running(site: Site, task: Task) -> bool:
    """Whether a caller is still told to wait."""
    return site.now() < task.submitted + timedelta(seconds=site.state.settings.bulk_seconds)


def _check(site: Site, actor: User, count: int) -> None:
    if not may(actor, "BULK_CHANGE", None):
        raise Refusal(403, "You do not have the permission to make bulk changes.")
    if not 1 <= count <= MOST_ISSUES:
        raise Refusal(400, f"Between 1 and {MOST_ISSUES} issues are needed.")
    if sum(is_running(site, one) for one in site.state.tasks.values()) >= MOST_AT_ONCE:
        raise Refusal(400, f"No more than {MOST_AT_ONCE} bulk operations can run at once.")


def _refused(deed: Deed, issue: Issue) -> tuple[str, ...]:
    try:
        deed(issue)
    except Refusal as refusal:
        return (*refusal.messages, *refusal.fields.values())
    return ()
