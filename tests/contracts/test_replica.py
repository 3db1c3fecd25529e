"""What every replica promises, asked of a fake, of our side and of both simulated Jiras."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from helpers.bound import a_bound_team
from helpers.jirasim import Jira, running_jirasim

from duolog.core import fields as slots
from duolog.core.errors import Gone, Refused, Retryable, SyncError, Unseen
from duolog.core.fields import foreign_id, label_slot, only_here, only_there
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Side, Slot, Snapshot, Value
from duolog.jira.replica import RemoteReplica
from duolog.sync.basis.ground import Ground
from duolog.sync.engine.in_step import whole_link
from duolog.sync.link.children import LinkGround
from duolog.sync.local.replica import LocalReplica
from duolog.sync.models import ChildLink
from duolog.workplace.actors import Actor
from duolog.workplace.models import Cause
from duolog.workplace.services.comments import add_comment
from duolog.workplace.services.trash import delete_item

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
LABEL = label_slot("storage")


class FakeReplica:
    """A replica in memory, as tests of the engine may use it."""

    def __init__(self, held: dict[Slot, Value]) -> None:
        self.held = held
        self.is_gone = False
        self.fails_after: int | None = None

    def observe(self) -> Snapshot:
        if self.is_gone:
            raise Gone("It was deleted.")
        return dict(self.held)

    def write(self, changes: Sequence[Change]) -> Written:
        written = Written()
        for count, change in enumerate(changes):
            if count == self.fails_after:
                return Written(written.applied, written.refused, Retryable("Cut off."))
            if foreign_id(change.value) is not None:
                written.refused[change.slot] = Refused("Nothing here stands for it.")
                continue
            self.held[change.slot] = change.value
            if change.value is ABSENT:
                del self.held[change.slot]
            written.applied[change.slot] = change.value
        return written


@dataclass
class Subject:
    """A replica under test, and what only its own side can do to it."""

    side: Side
    observe: Callable[[], Snapshot]
    write: Callable[[Sequence[Change]], Written]
    comment: Slot
    status: str
    foreign: str
    delete: Callable[[], None]
    interrupt: Callable[[], None] | None

    def set(self, **values: Value) -> list[Change]:
        """Changes of fields, as they would be decided now."""
        held = self.observe()
        found = {Slot("field", key): value for key, value in values.items()}
        return [Change(self.side, s, value, held.get(s, ABSENT)) for s, value in found.items()]


def a_fake() -> Subject:
    comment = slots.comment_slot(1)
    fields: dict[Slot, Value] = dict.fromkeys(slots.FIELDS)
    fake = FakeReplica({**fields, slots.TITLE: "As it was", LABEL: "storage", comment: "Said"})

    def vanish() -> None:
        fake.is_gone = True

    def interrupt() -> None:
        fake.fails_after = 1

    foreign = only_there("x")
    return Subject(Side.LOCAL, fake.observe, fake.write, comment, "2", foreign, vanish, interrupt)


@pytest.fixture(scope="module")
def cloud() -> Iterator[Jira]:
    with running_jirasim() as jira:
        yield jira


@pytest.fixture(scope="module")
def server() -> Iterator[Jira]:
    with running_jirasim("--deployment", "server") as jira:
        yield jira


@pytest.fixture(params=["a fake", "our side", "a simulated Cloud", "a simulated Server"])
def subject(
    request: pytest.FixtureRequest, cloud: Jira, server: Jira, settings: Any
) -> Iterator[Subject]:
    """One work item in step with its issue, seen as each kind of replica."""
    if request.param == "a fake":
        yield a_fake()
        return
    settings.ALLOW_PRIVATE_HOSTS = True
    simulator = server if "Server" in request.param else cloud
    with a_bound_team(simulator) as bound:
        item = bound.item("As it was", labels=["storage"])
        add_comment(item.pk, "Said", actor=bound.me)
        bound.bind()
        link = whole_link(bound.link(item).pk)
        ground = Ground(link.binding)
        around = LinkGround(ground, link)
        comment = slots.comment_slot(ChildLink.objects.get(link=link).pk)
        status = str(bound.team.statuses.get(name="Done").pk)
        if request.param == "our side":
            local = LocalReplica(ground, around, link)

            def write(changes: Sequence[Change]) -> Written:
                with transaction.atomic():
                    return local.write(changes, actor=Actor(None, "Jira", Cause.SYNC))

            yield Subject(
                Side.LOCAL, local.observe, write, comment, status, only_there("x"),
                lambda: delete_item(item.pk, actor=bound.me) and None, None,
            )  # fmt: skip
            return
        remote = RemoteReplica(ground.client, str(link.issue_id), around)
        fault = {"match": {"method": "POST", "path": "*/transitions"}, "fault": "cut_before"}
        yield Subject(
            Side.REMOTE, remote.observe, remote.write, comment, status, only_here("9"),
            lambda: simulator.delete(str(link.issue_id)),
            lambda: simulator.sim("POST", "faults", [fault]),
        )  # fmt: skip


def test_it_shows_all_that_it_holds(subject: Subject) -> None:
    held = subject.observe()
    assert set(slots.FIELDS) <= set(held)
    assert (held[slots.TITLE], held[LABEL], held[subject.comment]) == (
        "As it was",
        "storage",
        "Said",
    )


def test_what_is_written_is_seen_and_the_rest_stays(subject: Subject) -> None:
    before = dict(subject.observe())
    changes = subject.set(title="As it is", due_on="2027-02-03", status=subject.status)
    written = subject.write(changes)
    assert written.interrupted is None
    assert written.applied == {change.slot: change.value for change in changes}
    assert subject.observe() == {**before, **written.applied}


def test_a_comment_and_a_label_can_be_changed_and_deleted(subject: Subject) -> None:
    new = label_slot("new")
    subject.observe()
    subject.write(
        [
            Change(subject.side, new, "new", ABSENT),
            Change(subject.side, LABEL, ABSENT, "storage"),
            Change(subject.side, subject.comment, "Said better", "Said"),
        ]
    )
    held = subject.observe()
    assert (held.get(new), held.get(LABEL), held[subject.comment]) == ("new", None, "Said better")
    subject.write([Change(subject.side, subject.comment, ABSENT, "Said better")])
    assert subject.comment not in subject.observe()


def test_a_foreign_value_is_refused_and_the_others_land(subject: Subject) -> None:
    written = subject.write(subject.set(assignee=subject.foreign, title="As it is"))
    assert set(written.refused) == {slots.ASSIGNEE}
    assert written.applied == {slots.TITLE: "As it is"}
    held = subject.observe()
    assert (held[slots.ASSIGNEE], held[slots.TITLE]) == (None, "As it is")


def test_an_interruption_tells_what_landed_before_it(subject: Subject) -> None:
    if subject.interrupt is None:
        pytest.skip("our side writes in one transaction, which nothing interrupts")
    changes = subject.set(title="As it is", status=subject.status)
    status = subject.observe()[slots.STATUS]
    subject.interrupt()
    written = subject.write(changes)
    assert isinstance(written.interrupted, SyncError)
    assert written.applied == {slots.TITLE: "As it is"}
    held = subject.observe()
    assert (held[slots.TITLE], held[slots.STATUS]) == ("As it is", status)


def test_what_was_deleted_is_not_seen_as_empty(subject: Subject) -> None:
    subject.delete()
    with pytest.raises((Gone, Unseen)):
        subject.observe()
