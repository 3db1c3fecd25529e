"""A crash at every effect of what the engine does: nothing is lost, nothing exists twice.

The path of three transitions is in `test_walking.py`, kills of a real process in `test_kill.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from helpers.bound import Bound
from helpers.crashes import ANSWER, LONGEST_LAG, at_every_effect, crashing_at, effects_of
from helpers.held import held_here, held_there
from helpers.killed import IS_NIGHTLY

from duolog.core.lifecycle import OnDelete
from duolog.sync.binding.services import Rules, Wish, bind_team, sweep_now, unbind
from duolog.sync.models import ChildLink, Conflict, JournalEntry, Link, LinkState
from duolog.workplace.models import WorkItem
from duolog.workplace.services.comments import add_comment
from duolog.workplace.services.trash import delete_item

pytestmark = [
    pytest.mark.both_deployments,
    pytest.mark.timeout(900),
    pytest.mark.django_db(transaction=True),
]
FOLLOW = Rules(on_delete_jira=OnDelete.DELETE, on_delete_here=OnDelete.DELETE)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""When what was deleted does not count for the guard against mass deletion."""
OTHERS = 3
SENT = 200 if IS_NIGHTLY else 8
BY_DAY = 3
"""Of a send's effects next to an answer each third is crashed at by day."""


def assert_the_same(bound: Bound, item: WorkItem) -> None:
    """One issue for the item, and it holds what the item holds."""
    item.refresh_from_db()
    found = [i for i in bound.jira.issues(bound.jira.project_key) if item.title in str(i)]
    assert len(found) == 1, f"{item.title} is {len(found)} times in Jira"
    assert held_here(item) == held_there(found[0])
    link = bound.link(item)
    assert Link.objects.filter(work_item=item).count() == 1
    assert link.state == LinkState.IN_STEP, link.reason
    children = ChildLink.objects.filter(link=link).exclude(state="ended")
    assert not children.filter(remote_id=None).exists()
    assert not Conflict.objects.exists()


def test_a_create_with_everything_on_it(bound: Bound) -> None:
    epic = bound.item("The epic", type="epic")
    bound.bind()

    def prepare(effect: int) -> Callable[[], object]:
        item = bound.item(f"Born at {effect:03}", status="Done", labels=["a"], parent=epic)
        add_comment(item.pk, "One", actor=bound.me)
        add_comment(item.pk, "Two", actor=bound.me)
        return bound.run

    def check(effect: int) -> None:
        assert_the_same(bound, WorkItem.objects.get(title=f"Born at {effect:03}"))

    assert at_every_effect(bound, prepare, check) > 20


def test_an_edit_on_both_sides(bound: Bound) -> None:
    item = bound.item("Edited 000")
    bound.bind()
    issue = str(bound.link(item).issue_id)

    def prepare(effect: int) -> Callable[[], object]:
        status = "Done" if effect % 2 else "To do"
        bound.change(item, title=f"Edited {effect:03}", status=status, labels=[f"n{effect}"])
        add_comment(item.pk, f"Here {effect}", actor=bound.me)
        bound.jira.edit(issue, duedate=f"2027-{effect % 12 + 1:02d}-01")
        bound.jira.comment(issue, f"There {effect}")
        return bound.poll

    def check(effect: int) -> None:
        bound.poll()
        assert_the_same(bound, item)

    assert at_every_effect(bound, prepare, check) > 20


@pytest.mark.parametrize("here", [True, False], ids=["here", "in Jira"])
def test_a_delete(bound: Bound, here: bool) -> None:
    for number in range(OTHERS):
        bound.item(f"Stays {number}")
    bound.bind(FOLLOW)

    def prepare(effect: int) -> Callable[[], object]:
        item = bound.item(f"Deleted at {effect:03}")
        bound.run()
        if here:
            delete_item(item.pk, actor=bound.me)
            return bound.run
        bound.jira.delete(str(bound.link(item).issue_id))
        return lambda: (sweep_now(bound.owner, bound.binding), bound.run())

    def check(effect: int) -> None:
        item = WorkItem.objects.get(title=f"Deleted at {effect:03}")
        if not here:
            sweep_now(bound.owner, bound.binding)
            bound.run(within=LONGEST_LAG)
            item.refresh_from_db()
        assert item.deleted_at is not None
        assert bound.link(item).state == LinkState.ENDED, bound.link(item).reason
        assert len(bound.jira.issues(bound.jira.project_key)) == OTHERS
        JournalEntry.objects.filter(verb="deleted").update(at=LONG_AGO)

    assert at_every_effect(bound, prepare, check) > 5


def test_a_send_of_a_whole_project(bound: Bound) -> None:
    def prepare() -> Callable[[], object]:
        bound.jira.new_project()
        Link.objects.all().delete()
        WorkItem.objects.all().delete()
        epic = bound.item("Epic", type="epic")
        for number in range(1, SENT):
            bound.item(f"Item {number:03}", parent=epic)
        bound.run()
        wish = Wish(bound.connection, bound.jira.project_key, Rules())
        bound.binding = bind_team(bound.owner, bound.team, wish)
        return bound.run

    def check() -> None:
        titles = Counter(i["fields"]["summary"] for i in bound.jira.issues(bound.jira.project_key))
        assert set(titles.values()) == {1}, titles.most_common(3)
        assert len(titles) == SENT
        assert Link.objects.filter(state=LinkState.IN_STEP).count() == SENT
        assert WorkItem.objects.count() == SENT
        assert bound.binding is not None
        unbind(bound.owner, bound.binding)
        bound.run()

    effects = effects_of(prepare())
    check()
    answers = {n + next_ for n, kind in enumerate(effects, 1) if kind == ANSWER for next_ in (0, 1)}
    points = range(1, len(effects) + 1) if IS_NIGHTLY else sorted(answers)[::BY_DAY]
    for effect in points:
        work = prepare()
        crashing_at(effect, work)
        bound.run(within=LONGEST_LAG)
        check()
