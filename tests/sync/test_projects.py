"""A project is sent to Jira: one epic, its items below it, and what comes back from there."""

from __future__ import annotations

import pytest
from helpers.bound import Bound
from helpers.builders import a_team
from helpers.jirasim import EPIC_LINK

from duolog.people.errors import Invalid
from duolog.sync.binding.projects import ProjectWish, bind_project, propose_project
from duolog.sync.binding.services import Rules, Wish, bind_team, sweep_now, unbind, unlink
from duolog.sync.inbox.settling import resolve_deletion
from duolog.sync.models import Binding, Direction, Hold, Link, Run
from duolog.workplace.models import Project, WorkItem
from duolog.workplace.services.items import NewItem, create_item
from duolog.workplace.services.projects import create_project
from duolog.workplace.services.trash import delete_item

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def project(bound: Bound) -> Project:
    words = {"description": "Everything for **autumn**."}
    return create_project(bound.workplace, "Autumn release", words, actor=bound.me)


def send(bound: Bound, project: Project, key: str = "", **wish: object) -> Binding:
    """Send the project, and run all that follows."""
    asked = ProjectWish(bound.connection, key or bound.jira.project_key, **wish)
    bound.binding = bind_project(bound.owner, project, asked)
    bound.run(within=60)
    bound.binding.refresh_from_db()
    return bound.binding


def below(bound: Bound, epic: str) -> set[str]:
    """The summaries of what lies directly below an epic."""
    key = bound.jira.ask("GET", f"issue/{epic}?fields=summary")["key"]
    names = set()
    for project in (bound.jira.project_key, "TEAM", "LIN"):
        for issue in bound.jira.issues(project):
            parent = (issue["fields"].get("parent") or {}).get("id")
            if parent == epic or issue["fields"].get(EPIC_LINK) == key:
                names.add(issue["fields"]["summary"])
    return names


def epics(bound: Bound, key: str) -> list[str]:
    """The ids of the epics of a space."""
    found = bound.jira.issues(key)
    return [str(it["id"]) for it in found if it["fields"]["issuetype"]["name"] == "Epic"]


def test_epic_in_three_kinds_of_project(bound: Bound) -> None:
    for key in ("FHP", "TEAM") if bound.jira.is_cloud else ("FHP",):
        project = create_project(bound.workplace, f"Release of {key}", actor=bound.me)
        for number in range(3):
            bound.item(f"Part {number}", project=project)
        binding = send(bound, project, key)
        assert epics(bound, key) == [binding.epic_issue_id]
        assert bound.jira.get(binding.epic_issue_id)["summary"] == f"Release of {key}"
        assert below(bound, binding.epic_issue_id) == {"Part 0", "Part 1", "Part 2"}
        assert {it.state for it in Link.objects.all()} <= {"in_step", "differs"}
        late = bound.item("Part 3", project=project)
        bound.run()
        assert "Part 3" in below(bound, binding.epic_issue_id)
        assert bound.link(late).issue_key.startswith(f"{key}-")


def test_what_is_an_epic_or_has_a_parent_keeps_its_own_place(
    bound: Bound, project: Project
) -> None:
    epic = bound.item("An epic", type="epic", project=project)
    story = bound.item("Below it", parent=epic, project=project)
    part = bound.item("A part", type="sub_task", parent=story, project=project)
    told = propose_project(bound.owner, project, bound.connection, bound.jira.project_key)
    assert [item.key for item in told.epics] == [epic.key]
    assert any(epic.key in words for words in told.proposal.warnings)
    binding = send(bound, project)
    assert below(bound, binding.epic_issue_id) == set()
    assert below(bound, str(bound.link(epic).issue_id)) == {"Below it"}
    for item in (epic, story, part):
        assert bound.link(item).state == "in_step", bound.link(item).reason


def test_an_item_put_into_the_project_follows_and_one_taken_out_stays_linked(
    bound: Bound, project: Project
) -> None:
    item = bound.item("Comes and goes")
    binding = send(bound, project)
    assert not Link.objects.exists()
    bound.change(item, project=project)
    bound.run(within=60)
    assert below(bound, binding.epic_issue_id) == {"Comes and goes"}
    bound.change(item, project=None)
    bound.run(within=60)
    assert below(bound, binding.epic_issue_id) == set()
    assert bound.link(item).state == "in_step"


