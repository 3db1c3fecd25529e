"""Made here, its answer lost, deleted here: then it goes from Jira too, however late it comes there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from helpers import filed, worklogs
from helpers.bound import Bound, a_bound_team
from helpers.crashes import at_every_effect
from helpers.filed import LONG
from helpers.interleaved import just_after
from helpers.jirasim import Jira
from helpers.killed import STEP

from duolog.connections.traffic import listening
from duolog.jira.call import Call
from duolog.jira.transport import CallMade
from duolog.sync.models import ChildLink
from duolog.work.clock import shifted
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.queries import list_worklogs
from duolog.worklogs.services import delete_worklog, log_time
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services import delete_attachment
from duolog.workplace.services.comments import add_comment, delete_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG_RUN = 30.0


@dataclass(frozen=True)
class Kind:
    """How a child of one kind is made here, deleted here, and counted on both sides."""

    path: str
    make: Callable[[Bound, WorkItem], Any]
    delete: Callable[[Bound, Any], object]
    here: Callable[[WorkItem], int]
    there: Callable[[Bound, str], int]


COMMENT = Kind(
    "comment",
    lambda bound, item: add_comment(item.pk, "Said in haste", actor=bound.me),
    lambda bound, made: delete_comment(made.pk, actor=bound.me),
    lambda item: Comment.objects.filter(work_item=item, deleted_at=None).count(),
    lambda bound, issue: len(bound.jira.comments(issue)),
)
FILE = Kind(
    "attachments",
    filed.put,
    lambda bound, made: delete_attachment(made.pk, actor=bound.me),
    lambda item: len(filed.here(item)),
    lambda bound, issue: len(bound.jira.files(issue)),
)
TIME = Kind(
    "worklog",
    lambda bound, item: log_time(item.pk, NewWorklog(started=NINE, seconds=60), actor=bound.me),
    lambda bound, made: delete_worklog(made.pk, actor=bound.me),
    lambda item: len(list_worklogs(item)),
    lambda bound, issue: len(worklogs.there(bound, issue)),
)
KINDS = [
    pytest.param(COMMENT, id="comment"),
    pytest.param(FILE, id="file"),
    pytest.param(TIME, id="worklog"),
]


@pytest.fixture
def bound(jira: Jira, settings: Any, tmp_path: Any) -> Iterator[Bound]:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    with a_bound_team(jira) as bound:
        yield bound


def made_and_deleted(bound: Bound, item: WorkItem, kind: Kind, fault: str) -> Call:
    """What was sent to make it; the answer is lost, and it is deleted here before the next look."""
    sent: list[Call] = []

    def on_call(_connection: int, made: CallMade) -> None:
        if made.call.method == "POST" and made.call.path.endswith(kind.path):
            sent.append(made.call)

    match = {"method": "POST", "path": f"*/{kind.path}"}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": fault}])
    child = kind.make(bound, item)
    with listening(on_call):
        bound.run()
    kind.delete(bound, child)
    [call] = sent
    return call


def land(bound: Bound, issue: str, call: Call) -> None:
    """The request that was lost arrives after all."""
    if call.upload is None:
        path = call.path.removeprefix(f"{bound.jira.rest}/")
        bound.jira.ask("POST", path, call.body, by=bound.jira.service)
    else:
        bound.jira.attach(issue, call.upload.name, filed.PNG, by=bound.jira.service)


def is_gone(bound: Bound, item: WorkItem, issue: str, *kinds: Kind) -> bool:
    bound.run(within=LONG)
    bound.poll()
    assert all((kind.here(item), kind.there(bound, issue)) == (0, 0) for kind in kinds)
    assert bound.link(item).state == "in_step"
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_what_came_is_deleted_there(bound: Bound, kind: Kind) -> None:
    item, issue = filed.linked(bound)
    made_and_deleted(bound, item, kind, "cut_after")
    assert is_gone(bound, item, issue, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_late_is_deleted_there(bound: Bound, kind: Kind) -> None:
    item, issue = filed.linked(bound)
    call = made_and_deleted(bound, item, kind, "cut_before")
    bound.run(within=3)
    assert kind.there(bound, issue) == 0
    land(bound, issue, call)
    assert is_gone(bound, item, issue, kind)


def test_what_is_lost_late_in_a_long_run_is_waited_for_as_long(bound: Bound) -> None:
    item, issue = filed.linked(bound)
    for number in (1, 2):
        add_comment(item.pk, f"Said {number}", actor=bound.me)
    sent: list[Call] = []

    def on_call(_connection: int, made: CallMade) -> None:
        if made.call.method == "POST" and made.call.path.endswith("comment"):
            sent.append(made.call)

    match = {"method": "POST", "path": "*/comment", "nth": 2}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": "cut_before"}])
    with contextlib.ExitStack() as later, listening(on_call):
        with just_after("POST", "/comment", lambda: later.enter_context(shifted(LONG_RUN))):
            bound.run()
        bound.run(within=3)
        assert len(bound.jira.comments(issue)) == 1
        land(bound, issue, sent[1])
        bound.run(within=LONG)
        assert len(bound.jira.comments(issue)) == 2


def test_what_never_comes_is_looked_for_only_for_a_while(bound: Bound) -> None:
    item, issue = filed.linked(bound)
    made_and_deleted(bound, item, COMMENT, "cut_before")
    assert is_gone(bound, item, issue, COMMENT)
    assert not ChildLink.objects.exclude(tried_at=None).exists()
    bound.jira.reset()
    bound.run(within=LONG)
    assert bound.jira.calls() == {}
    bound.jira.comment(issue, "Said by another")
    bound.poll()
    assert COMMENT.here(item) == 1


def test_a_file_that_another_attached_meanwhile_is_theirs(bound: Bound) -> None:
    item, issue = filed.linked(bound)
    made_and_deleted(bound, item, FILE, "cut_before")
    bound.jira.attach(issue, "shot.png", filed.PNG)
    bound.run(within=LONG)
    bound.poll()
    assert (FILE.here(item), FILE.there(bound, issue)) == (1, 1)


def test_deleted_after_a_crash_at_any_effect_nothing_comes_back(bound: Bound) -> None:
    item, issue = filed.linked(bound)
    kinds = (COMMENT, FILE, TIME)
    made: list[Any] = []

    def work(_: int) -> Callable[[], object]:
        made[:] = [kind.make(bound, item) for kind in kinds]
        return bound.run

    def delete() -> None:
        for kind, child in zip(kinds, made, strict=True):
            kind.delete(bound, child)

    def check(_: int) -> None:
        assert is_gone(bound, item, issue, *kinds)

    points = range(1, 1_000, STEP)
    assert at_every_effect(bound, work, check, points, meanwhile=delete) > 5
