"""Two independent clients from PyPI against a running Server below a context path, over loopback."""

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
from jirasim.site.product import SERVER_VERSION, Deployment, Product

ISSUES = 250
LIN = {"project": {"key": "LIN"}, "issuetype": {"name": "Task"}}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    product = Product(Deployment.SERVER, SERVER_VERSION, "/jira")
    now = datetime(2026, 3, 2, tzinfo=UTC)
    found = Simulator(make_state(seed=11, issues=ISSUES, now=now, product=product), VirtualClock())
    thread = threading.Thread(target=found.serve)
    thread.start()
    yield found
    found.stop()
    thread.join(10)
    assert not thread.is_alive()


def secret(simulator: Simulator) -> str:
    state = simulator.site.state
    mine = (one for one in state.tokens.values() if one.account_id == state.service_account)
    return next(one.secret for one in mine)


@pytest.fixture(params=["a token", "a password"])
def pycontribs(simulator: Simulator, request: pytest.FixtureRequest) -> Iterator[JIRA]:
    state, url = simulator.site.state, simulator.site.base_url
    if request.param == "a token":
        client = JIRA(url, token_auth=secret(simulator), max_retries=0)
    else:
        login = ("duolog-sync", state.passwords[state.service_account])
        client = JIRA(url, basic_auth=login, max_retries=0)
    yield client
    client.close()


@pytest.fixture
def atlassian(simulator: Simulator) -> Iterator[Jira]:
    url = simulator.site.base_url
    with Jira(url, token=secret(simulator), cloud=False) as client:
        yield client


def test_jira_takes_an_issue_through_its_life(pycontribs: JIRA) -> None:
    issue = pycontribs.create_issue(
        fields={**LIN, "summary": "From the client", "description": "*Bold* \r\n"}
    )
    assert pycontribs.issue(issue.key).fields.description == "*Bold* \r\n"
    issue.update(fields={"summary": "Changed", "labels": ["client"]})
    issue.update(assignee={"name": "maya"})
    assert pycontribs.assign_issue(issue, "aiko")
    again = pycontribs.issue(issue.id)
    assert (again.fields.summary, again.fields.assignee.name) == ("Changed", "aiko")
    comment = pycontribs.add_comment(issue, "A remark")
    comment.update(body="A better remark")
    assert [one.body for one in pycontribs.comments(issue)] == ["A better remark"]
    for step in ("Start", "Send to review"):
        pycontribs.transition_issue(issue, step)
    pycontribs.transition_issue(issue, "Finish", fields={"resolution": {"name": "Done"}})
    done = pycontribs.issue(issue.key, expand="changelog")
    assert (done.fields.status.name, done.fields.resolution.name) == ("Done", "Done")
    assert len(done.changelog.histories) == 6
    comment.delete()
    issue.delete()
    with pytest.raises(JIRAError, match="Issue Does Not Exist"):
        pycontribs.issue(issue.key)


def test_jira_searches_through_all_pages(pycontribs: JIRA) -> None:
    found = pycontribs.search_issues("project = FHP ORDER BY key", maxResults=0, fields="summary")
    assert (len(found), found.total) == (ISSUES, ISSUES)
    page = pycontribs.search_issues("project = FHP ORDER BY key", startAt=240, maxResults=50)
    assert [one.key for one in page] == [f"FHP-{number}" for number in range(241, 251)]


def test_jira_works_on_an_issue(pycontribs: JIRA) -> None:
    issue = pycontribs.create_issue(fields={**LIN, "summary": "Timed"})
    other = pycontribs.create_issue(fields={**LIN, "summary": "Other"})
    began = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    worklog = pycontribs.add_worklog(issue, "2h 30m", comment="Did *it*", started=began)
    assert (worklog.timeSpentSeconds, worklog.comment) == (9000, "Did *it*")
    assert [one.timeSpent for one in pycontribs.worklogs(issue)] == ["2h 30m"]
    worklog.delete()
    pycontribs.create_issue_link("Blocks", issue.key, other.key)
    [link] = pycontribs.issue(issue.key).fields.issuelinks
    assert link.outwardIssue.key == other.key
    pycontribs.delete_issue_link(link.id)
    content = bytes(range(256)) * 40
    made = pycontribs.add_attachment(issue, BytesIO(content), filename="ölstand 1.bin")
    [shown] = pycontribs.issue(issue.key).fields.attachment
    assert (shown.get(), shown.size) == (content, len(content))
    pycontribs.attachment(made.id).delete()
    issue.delete()
    other.delete()


def test_jira_reads_what_forms_and_pages_need(pycontribs: JIRA) -> None:
    assert pycontribs.myself()["name"] == "duolog-sync"
    assert pycontribs.server_info()["deploymentType"] == "Server"
    assert "FHP" in {one.key for one in pycontribs.projects()}
    assert pycontribs.project("FHP").lead.name == "maya"
    kinds = pycontribs.project_issue_types("REQ")
    task = next(one.id for one in kinds if one.name == "Task")
    form = {one.fieldId: one for one in pycontribs.project_issue_fields("REQ", task)}
    assert form["customfield_10032"].required
    assert [one.displayName for one in pycontribs.search_users(user="maya")] == ["Maya Lind"]


def test_atlassian_takes_an_issue_through_its_life(atlassian: Jira, tmp_path: Path) -> None:
    key = atlassian.issue_create(fields={**LIN, "summary": "Second client"})["key"]
    atlassian.update_issue_field(key, {"summary": "Changed", "description": "h1. Title"})
    assert atlassian.issue_field_value(key, "description") == "h1. Title"
    comment = atlassian.issue_add_comment(key, "A remark")
    atlassian.issue_edit_comment(key, comment["id"], "A better remark")
    assert atlassian.issue_get_comments(key)["comments"][0]["body"] == "A better remark"
    atlassian.set_issue_status(key, "In Progress")
    assert atlassian.get_issue_status(key) == "In Progress"
    atlassian.assign_issue(key, "jonas")
    assert atlassian.issue_field_value(key, "assignee")["name"] == "jonas"
    atlassian.issue_worklog(key, "2026-03-02T09:00:00.000+0100", 5400, comment="Did it")
    assert atlassian.issue_get_worklog(key)["worklogs"][0]["timeSpent"] == "1h 30m"
    (tmp_path / "note.txt").write_bytes(b"Grease\n")
    [made] = atlassian.add_attachment(key, str(tmp_path / "note.txt"))
    assert atlassian.get_attachment(made["id"])["filename"] == "note.txt"
    other = atlassian.issue_create(fields={**LIN, "summary": "Linked"})["key"]
    ends = {"inwardIssue": {"key": key}, "outwardIssue": {"key": other}}
    atlassian.create_issue_link({"type": {"name": "Relates"}, **ends})
    [link] = atlassian.issue(key)["fields"]["issuelinks"]
    atlassian.remove_issue_link(link["id"])
    atlassian.delete_issue(other)
    atlassian.delete_issue(key)
    with pytest.raises(OSError, match="Issue Does Not Exist"):
        atlassian.issue(key)


def test_atlassian_searches_by_offset(atlassian: Jira) -> None:
    page = atlassian.jql("project = FHP order by key", fields="summary", start=200, limit=100)
    assert (page["total"], len(page["issues"])) == (ISSUES, 50)
    assert len(atlassian.projects()) >= 5