def test_a_new_child_of_the_epic_comes_here_into_the_project(
    bound: Bound, project: Project
) -> None:
    binding = send(bound, project)
    child = bound.jira.create("From Jira", **bound.jira.below(binding.epic_issue_id, epic=True))
    bound.jira.create("Not below it")
    bound.poll()
    assert bound.item_of(child).project == project
    assert WorkItem.objects.count() == 1


def test_an_issue_taken_out_of_the_epic_leaves_the_project_and_keeps_its_link(
    bound: Bound, project: Project
) -> None:
    item = bound.item("Leaves", project=project)
    send(bound, project)
    field = "parent" if bound.jira.is_cloud else EPIC_LINK
    bound.jira.edit(str(bound.link(item).issue_id), **{field: None})
    bound.poll()
    item.refresh_from_db()
    assert item.project is None
    assert bound.link(item).state == "in_step"


def test_a_deleted_epic_empties_no_project(bound: Bound, project: Project) -> None:
    item = bound.item("Stays", project=project)
    binding = send(bound, project)
    bound.jira.delete(binding.epic_issue_id)
    bound.jira.edit(str(bound.link(item).issue_id), summary="Edited since")
    bound.poll()
    item.refresh_from_db()
    binding.refresh_from_db()
    assert item.project == project
    assert binding.state == "paused"
    assert "deleted in Jira" in binding.trouble


def test_an_item_of_a_bound_team_and_a_bound_project_is_one_issue(
    bound: Bound, project: Project
) -> None:
    item = bound.item("In both", project=project)
    bound.bind()
    other = a_team(bound.workplace, name="Second", key_prefix="SEC")
    theirs = create_item(other, NewItem(title="Theirs", project=project), actor=bound.me)
    binding = send(bound, project)
    bound.run(within=60)
    assert below(bound, binding.epic_issue_id) == {"In both", "Theirs"}
    assert len(bound.jira.issues(bound.jira.project_key)) == 3
    assert bound.link(item).binding.team == bound.team
    assert bound.link(theirs).binding == binding
    assert {it.state for it in Link.objects.all()} == {"in_step"}
    child = bound.jira.create("New", **bound.jira.below(binding.epic_issue_id, epic=True))
    for each in Binding.objects.all():
        bound.binding = each
        bound.poll()
    assert bound.item_of(child).project == project
    assert WorkItem.objects.count() == 3, "the epic itself is no work item"


def test_items_that_live_in_another_space_are_named_and_left_there(
    bound: Bound, project: Project
) -> None:
    here = bound.item("Lives in LIN", project=project)
    bind_team(bound.owner, bound.team, Wish(bound.connection, "LIN"))
    bound.run(within=60)
    other = a_team(bound.workplace, name="Second", key_prefix="SEC")
    theirs = create_item(other, NewItem(title="Free", project=project), actor=bound.me)
    told = propose_project(bound.owner, project, bound.connection, bound.jira.project_key)
    assert [item.key for item in told.elsewhere] == [here.key]
    assert told.team == other, "a team that is kept in step elsewhere takes nothing in"
    binding = send(bound, project)
    assert below(bound, binding.epic_issue_id) == {"Free"}
    assert bound.link(here).issue_key.startswith("LIN-")
    assert bound.link(theirs).binding == binding


def test_a_project_bound_again_has_its_epic_still(bound: Bound, project: Project) -> None:
    item = bound.item("Once", project=project)
    first = send(bound, project)
    unbind(bound.owner, first)
    again = send(bound, project)
    assert again.epic_issue_id == first.epic_issue_id
    assert len(bound.jira.issues(bound.jira.project_key)) == 2
    assert bound.link(item).state == "in_step"


