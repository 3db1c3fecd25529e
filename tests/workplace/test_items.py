"""Work items: created once per number, changed only where they differ, told to whom it concerns."""

from __future__ import annotations

from datetime import date

import pytest
from helpers.builders import FROM_JIRA, a_member, a_team, a_workplace, an_item, the_owner

from duolog.notifications.models import Kind, Notice
from duolog.people.errors import Invalid, NotFound, Stale
from duolog.work.models import Work
from duolog.workplace import services
from duolog.workplace.actors import Actor
from duolog.workplace.models import Activity, Cause, WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def item() -> WorkItem:
    return an_item(title="Retry the webhook")


@pytest.fixture
def actor(item: WorkItem) -> Actor:
    return Actor.of(a_member(item.team.workplace, name="Ann Lee"))


def wants(item: WorkItem) -> int:
    """How often *item N changed* has been asked for."""
    return Work.objects.get(kind="item", key=str(item.pk)).want


def lines_of(item: WorkItem) -> list[tuple[str, str, str, str]]:
    return list(
        Activity.objects.filter(work_item=item).values_list("verb", "field", "before", "after")
    )


def test_a_new_item_has_the_next_key_and_the_first_status_to_do() -> None:
    team = a_team()
    first, second = an_item(team), an_item(team)
    assert [first.key, second.key] == ["PLAT-1", "PLAT-2"]
    assert second.status.name == "To do"
    assert second.reporter == the_owner(team.workplace)
    assert second.rank > first.rank
    assert (second.version, wants(second)) == (1, 1)
    assert lines_of(second) == [("created", "", "", "Mend it")]


