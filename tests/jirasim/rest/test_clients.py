"""Two independent clients from PyPI against a running simulator, over loopback."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from atlassian import Jira
from jira import JIRA, JIRAError

from jirasim.clock import VirtualClock
from jirasim.running import Simulator
from jirasim.seed import make_state
from jirasim.site.model import User

ISSUES = 30


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    state = make_state(seed=11, issues=ISSUES, now=datetime(2026, 3, 2, tzinfo=UTC))
    found = Simulator(state, VirtualClock())
    thread = threading.Thread(target=found.serve)
    thread.start()
    yield found
    found.stop()
    thread.join(10)
    assert not thread.is_alive()


def credentials(simulator: Simulator) -> tuple[User, str]:
    state = simulator.site.state
    user = state.users[state.service_account]
    tokens = state.tokens.values()
    return user, next(one.secret for one in tokens if one.account_id == user.account_id)


@pytest.fixture
def pycontribs(simulator: Simulator) -> Iterator[JIRA]:
    user, token = credentials(simulator)
    client = JIRA(simulator.site.base_url, basic_auth=(user.email, token), max_retries=0)
    yield client
    client.close()


@pytest.fixture
def atlassian(simulator: Simulator) -> Iterator[Jira]:
    user, token = credentials(simulator)
    with Jira(simulator.site.base_url, username=user.email, password=token, cloud=True) as client:
        yield client


def test_jira_takes_an_issue_through_its_life(pycontribs: JIRA) -> None:
    issue = pycontribs.create_issue(
        project="FHP", summary="From the client", issuetype={"name": "Task"}, description="*Bold*"
    )
    assert pycontribs.issue(issue.key).fields.description == "*Bold*"
    issue.update(fields={"summary": "Changed", "labels": ["client"]})
    issue.update(update={"labels": [{"add": "second"}]})
    again = pycontribs.issue(issue.id)
    assert (again.fields.summary, again.fields.labels) == ("Changed", ["client", "second"])
    comment = pycontribs.add_comment(issue, "A remark")
    comment.update(body="A better remark")
    assert [one.body for one in pycontribs.comments(issue)] == ["A better remark"]
    pycontribs.transition_issue(issue, "Done", comment="Finished")
    done = pycontribs.issue(issue.key)
    assert (done.fields.status.name, done.fields.resolution.name) == ("Done", "Done")
    comment.delete()
    assert [one.body for one in pycontribs.comments(issue)] == ["Finished"]
    issue.delete()
    with pytest.raises(JIRAError) as gone:
        pycontribs.issue(issue.key)
    assert gone.value.status_code == 404


def test_jira_searches_through_all_pages(pycontribs: JIRA) -> None:
    found = pycontribs.search_issues("project = FHP ORDER BY key", maxResults=0, fields="summary")
    assert len(found) == ISSUES
    pages = pycontribs.enhanced_search_issues("project = FHP", maxResults=10)
    assert len(pages) == 10


def test_jira_reads_what_forms_and_pages_need(pycontribs: JIRA) -> None:
    assert pycontribs.myself()["displayName"] == "Duolog Sync"
    assert {one.key for one in pycontribs.projects()} >= {"FHP", "LIN", "REQ", "TEAM", "READ"}
    assert pycontribs.project("FHP").name == "Fernhill Platform"
    assert "Medium" in [one.name for one in pycontribs.priorities()]
    assert "In Review" in [one.name for one in pycontribs.statuses()]
    assert [one.displayName for one in pycontribs.search_users(query="maya")] == ["Maya Lind"]
    assert "summary" in [one["id"] for one in pycontribs.fields()]
    assert "Blocks" in [one.name for one in pycontribs.issue_link_types()]
    [form] = pycontribs.createmeta(projectKeys="REQ", expand="projects.issuetypes.fields")[
        "projects"
    ]
    assert form["issuetypes"][0]["fields"]["customfield_10032"]["required"]


def test_jira_sees_refusals_in_their_words(pycontribs: JIRA) -> None:
    with pytest.raises(JIRAError, match="You must specify a summary"):
        pycontribs.create_issue(project="FHP", summary="", issuetype={"name": "Task"})
    with pytest.raises(JIRAError, match="does not exist for the field 'project'"):
        pycontribs.search_issues("project = NOPE")


def test_jira_assigns_people(pycontribs: JIRA) -> None:
    issue = pycontribs.create_issue(project="FHP", summary="For Aiko", issuetype={"name": "Bug"})
    assert pycontribs.assign_issue(issue, "aiko@fernhill.example")
    assert pycontribs.issue(issue.key).fields.assignee.displayName == "Aiko Tanabe"
    issue.delete()


def test_jira_logs_work(pycontribs: JIRA) -> None:
    issue = pycontribs.create_issue(
        project="FHP",
        summary="Timed",
        issuetype={"name": "Task"},
        timetracking={"originalEstimate": "1d", "remainingEstimate": "6h"},
    )
    began = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    worklog = pycontribs.add_worklog(issue, "2h 30m", comment="Did *it*", started=began)
    assert (worklog.timeSpentSeconds, worklog.comment) == (9000, "Did *it*")
    assert pycontribs.worklog(issue.key, worklog.id).started == "2026-03-02T09:00:00.000+0000"
    tracked = pycontribs.issue(issue.key).fields.timetracking
    assert (tracked.originalEstimate, tracked.remainingEstimate) == ("1d", "3h 30m")
    pycontribs.add_worklog(issue, timeSpentSeconds=3600, adjustEstimate="new", newEstimate="1h")
    assert pycontribs.issue(issue.key).fields.timeestimate == 3600
    assert [one.timeSpent for one in pycontribs.worklogs(issue)] == ["2h 30m", "1h"]
    worklog.delete()
    assert len(pycontribs.worklogs(issue)) == 1
    issue.delete()


def test_jira_links_issues(pycontribs: JIRA) -> None:
    plain = {"project": "FHP", "issuetype": {"name": "Task"}}
    first, second = (pycontribs.create_issue(summary=one, **plain) for one in ("One", "Two"))
    pycontribs.create_issue_link("Blocks", first.key, second.key)
    [link] = pycontribs.issue(first.key).fields.issuelinks
    assert link.outwardIssue.key == second.key
    [other] = pycontribs.issue(second.key).fields.issuelinks
    assert other.inwardIssue.key == first.key
    assert pycontribs.issue_link(link.id).type.name == "Blocks"
    pycontribs.delete_issue_link(link.id)
    assert pycontribs.issue(first.key).fields.issuelinks == []
    first.delete()
    second.delete()


def test_jira_attaches_files(pycontribs: JIRA) -> None:
    issue = pycontribs.create_issue(project="FHP", summary="Files", issuetype={"name": "Task"})
    content = bytes(range(256)) * 40 + b"\r\n--\r\n"
    made = pycontribs.add_attachment(issue, BytesIO(content), filename="ölstand.bin")
    assert (made.filename, made.size) == ("ölstand.bin", len(content))
    assert made.get() == content
    [shown] = pycontribs.issue(issue.key).fields.attachment
    assert (shown.id, pycontribs.attachment_meta()["enabled"]) == (made.id, True)
    pycontribs.attachment(made.id).delete()
    assert pycontribs.issue(issue.key).fields.attachment == []
    issue.delete()


def test_atlassian_attaches_files(atlassian: Jira, tmp_path: Path) -> None:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Files"}
    key = atlassian.issue_create(fields=fields)["key"]
    (tmp_path / "note.txt").write_bytes(b"Grease\r\nand oil\n")
    [made] = atlassian.add_attachment(key, str(tmp_path / "note.txt"))
    assert (made["mimeType"], made["size"]) == ("text/plain", 16)
    assert atlassian.get_attachment_content(made["id"]) == b"Grease\r\nand oil\n"
    assert atlassian.get_attachment(made["id"])["filename"] == "note.txt"
    atlassian.remove_attachment(made["id"])
    assert atlassian.issue(key)["fields"]["attachment"] == []
    atlassian.delete_issue(key)


def test_atlassian_links_issues(atlassian: Jira) -> None:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Linked"}
    one, two = (atlassian.issue_create(fields=fields)["key"] for _ in range(2))
    ends = {"inwardIssue": {"key": one}, "outwardIssue": {"key": two}}
    atlassian.create_issue_link({"type": {"name": "Relates"}, **ends})
    [link] = atlassian.issue(one)["fields"]["issuelinks"]
    assert atlassian.get_issue_link(link["id"])["outwardIssue"]["key"] == two
    assert "Relates" in atlassian.get_issue_link_types_names()
    atlassian.remove_issue_link(link["id"])
    assert atlassian.issue(two)["fields"]["issuelinks"] == []
    atlassian.delete_issue(one)
    atlassian.delete_issue(two)


def test_atlassian_logs_work(atlassian: Jira) -> None:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Timed"}
    key = atlassian.issue_create(fields=fields)["key"]
    atlassian.issue_worklog(key, "2026-03-02T09:00:00.000+0100", 5400, comment="Did it")
    page = atlassian.issue_get_worklog(key)
    assert [(one["timeSpent"], one["comment"]) for one in page["worklogs"]] == [
        ("1h 30m", "Did it")
    ]
    assert page["worklogs"][0]["started"] == "2026-03-02T08:00:00.000+0000"
    feed = atlassian.get_updated_worklogs(since=0)
    assert feed["lastPage"] is True
    ids = [int(one["id"]) for one in page["worklogs"]]
    assert [one["timeSpentSeconds"] for one in atlassian.get_worklogs(ids)] == [5400]
    atlassian.delete_issue(key)


def test_atlassian_takes_an_issue_through_its_life(atlassian: Jira) -> None:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Story"}, "summary": "Second client"}
    key = atlassian.issue_create(fields=fields)["key"]
    assert atlassian.issue(key)["fields"]["summary"] == "Second client"
    atlassian.update_issue_field(key, {"summary": "Changed", "description": "h1. Title"})
    assert atlassian.issue_field_value(key, "description") == "h1. Title"
    comment = atlassian.issue_add_comment(key, "A remark")
    atlassian.issue_edit_comment(key, comment["id"], "A better remark")
    assert atlassian.issue_get_comments(key)["comments"][0]["body"] == "A better remark"
    offered = {one["name"]: one["id"] for one in atlassian.get_issue_transitions(key)}
    assert "In Progress" in offered
    atlassian.set_issue_status(key, "In Progress")
    assert atlassian.get_issue_status(key) == "In Progress"
    atlassian.set_issue_property(key, "tool", {"id": 5})
    assert atlassian.get_issue_property(key, "tool")["value"] == {"id": 5}
    assert atlassian.get_issue_changelog(key)["total"] > 0
    atlassian.delete_issue(key)
    with pytest.raises(OSError, match="does not exist"):
        atlassian.issue(key)


def test_atlassian_searches_by_token(atlassian: Jira) -> None:
    page = atlassian.enhanced_jql("project = FHP order by key", fields="summary", limit=10)
    assert len(page["issues"]) == 10
    rest = atlassian.enhanced_jql(
        "project = FHP order by key",
        fields="summary",
        nextPageToken=page["nextPageToken"],
        limit=50,
    )
    assert (len(rest["issues"]), rest["isLast"]) == (ISSUES - 10, True)
    assert atlassian.approximate_issue_count("project = FHP") == {"count": ISSUES}


def test_atlassian_reads_metadata(atlassian: Jira) -> None:
    assert atlassian.myself()["displayName"] == "Duolog Sync"
    assert len(atlassian.projects(included_archived=None)) >= 5
    assert atlassian.project("LIN")["key"] == "LIN"
    kinds = atlassian.issue_createmeta_issuetypes("REQ")["issueTypes"]
    task = next(one["id"] for one in kinds if one["name"] == "Task")
    fields = atlassian.issue_createmeta_fieldtypes("REQ", task)["fields"]
    assert "customfield_10032" in [one["fieldId"] for one in fields if one["required"]]
    assert atlassian.get_all_priorities()[0]["name"] == "Highest"
    assert "summary" in [one["id"] for one in atlassian.get_all_fields()]


def test_edits_at_the_same_moment_are_all_kept(simulator: Simulator) -> None:
    user, token = credentials(simulator)

    def edit(client: Jira, thread: int) -> None:
        for number in range(5):
            verbs = {"update": {"labels": [{"add": f"t{thread}-{number}"}]}}
            client.put(f"rest/api/3/issue/{key}", data=verbs)

    url = simulator.site.base_url
    with Jira(url, username=user.email, password=token, cloud=True) as client:
        fields = {"project": {"key": "LIN"}, "issuetype": {"name": "Task"}, "summary": "Shared"}
        key = client.issue_create(fields=fields)["key"]
        threads = [threading.Thread(target=edit, args=(client, number)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(client.issue(key)["fields"]["labels"]) == 20
