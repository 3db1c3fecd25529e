"""What is different about Server and Data Center, and must come to the same in the end."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.jirasim import EPIC_LINK, EPIC_NAME, Jira, running_jirasim
from helpers.receiver import receiving

from duolog.connections.services import NewConnection, connect, disconnect
from duolog.connections.webhooks import EVENTS, make_webhook
from duolog.sync.binding.services import Wish, bind_team, sweep_now
from duolog.sync.models import Link
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services.comments import add_comment, edit_comment

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jira(server: Jira) -> Jira:
    return server


def test_what_lies_under_an_epic_names_it_in_the_field_for_that(bound: Bound) -> None:
    epic = bound.item("Move house", type="epic")
    below = bound.item("Pack boxes", parent=epic)
    sub = bound.item("Buy tape", type="sub_task", parent=below)
    bound.bind()
    for item in (epic, below, sub):
        assert bound.link(item).state == "in_step", bound.link(item).reason
    there = bound.jira.get(str(bound.link(epic).issue_id))
    assert (there["issuetype"]["name"], there[EPIC_NAME]) == ("Epic", "Move house")
    child = bound.jira.get(str(bound.link(below).issue_id))
    assert child[EPIC_LINK] == bound.link(epic).issue_key
    assert (
        bound.jira.get(str(bound.link(sub).issue_id))["parent"]["key"]
        == bound.link(below).issue_key
    )


def test_a_child_moves_between_epics_and_out_of_them_on_either_side(bound: Bound) -> None:
    one, two = (bound.item(name, type="epic") for name in ("One", "Two"))
    item = bound.item("Child", parent=one)
    bound.bind()
    issue, above = str(bound.link(item).issue_id), str(bound.link(two).issue_id)
    bound.jira.edit(issue, **bound.jira.below(above, epic=True))
    bound.poll()
    item.refresh_from_db()
    assert item.parent == two
    bound.change(item, parent=one)
    bound.run()
    assert bound.jira.get(issue)[EPIC_LINK] == bound.link(one).issue_key
    bound.change(item, parent=None)
    bound.run()
    assert bound.jira.get(issue)[EPIC_LINK] is None
    assert bound.link(item).state == "in_step"


def test_an_epic_taken_in_after_its_child_becomes_its_parent(bound: Bound) -> None:
    bound.bind()
    epic = bound.jira.create("Later", kind="Epic", **{EPIC_NAME: "Later"})
    child = bound.jira.create("Sooner", **bound.jira.below(epic, epic=True))
    bound.poll()
    bound.run()
    assert bound.item_of(child).parent == bound.item_of(epic)
    assert bound.link(bound.item_of(child)).state == "in_step"


def test_an_issue_of_ours_whose_answer_was_lost_is_no_stranger_to_a_poll(bound: Bound) -> None:
    bound.bind()
    bound.jira.sim("POST", "faults", [{"match": {"path": "*/issue/bulk"}, "fault": "cut_after"}])
    item = bound.item("Once")
    bound.run()
    assert bound.link(item).issue_id is None
    bound.poll()
    assert WorkItem.objects.count() == 1
    bound.run(within=300)
    assert len(bound.jira.issues(bound.jira.project_key)) == 1
    assert bound.link(item).state == "in_step"
    assert Link.objects.count() == 1


def test_a_lost_answer_costs_a_question_for_each_issue_made_meanwhile(bound: Bound) -> None:
    bound.bind()
    bound.jira.sim("POST", "faults", [{"match": {"path": "*/issue/bulk"}, "fault": "cut_after"}])
    items = [bound.item(f"Number {number}") for number in range(3)]
    bound.jira.create("By somebody")
    bound.run(within=300)
    bound.poll()
    assert WorkItem.objects.count() == 4
    assert len(bound.jira.issues(bound.jira.project_key)) == 4
    assert {bound.link(item).state for item in items} == {"in_step"}


def test_an_edit_within_the_second_of_our_last_look_is_found_by_a_poll(bound: Bound) -> None:
    bound.jira.sim("POST", "clock", {"freeze": True})
    item = bound.item("Before")
    bound.bind()
    bound.jira.edit(str(bound.link(item).issue_id), summary="After")
    bound.poll()
    bound.jira.sim("POST", "clock", {"freeze": False})
    item.refresh_from_db()
    assert item.title == "After"


def test_people_are_assigned_by_name_and_known_by_key(bound: Bound) -> None:
    item = bound.item("For Maya", assignee=bound.maya)
    bound.bind()
    issue = str(bound.link(item).issue_id)
    assert bound.jira.get(issue)["assignee"]["name"] == "maya"
    assert bound.binding is not None
    maya = bound.jira.people[0]
    assert bound.binding.mapping["users"]["in"][maya.account_id] == str(bound.maya.pk)
    bound.change(item, assignee=None)
    bound.run()
    assert bound.jira.get(issue)["assignee"] is None
    bound.jira.edit(issue, assignee=maya.named)
    bound.poll()
    item.refresh_from_db()
    assert item.assignee == bound.maya


def test_texts_are_wiki_markup_with_the_author_above_a_comment(bound: Bound) -> None:
    item = bound.item("Texts", description="Say **why**.")
    comment = add_comment(item.pk, "Said **here**", actor=bound.me)
    bound.bind()
    issue = str(bound.link(item).issue_id)
    assert bound.jira.get(issue)["description"] == "Say *why*."
    (there,) = bound.jira.comments(issue)
    assert there["body"] == "_Olive Owner in Duolog:_\n\nSaid *here*"
    edit_comment(comment.pk, "Said again", actor=bound.me)
    bound.run()
    (there,) = bound.jira.comments(issue)
    assert there["body"] == "_Olive Owner in Duolog:_\n\nSaid again"
    body = {"body": "_Olive Owner in Duolog:_\r\n\r\nSaid *there*"}
    bound.jira.ask("PUT", f"issue/{issue}/comment/{there['id']}", body, by=bound.jira.service)
    bound.jira.edit(issue, description="*Because*\r\n\r\nof that")
    bound.poll()
    item.refresh_from_db()
    assert item.description == "**Because**\n\nof that"
    assert Comment.objects.get(work_item=item).body == "Said **there**"
    assert bound.link(item).state == "in_step"


def test_an_internal_comment_of_a_service_desk_never_crosses(bound: Bound) -> None:
    project = {"key": "DESK", "name": "Desk", "lead": "duolog-sync"}
    desk = {**project, "projectTypeKey": "service_desk", "projectTemplateKey": "x:kanban"}
    bound.jira.ask("POST", "project", desk, by=bound.jira.service)
    bound.binding = bind_team(bound.owner, bound.team, Wish(bound.connection, "DESK"))
    bound.run()
    item = bound.item("Broken printer")
    bound.run()
    assert bound.link(item).state == "in_step", bound.link(item).reason
    issue = str(bound.link(item).issue_id)
    mark = [{"key": "sd.public.comment", "value": {"internal": True}}]
    for body in ({"body": "Customer is rude", "properties": mark}, {"body": "We look at it"}):
        bound.jira.ask("POST", f"issue/{issue}/comment", body, by=bound.jira.service)
    bound.poll()
    sweep_now(bound.owner, bound.binding)
    bound.run()
    assert [c.body for c in Comment.objects.filter(work_item=item)] == ["We look at it"]


def test_the_oldest_server_below_a_path_is_heard_though_it_signs_nothing(settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True
    options = ("--deployment", "server", "--version", "8.14", "--context", "/jira")
    with (
        running_jirasim(*options) as old,
        a_bound_team(old) as bound,
        receiving() as address,
    ):
        make_webhook(bound.connection, secret=None)
        old.register_webhook(f"{address}/{bound.connection.webhook_hash}", EVENTS, "")
        item = bound.item("Before")
        bound.bind()
        issue = str(bound.link(item).issue_id)
        old.edit(issue, summary="After")
        old.comment(issue, "Said there")
        add_comment(item.pk, "Said here", actor=bound.me)
        old.create("New there")
        old.wait_for_deliveries()
        bound.run(within=10)
        item.refresh_from_db()
        assert item.title == "After"
        assert Comment.objects.filter(work_item=item).count() == len(old.comments(issue)) == 2
        assert WorkItem.objects.filter(title="New there").exists()
        assert {link.state for link in Link.objects.all()} == {"in_step"}
        old.wait_for_deliveries()


def test_a_user_name_and_a_password_bring_the_first_item_in_step_too(bound: Bound) -> None:
    disconnect(bound.owner, bound.connection)
    username, password = bound.jira.service.credential
    bound.connection = connect(
        bound.owner,
        NewConnection(
            address=bound.jira.url,
            deployment="server",
            method="basic",
            username=username,
            secret=password,
        ),
    )
    item = bound.item("By password", assignee=bound.maya)
    bound.bind()
    assert bound.link(item).state == "in_step"
    assert bound.jira.get(str(bound.link(item).issue_id))["summary"] == "By password"


def test_what_is_in_step_is_in_step_for_a_sweep(bound: Bound) -> None:
    epic = bound.item("Epic", type="epic")
    for number in range(3):
        item = bound.item(f"Number {number}", parent=epic, description="A *text*", labels=["a"])
        add_comment(item.pk, "Said", actor=bound.me)
    binding = bound.bind()
    bound.jira.reset()
    sweep_now(bound.owner, binding)
    bound.run()
    assert bound.jira.calls() == {"POST /rest/api/2/search": 1}
    assert binding.runs.get(kind="sweep").found == 0