def test_a_new_item_takes_every_field() -> None:
    team = a_team()
    ann = a_member(team.workplace)
    parent = an_item(team)
    project = services.create_project(team.workplace, "Checkout", actor=Actor.of(ann))
    made = an_item(
        team,
        title="Whole",
        description="Text",
        type="bug",
        status="in progress",
        priority="high",
        assignee=ann.pk,
        reporter=ann,
        labels=["b", "a", "a"],
        due_on="2026-12-01",
        start_on=date(2026, 11, 1),
        estimate_seconds=3600,
        parent=parent,
        project=project.pk,
    )
    made = WorkItem.objects.select_related("status").get(pk=made.pk)
    assert (made.type, made.status.name, made.priority) == ("bug", "In progress", "high")
    assert (made.assignee, made.reporter, made.parent, made.project) == (ann, ann, parent, project)
    assert (made.due_on, made.start_on) == (date(2026, 12, 1), date(2026, 11, 1))
    assert (made.description, made.estimate_seconds) == ("Text", 3600)
    assert [label.name for label in made.labels.all()] == ["a", "b"]


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        pytest.param({"title": "New"}, "Retry the webhook", "New", id="the title"),
        pytest.param({"description": "Why"}, "", "Why", id="the description"),
        pytest.param({"type": "bug"}, "Task", "Bug", id="the type, by its label"),
        pytest.param({"status": "Done"}, "To do", "Done", id="the status, by its name"),
        pytest.param({"priority": "high"}, "None", "High", id="the priority, by its label"),
        pytest.param({"labels": ["x", "a"]}, "", "a, x", id="the labels, in order"),
        pytest.param({"due_on": "2026-02-01"}, "", "2026-02-01", id="the due date"),
        pytest.param({"components": ["b", "A"]}, "", "A, b", id="the components, in order"),
    ],
)
def test_a_change_is_stored_counted_and_told_once(
    item: WorkItem, actor: Actor, change: dict[str, object], before: str, after: str
) -> None:
    changed = services.update_item(item.pk, change, actor=actor)
    assert (changed.version, wants(item)) == (2, 2)
    assert lines_of(item)[1:] == [("changed", next(iter(change)), before, after)]
    again = services.update_item(item.pk, change, actor=actor)
    assert (again.version, wants(item), len(lines_of(item))) == (2, 2, 2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"title": "  "}, "title", id="an empty title"),
        pytest.param({"title": "a\nb"}, "title", id="a title of two lines"),
        pytest.param({"title": "x" * 1001}, "title", id="a title beyond 1,000 characters"),
        pytest.param({"description": "\x00"}, "description", id="a NUL, which PostgreSQL refuses"),
        pytest.param({"description": "\ud800"}, "description", id="half of a surrogate pair"),
        pytest.param({"type": "chore"}, "type", id="an unknown type"),
        pytest.param({"priority": None}, "priority", id="no priority at all"),
        pytest.param({"status": "Lost"}, "status", id="a status the team lacks"),
        pytest.param({"status": None}, "status", id="no status"),
        pytest.param({"assignee": 10**30}, "assignee", id="an assignee beyond every id"),
        pytest.param({"parent": "PLAT-1"}, "parent", id="a key where an id belongs"),
        pytest.param({"labels": "a"}, "labels", id="labels as one text"),
        pytest.param({"labels": [""]}, "labels", id="an empty label"),
        pytest.param({"due_on": "31.1.2026"}, "due_on", id="a date of another shape"),
        pytest.param({"estimate_seconds": -1}, "estimate_seconds", id="a negative estimate"),
        pytest.param({"estimate_seconds": "1h"}, "estimate_seconds", id="an estimate in words"),
        pytest.param({"rank": "nan"}, "rank", id="a rank that is no number"),
        pytest.param({"colour": "red"}, "colour", id="a field there is not"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_field_and_nothing_is_written(
    item: WorkItem, actor: Actor, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.update_item(item.pk, {"description": "kept out", **change}, actor=actor)
    assert list(refused.value.errors) == [field]
    assert (WorkItem.objects.get(pk=item.pk).description, wants(item)) == ("", 1)


def test_an_item_changed_meanwhile_is_not_overwritten(item: WorkItem, actor: Actor) -> None:
    services.update_item(item.pk, {"title": "Theirs"}, actor=actor, expected_version=1)
    with pytest.raises(Stale) as stale:
        services.update_item(item.pk, {"title": "Mine"}, actor=actor, expected_version=1)
    assert stale.value.version == 2
    assert WorkItem.objects.get(pk=item.pk).title == "Theirs"


def test_no_item_stands_above_itself(item: WorkItem, actor: Actor) -> None:
    child = an_item(item.team, parent=item)
    grandchild = an_item(item.team, parent=child)
    for below in (item, child, grandchild):
        with pytest.raises(Invalid, match="cannot be its parent"):
            services.update_item(item.pk, {"parent": below}, actor=actor)


def test_labels_come_and_go_one_by_one(item: WorkItem, actor: Actor) -> None:
    services.add_label(item.pk, " two   words ", actor=actor)
    services.add_label(item.pk, "two words", actor=actor)
    assert services.add_label(item.pk, "a", actor=actor).version == 3
    services.remove_label(item.pk, "two words", actor=actor)
    assert services.remove_label(item.pk, "never", actor=actor).version == 4
    assert list(item.labels.values_list("name", flat=True)) == ["a"]


def test_the_new_assignee_is_told_unless_they_did_it(item: WorkItem, actor: Actor) -> None:
    bo = a_member(item.team.workplace, name="Bo Chen")
    services.update_item(item.pk, {"assignee": bo}, actor=actor)
    services.update_item(item.pk, {"assignee": actor.member}, actor=actor)
    notice = Notice.objects.get()
    assert (notice.member, notice.kind, notice.actor) == (bo, Kind.ASSIGNED, "Ann Lee")
    assert notice.path == f"/w/{item.team.workplace.slug}/items/PLAT-1"


def test_what_came_from_jira_says_so_and_gives_way_to_what_people_wait_for(item: WorkItem) -> None:
    Work.objects.all().delete()
    services.update_item(item.pk, {"title": "Theirs"}, actor=FROM_JIRA)
    line = Activity.objects.filter(work_item=item).last()
    assert line is not None
    assert (line.actor, line.actor_name, line.cause) == (None, "Ann Lee in Jira", Cause.SYNC)
    from_jira = Work.objects.get().priority
    services.update_item(item.pk, {"title": "Ours"}, actor=Actor.of(the_owner(item.team.workplace)))
    assert Work.objects.get().priority < from_jira


def test_a_bulk_edit_changes_all_or_none(item: WorkItem, actor: Actor) -> None:
    other = an_item(item.team)
    changed = services.bulk_update([other.pk, item.pk], {"priority": "low"}, actor=actor)
    assert [each.version for each in changed] == [2, 2]
    below = an_item(item.team, parent=other)
    with pytest.raises(Invalid):
        services.bulk_update([item.pk, other.pk], {"parent": below}, actor=actor)
    assert WorkItem.objects.get(pk=item.pk).parent is None


def test_an_item_of_another_workplace_is_not_to_be_found(item: WorkItem) -> None:
    stranger = Actor.of(the_owner(a_workplace("Elsewhere")))
    with pytest.raises(NotFound):
        services.update_item(item.pk, {"title": "Mine"}, actor=stranger)
    theirs = a_team(a_workplace("Third"))
    with pytest.raises(NotFound):
        services.create_item(theirs, services.NewItem(title="Mine"), actor=stranger)


def test_nothing_of_another_workplace_can_be_referred_to(item: WorkItem, actor: Actor) -> None:
    foreign = an_item(a_team(a_workplace("Elsewhere")))
    project = services.create_project(foreign.team.workplace, "Theirs", actor=FROM_JIRA)
    owner = the_owner(foreign.team.workplace)
    asked = {
        "parent": foreign,
        "status": foreign.status,
        "assignee": owner,
        "reporter": owner.pk,
        "project": project,
    }
    with pytest.raises(Invalid) as refused:
        services.update_item(item.pk, asked, actor=actor)
    assert refused.value.errors.keys() == asked.keys()


def test_components_and_fix_versions_are_sets_of_names(item: WorkItem, actor: Actor) -> None:
    sets = {"components": [" Sales, EMEA ", "API"], "fix_versions": ["2.0"]}
    services.update_item(item.pk, sets, actor=actor)
    changed = services.update_item(item.pk, {"components": ["API"]}, actor=actor)
    assert [each.name for each in changed.components.all()] == ["API"]
    assert [each.name for each in changed.fix_versions.all()] == ["2.0"]
    assert changed.version == 3
    assert lines_of(item)[1:] == [
        ("changed", "components", "", "API, Sales, EMEA"),
        ("changed", "fix_versions", "", "2.0"),
        ("changed", "components", "API, Sales, EMEA", "API"),
    ]
    with pytest.raises(Invalid, match="A component has 1 to 255 characters"):
        services.update_item(item.pk, {"components": [" "]}, actor=actor)


def test_the_first_estimate_is_also_what_remains(item: WorkItem, actor: Actor) -> None:
    first = services.update_item(item.pk, {"estimate_seconds": 3600}, actor=actor)
    assert (first.estimate_seconds, first.remaining_seconds) == (3600, 3600)
    assert lines_of(item)[1:] == [
        ("changed", "estimate_seconds", "", "1h"),
        ("changed", "remaining_seconds", "", "1h"),
    ]
    more = services.update_item(item.pk, {"estimate_seconds": 7200}, actor=actor)
    assert (more.estimate_seconds, more.remaining_seconds) == (7200, 3600)
    made = an_item(item.team, estimate_seconds=60, remaining_seconds=0)
    assert (made.estimate_seconds, made.remaining_seconds) == (60, 0)


def test_an_estimate_from_jira_is_taken_as_it_is(item: WorkItem) -> None:
    told = services.update_item(item.pk, {"remaining_seconds": 0}, actor=FROM_JIRA)
    assert (told.estimate_seconds, told.remaining_seconds) == (None, 0)
