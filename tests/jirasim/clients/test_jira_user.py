"""The life of a user with the client `jira`: issues, and all that hangs on them."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from jira import JIRA, JIRAError
from jira.resources import Issue

from jirasim.site.model import User

Place = Any
Make = Callable[..., Issue]


@pytest.fixture
def make(pycontribs: JIRA) -> Make:
    def made(summary: str = "A task", **fields: Any) -> Issue:
        kind = {"name": fields.pop("kind", "Task")}
        return pycontribs.create_issue(project="FHP", summary=summary, issuetype=kind, **fields)

    return made


@pytest.mark.parametrize("by_password", [False, True])
def test_people_log_in_as_themselves(place: Place, by_password: bool) -> None:
    maya = place.person()
    client = place.pycontribs(maya, by_password=by_password)
    assert client.myself()["displayName"] == maya.display_name
    assert client.current_user() == place.name(maya)
    assert client.server_info()["versionNumbers"][0] in {1001, place.product.version[0]}
    assert client.my_permissions(projectKey="FHP", permissions="BROWSE_PROJECTS")["permissions"]
    client.close()


def test_an_issue_is_made_edited_moved_on_and_deleted(pycontribs: JIRA, make: Make) -> None:
    issue = make(description="*Bold*", labels=["one"], duedate="2030-04-04")
    assert pycontribs.issue(issue.key).fields.description == "*Bold*"
    issue.update(summary="Changed", fields={"priority": {"name": "High"}})
    issue.update(update={"labels": [{"add": "two"}]}, notify=False)
    issue.add_field_value("labels", "three")
    again = pycontribs.issue(issue.id, expand="changelog,renderedFields,names,schema,operations")
    assert (again.fields.summary, again.fields.priority.name) == ("Changed", "High")
    assert again.fields.labels == ["one", "three", "two"]
    assert len(again.changelog.histories) == 3
    assert "summary" in pycontribs.editmeta(issue)["fields"]
    assert pycontribs.find_transitionid_by_name(issue, "In Progress")
    assert "fields" in pycontribs.transitions(issue, expand="transitions.fields")[0]
    pycontribs.transition_issue(issue, "In Progress", comment="Begun")
    assert pycontribs.issue(issue.key).fields.status.name == "In Progress"
    issue.delete()
    with pytest.raises(JIRAError) as gone:
        pycontribs.issue(issue.key)
    assert gone.value.status_code == 404


def test_many_issues_are_made_at_once(pycontribs: JIRA, word: str) -> None:
    plain = {"project": "FHP", "issuetype": {"name": "Task"}}
    results = pycontribs.create_issues([{**plain, "summary": word}, {**plain, "summary": ""}])
    assert [one["status"] for one in results] == ["Success", "Error"]
    assert results[1]["error"] == {"summary": "You must specify a summary of the issue."}


def test_sub_tasks_are_deleted_with_their_issue(pycontribs: JIRA, make: Make) -> None:
    parent = make()
    [kind] = [one.name for one in pycontribs.issue_types_for_project("FHP") if one.subtask]
    make("Part", kind=kind, parent={"key": parent.key})
    [part] = pycontribs.issue(parent.key).fields.subtasks
    assert part.fields.summary == "Part"
    with pytest.raises(JIRAError, match="has subtasks"):
        parent.delete()
    parent.delete(deleteSubtasks=True)
    with pytest.raises(JIRAError):
        pycontribs.issue(part.key)


def test_comments_live_and_end(pycontribs: JIRA, make: Make) -> None:
    issue = make()
    comment = pycontribs.add_comment(issue, "A remark")
    comment.update(body="A better remark")
    for_few = {"type": "group", "value": "jira-administrators"}
    hidden = pycontribs.add_comment(issue, "For few", visibility=for_few)
    assert hidden.visibility.value == "jira-administrators"
    assert [one.body for one in pycontribs.comments(issue)] == ["A better remark", "For few"]
    [last] = pycontribs.comments(issue, order_by="-created", max_results=1)
    assert pycontribs.comment(issue, last.id).body == "For few"
    comment.delete()
    assert len(pycontribs.comments(issue)) == 1


def test_comments_are_pinned_on_server_since_10(place: Place, pycontribs: JIRA, make: Make) -> None:
    issue = make()
    comment = pycontribs.add_comment(issue, "Important")
    if place.product.cloud or place.product.version < (10,):
        with pytest.raises(JIRAError) as absent:
            pycontribs.pin_comment(issue, comment.id, pin=True)
        assert absent.value.status_code == 404
        return
    pycontribs.pin_comment(issue, comment.id, pin=True)
    [pinned] = pycontribs.pinned_comments(issue)
    assert pinned.raw["comment"]["body"] == "Important"
    assert pinned.raw["pinnedBy"] == place.admin.name
    pycontribs.pin_comment(issue, comment.id, pin=False)
    assert pycontribs.pinned_comments(issue) == []


def test_work_is_logged(pycontribs: JIRA, make: Make) -> None:
    issue = make(timetracking={"originalEstimate": "1d", "remainingEstimate": "6h"})
    began = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    worklog = pycontribs.add_worklog(issue, "2h 30m", comment="Did *it*", started=began)
    assert pycontribs.worklog(issue.key, worklog.id).started == "2026-03-02T09:00:00.000+0000"
    worklog.update(timeSpent="2h")
    pycontribs.add_worklog(issue, "1h", adjustEstimate="new", newEstimate="5h")
    assert [one.timeSpent for one in pycontribs.worklogs(issue)] == ["2h", "1h"]
    tracked = pycontribs.issue(issue.key).fields.timetracking
    assert (tracked.remainingEstimate, tracked.timeSpent) == ("5h", "3h")
    worklog.delete(adjustEstimate="leave")
    assert len(pycontribs.worklogs(issue)) == 1


def test_files_are_attached(pycontribs: JIRA, make: Make) -> None:
    issue = make()
    content = bytes(range(256)) * 40 + b"\r\n--\r\n"
    made = pycontribs.add_attachment(issue, BytesIO(content), filename="ölstand.bin")
    assert (made.filename, made.size, made.get()) == ("ölstand.bin", len(content), content)
    assert b"".join(pycontribs.attachment(made.id).iter_content()) == content
    assert pycontribs.attachment_meta()["enabled"]
    pycontribs.delete_attachment(made.id)
    assert pycontribs.issue(issue.key).fields.attachment == []


def test_issues_are_linked(pycontribs: JIRA, make: Make) -> None:
    one, two = make("One"), make("Two")
    pycontribs.create_issue_link("Blocks", one.key, two.key, comment={"body": "Why"})
    [link] = pycontribs.issue(one.key).fields.issuelinks
    assert pycontribs.issue_link(link.id).outwardIssue.key == two.key
    assert pycontribs.issue_link_type(link.type.id).name == "Blocks"
    assert "Blocks" in [kind.name for kind in pycontribs.issue_link_types()]
    pycontribs.delete_issue_link(link.id)
    assert pycontribs.issue(two.key).fields.issuelinks == []


@pytest.mark.filterwarnings("ignore:Unable to gather applicationlinks")
def test_issues_point_elsewhere(pycontribs: JIRA, make: Make) -> None:
    issue, page = make(), {"url": "http://elsewhere.example/1", "title": "First"}
    remote = pycontribs.add_remote_link(issue, page, globalId="g1")
    assert pycontribs.remote_link(issue, remote.id).object.title == "First"
    remote.update({**page, "title": "Second"}, globalId="g1")
    assert [one.object.title for one in pycontribs.remote_links(issue)] == ["Second"]
    pycontribs.add_simple_link(issue, page)
    pycontribs.delete_remote_link(issue, global_id="g1")
    pycontribs.delete_remote_link(issue, internal_id=pycontribs.remote_links(issue)[0].id)
    assert pycontribs.remote_links(issue) == []


def test_people_watch_vote_and_are_assigned(place: Place, pycontribs: JIRA, make: Make) -> None:
    issue, maya = make(), place.person()
    named = _searched(place, maya)
    pycontribs.add_watcher(issue, named)
    assert maya.display_name in [one.displayName for one in pycontribs.watchers(issue).watchers]
    pycontribs.remove_watcher(issue, named)
    with pytest.raises(JIRAError, match="cannot vote for an issue you have reported"):
        pycontribs.add_vote(issue)
    hers = place.pycontribs(maya)
    hers.add_vote(issue)
    assert pycontribs.votes(issue).votes == 1
    hers.remove_vote(issue)
    hers.close()
    assert pycontribs.assign_issue(issue, named)
    assert pycontribs.issue(issue.key).fields.assignee.displayName == maya.display_name
    for nobody in (None, -1):
        assert pycontribs.assign_issue(issue, nobody)
        assert pycontribs.issue(issue.key).fields.assignee is None
    issue.update(assignee=place.reference(maya))


def _searched(place: Place, user: User) -> str:
    """On Cloud this client looks people up by a search, which knows names and addresses."""
    return user.email if place.product.cloud else user.name


def test_issues_have_properties(pycontribs: JIRA, make: Make) -> None:
    issue = make()
    pycontribs.add_issue_property(issue, "tool", {"id": 5})
    assert [one.key for one in pycontribs.issue_properties(issue)] == ["tool"]
    found = pycontribs.issue_property(issue, "tool")
    assert found.value.id == 5
    found.delete()
    assert pycontribs.issue_properties(issue) == []


def test_searches_go_through_all_pages(place: Place, pycontribs: JIRA) -> None:
    everything = "project = FHP ORDER BY key"
    found = pycontribs.search_issues(everything, maxResults=0, fields="summary")
    assert len(found) >= 60
    assert len({one.key for one in found}) == len(found)
    raw = pycontribs.search_issues(everything, maxResults=7, json_result=True)
    assert isinstance(raw, dict)
    assert len(raw["issues"]) == 7
    assert len(pycontribs.search_issues(everything, maxResults=5, use_post=True)) == 5
    with pytest.raises(JIRAError, match="Field 'nope' does not exist"):
        pycontribs.search_issues("nope = 1")
    if place.product.cloud:
        assert len(pycontribs.enhanced_search_issues(everything, maxResults=10)) == 10
        count = pycontribs.approximate_issue_count("project = FHP")
        assert count >= 60
        return
    page = pycontribs.search_issues(everything, startAt=50, maxResults=5)
    assert (page.startAt, len(page), page.total) == (50, 5, len(found))


def test_filters_are_saved(pycontribs: JIRA, word: str) -> None:
    made = pycontribs.create_filter(word, jql="project = FHP", favourite=True)
    assert pycontribs.filter(made.id).jql == "project = FHP"
    pycontribs.update_filter(made.id, name=f"{word}2", jql="project = LIN", favourite=True)
    assert f"{word}2" in [one.name for one in pycontribs.favourite_filters()]
    made.delete()
    with pytest.raises(JIRAError):
        pycontribs.filter(made.id)


def test_every_site_has_the_system_dashboard(pycontribs: JIRA) -> None:
    [board] = pycontribs.dashboards()
    assert (board.id, pycontribs.dashboard(board.id).name) == ("10000", "System Dashboard")
    assert list(pycontribs.dashboards(filter="my")) == []
