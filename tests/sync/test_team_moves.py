"""Items that are moved to another team here, whose issues stay, go along or follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.builders import a_team
from helpers.crashes import at_every_effect
from helpers.interleaved import just_after
from helpers.jirasim import Jira
from helpers.killed import IS_NIGHTLY

from duolog.core.lifecycle import OnDelete
from duolog.notifications.models import Kind, Notice
from duolog.sync.binding.projects import ProjectWish, bind_project
from duolog.sync.binding.services import Rules, Wish, bind_team
from duolog.sync.engine.moves import follow_or_part, left_its_home
from duolog.sync.inbox.settling import resolve_deletion
from duolog.sync.marks import ask_to_look
from duolog.sync.models import Binding, Hold, JournalEntry, Link, LinkState
from duolog.sync.shown.queries import badge_of
from duolog.workplace.models import Reading, Team, WorkItem
from duolog.workplace.queries import list_related
from duolog.workplace.services import add_relation, move_to_team, restore_item
from duolog.workplace.services.projects import create_project
from duolog.workplace.services.trash import delete_item

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
OTHER = "LIN"
POINTS = range(1, 10_000, 1 if IS_NIGHTLY else 4)
"""The effects at which a move is crashed: by day every fourth."""


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        for issue in reversed(jira.issues(OTHER)):
            jira.delete(str(issue["id"]))
        yield bound


@pytest.fixture
def web(bound: Bound) -> Team:
    return a_team(bound.workplace, name="Web", key_prefix="WEB")


def bind_also(bound: Bound, team: Team, key: str = OTHER) -> Binding:
    binding = bind_team(bound.owner, team, Wish(bound.connection, key))
    bound.run(within=60)
    return binding


def live(item: WorkItem) -> Link:
    """The one link by which the item is kept in step."""
    return Link.objects.get(work_item=item, state=LinkState.IN_STEP)


def summaries(bound: Bound, key: str) -> list[str]:
    return sorted(issue["fields"]["summary"] for issue in bound.jira.issues(key))


def web_links(bound: Bound, link: Link) -> list[tuple[str, str]]:
    told: list[dict[str, Any]] = bound.jira.ask("GET", f"issue/{link.issue_id}/remotelink")
    return [(it["relationship"], it["object"]["url"].rpartition("/")[2]) for it in told]


def test_a_move_to_another_space_makes_one_new_issue_and_ties_the_two(
    bound: Bound, web: Team
) -> None:
    item = bound.item("Goes to the web", assignee=bound.maya)
    bound.bind()
    bind_also(bound, web)
    old = bound.link(item)
    bound.jira.edit(str(old.issue_id), duedate="2027-03-01")
    move_to_team(item.pk, web, actor=bound.me)
    bound.run(within=60)
    new = live(item)
    assert (new.moved_from, new.issue_key.split("-")[0]) == (old, OTHER)
    assert summaries(bound, OTHER) == ["Goes to the web"]
    assert bound.jira.get(str(new.issue_id))["duedate"] == "2027-03-01", "the last edit came along"
    old.refresh_from_db()
    assert old.state == LinkState.ENDED
    assert web_links(bound, old) == [("was moved to", new.issue_key)]
    assert web_links(bound, new) == [("was moved from", old.issue_key)]
    assert Notice.objects.get(kind=Kind.MOVED).member == bound.maya
    verbs = JournalEntry.objects.filter(link=old, kind="link").order_by("pk")
    assert list(verbs.values_list("verb", flat=True))[-2:] == ["parted", "tied"]

    bound.change(item, title="Edited since")
    bound.jira.edit(str(old.issue_id), duedate="2027-04-01")
    bound.run(within=60)
    assert summaries(bound, OTHER) == ["Edited since"]

    move_to_team(item.pk, bound.team, actor=bound.me)
    bound.run(within=60)
    item.refresh_from_db()
    badge = badge_of(item)
    assert badge is not None
    assert (live(item), badge.issue_key) == (old, old.issue_key), "it goes on with its first issue"
    assert len(bound.jira.issues(OTHER)) == 1
    assert bound.jira.get(str(old.issue_id))["summary"] == "Edited since"
    assert str(item.due_on) == "2027-04-01", "what happened to it meanwhile comes here"


def test_relations_go_along_to_the_new_issue_and_back(bound: Bound, web: Team) -> None:
    item, other = bound.item("Goes to the web"), bound.item("Stays")
    add_relation(item.pk, Reading.BLOCKS, other.pk, actor=bound.me)
    bound.bind()
    bind_also(bound, web)

    def look() -> list[str]:
        ask_to_look([bound.link(other).pk, live(item).pk])
        bound.run(within=60)
        told = bound.jira.get(str(live(item).issue_id))["issuelinks"]
        assert [it["outwardIssue"]["key"] for it in told] == [bound.link(other).issue_key]
        return [each.other.title for each in list_related(item)]

    move_to_team(item.pk, web, actor=bound.me)
    bound.run(within=60)
    assert look() == ["Stays"]
    add_relation(item.pk, Reading.RELATES_TO, bound.item("Comes later").pk, actor=bound.me)
    bound.run(within=60)
    move_to_team(item.pk, bound.team, actor=bound.me)
    bound.run(within=60)
    ask_to_look(Link.objects.exclude(state=LinkState.ENDED).values_list("pk", flat=True))
    bound.run(within=60)
    assert [each.other.title for each in list_related(item)] == ["Stays", "Comes later"]
    assert len(bound.jira.get(str(live(item).issue_id))["issuelinks"]) == 2


def test_where_nothing_is_bound_the_link_ends_until_it_comes_back(bound: Bound, web: Team) -> None:
    item = bound.item("Leaves Jira")
    bound.bind()
    link = bound.link(item)
    move_to_team(item.pk, web, actor=bound.me)
    bound.run(within=60)
    link.refresh_from_db()
    assert link.state == LinkState.ENDED
    assert bound.jira.get(str(link.issue_id))["summary"] == "Leaves Jira"
    move_to_team(item.pk, bound.team, {"title": "Is back"}, actor=bound.me)
    bound.run(within=60)
    assert live(item) == link
    assert bound.jira.get(str(link.issue_id))["summary"] == "Is back"
    assert len(bound.jira.issues(bound.jira.project_key)) == 1


@pytest.mark.parametrize("is_sent_before", [True, False], ids=["joins", "is sent"])
def test_back_in_the_space_by_way_of_a_project_it_goes_on_with_its_issue(
    bound: Bound, web: Team, is_sent_before: bool
) -> None:
    item = bound.item("Leaves and joins")
    bound.bind()
    link = bound.link(item)
    project = create_project(bound.workplace, "Autumn release", actor=bound.me)
    wish = ProjectWish(bound.connection, bound.jira.project_key)
    if is_sent_before:
        bind_project(bound.owner, project, wish)
    move_to_team(item.pk, web, actor=bound.me)
    bound.run(within=60)
    link.refresh_from_db()
    assert link.state == LinkState.ENDED
    bound.change(item, project=project, title="Is back")
    if not is_sent_before:
        bind_project(bound.owner, project, wish)
    bound.run(within=60)
    assert live(item) == link
    assert summaries(bound, bound.jira.project_key) == ["Autumn release", "Is back"]
    assert badge_of(item).state == "in_step"


def test_in_the_same_space_the_issue_goes_on_under_the_new_mapping(bound: Bound, web: Team) -> None:
    item = bound.item("Stays there", status="In progress")
    bound.bind()
    binding = bind_also(bound, web, bound.jira.project_key)
    link = bound.link(item)
    count = len(bound.jira.issues(bound.jira.project_key))
    writes = JournalEntry.objects.filter(kind="field").count()
    move_to_team(item.pk, web, actor=bound.me)
    bound.run(within=60)
    assert (live(item), live(item).binding) == (link, binding)
    assert JournalEntry.objects.filter(kind="field").count() == writes, "no value was written"
    bound.change(item, status="Done")
    bound.run(within=60)
    there = bound.jira.get(str(link.issue_id))["status"]
    assert there["statusCategory"]["key"] == "done"
    assert len(bound.jira.issues(bound.jira.project_key)) == count


def test_moved_within_the_space_while_its_issue_is_made_it_keeps_that_issue(
    bound: Bound, web: Team
) -> None:
    bound.bind()
    binding = bind_also(bound, web, bound.jira.project_key)
    item = bound.item("Moved while it was made")
    move = partial(move_to_team, item.pk, web, actor=bound.me)
    with just_after("POST", "/issue/bulk", move):
        bound.run(within=60)
    assert Link.objects.get(work_item=item).binding == binding
    assert live(item).issue_key == bound.jira.issues(bound.jira.project_key)[-1]["key"]
    assert summaries(bound, bound.jira.project_key) == ["Moved while it was made"]


def test_a_move_while_the_old_issue_is_gone_makes_the_new_one(bound: Bound, web: Team) -> None:
    item = bound.item("Was deleted there")
    bound.bind()
    bind_also(bound, web)
    bound.jira.delete(str(bound.link(item).issue_id))
    move_to_team(item.pk, web, actor=bound.me)
    bound.run(within=60)
    assert live(item).issue_key.startswith(OTHER)
    item.refresh_from_db()
    assert item.deleted_at is None


def test_a_lost_answer_makes_no_second_issue(bound: Bound, web: Team) -> None:
    item = bound.item("Once")
    bound.bind()
    bind_also(bound, web)
    lost = {"match": {"path": "*/issue/bulk", "nth": 1}, "fault": "cut_after"}
    bound.jira.sim("POST", "faults", [lost])
    move_to_team(item.pk, web, actor=bound.me)
    bound.run(within=300)
    assert summaries(bound, OTHER) == ["Once"]
    assert web_links(bound, live(item)) == [
        ("was moved from", bound.link(item).moved_from.issue_key)
    ]


def test_a_crash_at_every_effect_of_a_move(bound: Bound, web: Team) -> None:
    bound.bind()
    bind_also(bound, web)

    def prepare(effect: int) -> Callable[[], object]:
        item = bound.item(f"Moves at {effect:03}")
        bound.run()
        return lambda: (move_to_team(item.pk, web, actor=bound.me), bound.run())

    def check(effect: int) -> None:
        item = WorkItem.objects.get(title=f"Moves at {effect:03}")
        if item.team != web:  # the crash came before the move itself
            return
        assert summaries(bound, OTHER).count(item.title) == 1
        new = live(item)
        assert new.moved_from is not None
        assert web_links(bound, new) == [("was moved from", new.moved_from.issue_key)]
        assert web_links(bound, new.moved_from) == [("was moved to", new.issue_key)]

    assert at_every_effect(bound, prepare, check, POINTS) > 20


def test_an_item_back_from_the_trash_goes_on_with_its_issue(bound: Bound) -> None:
    item = bound.item("Comes back")
    binding = bound.bind()
    link = bound.link(item)
    Binding.objects.filter(pk=binding.pk).update(on_delete_jira="unlink")
    delete_item(item.pk, actor=bound.me)
    bound.run(within=60)
    restore_item(item.pk, actor=bound.me)
    bound.change(item, title="Is back")
    bound.run(within=60)
    assert live(item) == link
    assert bound.jira.get(str(link.issue_id))["summary"] == "Is back"


def test_an_item_back_from_the_trash_whose_issue_went_meanwhile_is_asked_about(
    bound: Bound,
) -> None:
    item = bound.item("In the trash")
    bound.bind(Rules(on_delete_jira=OnDelete.UNLINK, on_delete_here=OnDelete.DELETE))
    link = bound.link(item)
    delete_item(item.pk, actor=bound.me)
    bound.run(within=60)
    bound.jira.delete(str(link.issue_id))
    bound.run(within=60)
    restore_item(item.pk, actor=bound.me)
    bound.run(within=60)
    item.refresh_from_db()
    assert item.deleted_at is None
    resolve_deletion(bound.owner, Hold.objects.get(released_at=None), "restore")
    bound.run(within=60)
    assert summaries(bound, bound.jira.project_key) == ["In the trash"]
    assert live(item) != link


def test_an_item_back_from_the_trash_whose_issue_was_deleted_gets_a_new_one(bound: Bound) -> None:
    item = bound.item("Comes back")
    for number in range(6):
        bound.item(f"Stays {number}")
    binding = bound.bind()
    link = bound.link(item)
    Binding.objects.filter(pk=binding.pk).update(on_delete_jira="delete", on_delete_here="delete")
    delete_item(item.pk, actor=bound.me)
    bound.run(within=60)
    assert bound.jira.find(str(link.issue_id)) is None
    restore_item(item.pk, actor=bound.me)
    bound.run(within=60)
    item.refresh_from_db()
    assert item.deleted_at is None
    assert live(item) != link
    assert summaries(bound, bound.jira.project_key).count("Comes back") == 1


def test_sub_tasks_go_along_below_the_new_issue(bound: Bound, web: Team) -> None:
    item = bound.item("Whole")
    parts = [bound.item(f"Part {number}", type="sub_task", parent=item) for number in range(3)]
    bound.bind()
    bind_also(bound, web)
    move_to_team(item.pk, web, actor=bound.me)
    bound.run(within=300)
    assert summaries(bound, OTHER) == ["Part 0", "Part 1", "Part 2", "Whole"]
    for part in parts:
        part.refresh_from_db()
        assert (part.team, part.parent) == (web, item)
        there = bound.jira.get(str(live(part).issue_id))
        assert there["parent"]["id"] == live(item).issue_id


def test_a_sub_task_that_is_looked_at_first_waits_for_its_parent(bound: Bound, web: Team) -> None:
    item = bound.item("Whole")
    part = bound.item("Part", type="sub_task", parent=item)
    bound.bind()
    bind_also(bound, web)
    move_to_team(item.pk, web, actor=bound.me)
    part.refresh_from_db()
    link = bound.link(part)
    assert left_its_home(link, part), "it is noticed"
    assert not follow_or_part(link), "but its parent has not gone yet"
    bound.run(within=300)
    there = bound.jira.get(str(live(part).issue_id))
    assert there["parent"]["id"] == live(item).issue_id
    assert summaries(bound, OTHER) == ["Part", "Whole"]


def test_who_stays_behind_keeps_its_parent_here(bound: Bound, web: Team) -> None:
    epic = bound.item("Epic", type="epic")
    child = bound.item("Child", parent=epic)
    bound.bind()
    bind_also(bound, web)
    move_to_team(epic.pk, web, actor=bound.me)
    bound.run(within=120)
    child.refresh_from_db()
    assert child.parent == epic
    assert live(epic).issue_key.startswith(OTHER)
    assert bound.link(child).state in ("in_step", "differs"), bound.link(child).reason
    move_to_team(child.pk, web, actor=bound.me)
    bound.run(within=120)
    child.refresh_from_db()
    assert (child.parent, summaries(bound, OTHER)) == (epic, ["Child", "Epic"])
    assert live(child).issue_key.startswith(OTHER)