def test_unlinking_a_project_moves_nothing(bound: Bound, project: Project) -> None:
    item = bound.item("In both", project=project)
    bound.bind()
    binding = send(bound, project)
    unbind(bound.owner, binding)
    bound.change(item, title="Edited since")
    bound.run(within=60)
    assert below(bound, binding.epic_issue_id) == {"Edited since"}
    assert bound.link(item).state == "in_step"
    item.refresh_from_db()
    assert item.project == project


@pytest.mark.parametrize("fault", ["cut_after", "status_after"])
def test_a_lost_answer_makes_no_second_epic(bound: Bound, project: Project, fault: str) -> None:
    item = bound.item("Below it", project=project)
    lost = {"match": {"path": "*/issue/bulk", "nth": 1}, "fault": fault, "status": 503}
    bound.jira.sim("POST", "faults", [lost])
    binding = send(bound, project)
    bound.run(within=300)
    binding.refresh_from_db()
    assert epics(bound, bound.jira.project_key) == [binding.epic_issue_id]
    assert bound.link(item).state == "in_step"


def test_an_epic_that_jira_refuses_is_told_in_words_and_tried_again(
    bound: Bound, project: Project
) -> None:
    with pytest.raises(Invalid) as caught:
        send(bound, project, "READ")
    assert "may not create issues in READ" in caught.value.errors["jira_project_key"]
    bound.item("Waits", project=project)
    binding = send(bound, project, "REQ")
    assert "Ticket reference" in binding.trouble
    assert (binding.epic_issue_id, binding.epic_sent_at) == ("", None)
    assert not Link.objects.filter(issue_id__isnull=False)


def test_a_project_of_many_items_is_sent_in_bulk(bound: Bound, project: Project) -> None:
    for number in range(60):
        bound.item(f"Item {number}", project=project)
    bound.jira.reset()
    binding = send(bound, project, rules=Rules(direction=Direction.ONE_WAY))
    calls = bound.jira.calls()
    bulk = calls[f"POST {bound.jira.rest}/issue/bulk"]
    assert bulk == 1 + 2, "the epic, then two batches"
    assert f"PUT {bound.jira.rest}/issue/{{id}}" not in calls
    assert len(below(bound, binding.epic_issue_id)) == 60


def test_a_project_is_bound_once(bound: Bound, project: Project) -> None:
    send(bound, project, rules=Rules(direction=Direction.ONE_WAY))
    with pytest.raises(Invalid):
        send(bound, project)


def test_a_renamed_space_leaves_the_items_below_the_epic(bound: Bound, project: Project) -> None:
    item = bound.item("Part of it", project=project)
    binding = send(bound, project)
    old = bound.jira.project_key
    bound.jira.rename_project(old, "NEWKEY")
    try:
        sweep_now(bound.owner, binding)
        bound.run(within=60)
        binding.refresh_from_db()
        assert binding.epic_issue_key.startswith("NEWKEY-")
        assert (bound.link(item).state, bound.link(item).reason) == ("in_step", "")
        assert Run.objects.get(kind="sweep").found == 0
        late = bound.item("Comes later", project=project)
        bound.run(within=60)
        assert bound.link(late).state == "in_step"
    finally:
        bound.jira.rename_project("NEWKEY", old)


@pytest.mark.parametrize("end", ["unlink", "unbind", "delete"])
def test_an_issue_that_is_to_go_alone_does_not_come_back_as_an_item_of_the_space_s_team(
    bound: Bound, project: Project, end: str
) -> None:
    team_s = bound.bind()
    second = a_team(bound.workplace, name="Second", key_prefix="SEC")
    item = create_item(second, NewItem(title="Goes alone", project=project), actor=bound.me)
    send(bound, project)
    if end == "unbind":
        unbind(bound.owner, bound.link(item).binding)
    elif end == "unlink":
        unlink(bound.owner, bound.link(item))
    else:
        delete_item(item.pk, actor=bound.me)
        bound.run()
        resolve_deletion(bound.owner, Hold.objects.get(released_at=None), "unlink")
    bound.jira.edit(str(bound.link(item).issue_id), summary="Goes alone there")
    sweep_now(bound.owner, team_s)
    bound.run(within=60)
    assert [each.title for each in WorkItem.objects.all()] == ["Goes alone"]
    assert bound.link(item).state == "ended"
