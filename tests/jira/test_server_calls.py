"""The client on Server: each call and each answer is in the document of Data Center 10.3.

A simulated Server answers; what is asked of it and what it says are both judged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from helpers.jira_document import SERVER as SERVER_DOCUMENT
from helpers.jira_document import Document, document
from helpers.jirasim import Jira, running_jirasim

from duolog.core.errors import Refused, Retryable, Unseen
from duolog.jira import jql
from duolog.jira.auth import AccessToken
from duolog.jira.call import Answer, Call
from duolog.jira.client import JiraClient, NewIssue, NewWebLink, Query
from duolog.jira.client.worklogs import LEAVE, Adjusting, Estimate, WorklogParts
from duolog.jira.dialect import SERVER
from duolog.jira.guard import HostPolicy
from duolog.jira.transport import JiraTransport, Options, open_http
from duolog.jira.wire import CreatedIssue, Visibility

LOCAL = Options(HostPolicy(allow_private=True, allow_http=True))
MARK = "duolog.link"
ME = "JIRAUSER10000"
UNDOCUMENTED = {("GET", "transitions", "expand")}
"""Said in the document's own words of the operation, and missing among its parameters."""


@dataclass
class Judged:
    """Sends to the simulator; notes what the document has against a call or its answer."""

    inner: JiraTransport
    judge: Document
    operations: Mapping[tuple[str, str], Mapping[str, Any]]
    schemas: Mapping[str, Any]
    complaints: list[str] = field(default_factory=list)
    asked: int = 0

    def send(self, call: Call) -> Answer:
        answer = self.inner.send(call)
        self.asked += 1
        found = [
            (path, operation)
            for (method, path), operation in self.operations.items()
            if method == call.method and re.fullmatch(_pattern(path), call.path)
        ]
        named = f"{call.method} {call.path}"
        if not found:
            self.complaints.append(f"{named} is not documented")
            return answer
        path, operation = max(found, key=lambda each: each[0].count("{") * -1)
        self.complaints += [f"{named}: parameter {it}" for it in self._unknown(call, operation)]
        self.complaints += [f"{named}: body key {it}" for it in self._extra(call, operation)]
        said = json.loads(answer.body) if answer.body.strip() else None
        wrong = self.judge.complaints(call.method, "/rest" + path, answer.status, said)
        self.complaints += [f"{named}: answer {it}" for it in wrong]
        return answer

    def close(self) -> None:
        self.inner.close()

    def _unknown(self, call: Call, operation: Mapping[str, Any]) -> set[str]:
        known = {it["name"] for it in operation.get("parameters", ()) if it["in"] == "query"}
        last = call.path.rpartition("/")[2]
        return {
            it for it in set(call.params) - known if (call.method, last, it) not in UNDOCUMENTED
        }

    def _extra(self, call: Call, operation: Mapping[str, Any]) -> set[str]:
        content = operation.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        if not isinstance(call.body, Mapping) or "$ref" not in schema:
            return set()
        return set(call.body) - set(self.schemas[schema["$ref"].rpartition("/")[2]]["properties"])


def _pattern(path: str) -> str:
    return "/rest" + re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))


@pytest.fixture(scope="module")
def site() -> Iterator[Jira]:
    with running_jirasim("--deployment", "server", "--context", "/jira") as jira:
        yield jira


@pytest.fixture(scope="module")
def transport(site: Jira) -> Iterator[JiraTransport]:
    http = open_http(site.url, AccessToken(site.service.api_token), LOCAL)
    transport = JiraTransport(http, dialect=SERVER, account=ME, options=LOCAL)
    yield transport
    transport.close()


@pytest.fixture
def client(transport: JiraTransport) -> JiraClient:
    return JiraClient(transport, SERVER)


@pytest.fixture
def judged(transport: JiraTransport) -> Judged:
    judge = document(SERVER_DOCUMENT)
    if judge is None:
        pytest.skip("the document of Data Center is not at hand")
    operations = {(method, path): operation for method, path, operation in judge.operations()}
    return Judged(transport, judge, operations, judge.schemas)


@pytest.fixture
def issue(client: JiraClient, site: Jira) -> CreatedIssue:
    """A new issue, born with our mark."""
    return client.issues.create(new(site, "Paint the shed"))


def new(site: Jira, summary: str, token: str = "t1") -> NewIssue:
    fields = {
        "project": {"key": site.project_key},
        "issuetype": {"name": "Task"},
        "summary": summary,
    }
    return NewIssue(fields, ((MARK, {"token": token}),))


EVERYWHERE = {
    "site": {"server_info", "permissions"},
    "people": {"myself", "get", "called", "search", "assignable"},
    "projects": {"list", "get", "statuses", "issue_types", "create_fields", "priorities"},
    "issues": {
        "get", "edit", "transitions", "transition", "create", "create_many", "fetch", "delete",
        "set_property", "get_property",
    },
    "search": {"page", "each", "all", "approximate_count"},
    "comments": {"list", "get", "by_ids", "add", "edit", "delete"},
    "links": {"types", "create", "delete", "web_links", "put_web_link", "delete_web_link"},
    "worklogs": {"list", "get", "add", "edit", "delete"},
}  # fmt: skip
CALLS: list[Callable[[JiraClient, CreatedIssue], object]] = [
    lambda it, _: it.site.server_info(),
    lambda it, _: it.site.permissions(["EDIT_ISSUES"], project_key="FHP"),
    lambda it, _: it.people.get(it.people.myself().account_id),
    lambda it, _: it.people.called(it.people.myself().name or ""),
    lambda it, _: [*it.people.search("maya"), *it.people.assignable("FHP", "maya")],
    lambda it, _: it.projects.list(),
    lambda it, _: it.projects.get("FHP"),
    lambda it, _: it.projects.statuses("FHP"),
    lambda it, _: it.projects.create_fields("FHP", it.projects.issue_types("FHP")[0].id),
    lambda it, _: it.projects.priorities("10000"),
    lambda it, at: it.issues.get(at.id, fields=["summary"], properties=[MARK], expand=["names"]),
    lambda it, at: it.issues.edit(
        at.id, fields={"summary": "x"}, update={"labels": [{"add": "l"}]}
    ),
    lambda it, at: it.issues.transition(at.id, it.issues.transitions(at.id)[0].id),
    lambda it, at: it.issues.create_many([NewIssue({"summary": "no"})] * 2),
    lambda it, at: it.issues.fetch([at.id, "99"], properties=[MARK], expand=["names"]),
    lambda it, at: it.issues.set_property(at.id, "k", {}),
    lambda it, at: it.issues.get_property(at.id, MARK),
    lambda it, _: it.search.page(Query(jql.all_of("FHP"), ("a",), ("p",), ("names",), ("1",)), "1"),
    lambda it, _: [*it.search.each(Query(jql.all_of("FHP"), page_size=1))],
    lambda it, _: it.search.all(Query(jql.all_of("FHP"))),
    lambda it, _: it.search.approximate_count(jql.all_of("FHP")),
    lambda it, at: it.issues.delete(at.id, with_subtasks=True),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__code__.co_names[1])
def test_every_call_and_its_answer_are_in_the_document(
    judged: Judged, issue: CreatedIssue, call: Callable[..., object]
) -> None:
    call(JiraClient(judged, SERVER), issue)
    assert judged.asked
    assert judged.complaints == []


def test_a_conversation_by_the_document(judged: Judged, issue: CreatedIssue) -> None:
    client = JiraClient(judged, SERVER)
    said = client.comments.add(issue.id, "Which *colour*?", properties={MARK: {"token": "c1"}})
    hidden = client.comments.add(
        issue.id, "Quiet", visibility=Visibility(type="role", value="Administrator")
    )
    assert client.comments.edit(issue.id, said.id, "Which red?").body == "Which red?"
    assert [it.id for it in client.comments.list(issue.id)] == [said.id, hidden.id]
    assert client.comments.get(issue.id, said.id).body == "Which red?"
    told = client.comments.by_ids(issue.id, [said.id, "99"])
    assert [it.property_value(MARK) for it in told.comments] == [{"token": "c1"}]
    assert told.unseen == ("99",)
    client.comments.delete(issue.id, said.id)
    assert [it.id for it in client.comments.list(issue.id)] == [hidden.id]
    assert judged.complaints == []


def test_links_by_the_document(judged: Judged, issue: CreatedIssue, site: Jira) -> None:
    client = JiraClient(judged, SERVER)
    other = client.issues.create(new(site, "Buy the paint", token="t2"))
    blocks = next(kind for kind in client.links.types() if kind.name == "Blocks")
    client.links.create(blocks.id, other.id, issue.id)
    client.links.create(blocks.id, other.id, issue.id)
    [told] = client.issues.get(issue.id, fields=["issuelinks"]).known.links or ()
    [telling] = client.issues.get(other.id, fields=["issuelinks"]).known.links or ()
    assert (told.other and told.other.id, told.is_outward) == (other.id, False)
    assert (telling.other and telling.other.id, telling.is_outward) == (issue.id, True)
    client.links.delete(told.id)
    assert client.issues.get(issue.id, fields=["issuelinks"]).known.links == ()
    page = NewWebLink("us=1", "https://a.example/1", "One", "is shown at")
    assert client.links.put_web_link(issue.id, page) == client.links.put_web_link(issue.id, page)
    [shown] = client.links.web_links(issue.id)
    assert (shown.global_id, shown.object.url) == ("us=1", "https://a.example/1")
    client.links.delete_web_link(issue.id, "us=1")
    assert client.links.web_links(issue.id) == ()
    assert judged.complaints == []


def test_worklogs_by_the_document(judged: Judged, issue: CreatedIssue) -> None:
    calls = JiraClient(judged, SERVER).worklogs
    nine = datetime(2026, 1, 17, 9, tzinfo=UTC)
    first = calls.add(
        issue.id,
        WorklogParts(nine, 1200, "A *talk*"),
        properties={MARK: {"token": "w1"}},
        estimate=Estimate(Adjusting.NEW, 60),
        notify=False,
    )
    second = calls.add(issue.id, WorklogParts(nine, 60), estimate=Estimate(Adjusting.MANUAL, 5))
    later = calls.edit(
        issue.id, first.id, WorklogParts(started=nine + timedelta(hours=1)), estimate=LEAVE
    )
    assert (later.comment, later.time_spent_seconds) == ("A *talk*", 1200)
    assert later.started == nine + timedelta(hours=1)
    assert [it.id for it in calls.list(issue.id, with_properties=True)] == [first.id, second.id]
    cleared = calls.edit(issue.id, first.id, WorklogParts(comment=""))
    assert not cleared.comment
    assert not calls.get(issue.id, first.id).comment
    calls.delete(issue.id, second.id, estimate=Estimate(Adjusting.MANUAL, 5))
    assert [it.id for it in calls.list(issue.id)] == [first.id]
    assert judged.complaints == []


def test_no_method_of_the_client_is_left_out() -> None:
    called = {name for call in CALLS for name in call.__code__.co_names}
    for conversation in (
        test_a_conversation_by_the_document,
        test_links_by_the_document,
        test_worklogs_by_the_document,
    ):
        called |= set(conversation.__code__.co_names)
    for resource, methods in EVERYWHERE.items():
        assert methods <= called, resource


def test_an_edit_answers_with_the_issue_as_it_is_then(
    client: JiraClient, issue: CreatedIssue
) -> None:
    edited = client.issues.edit(issue.id, fields={"summary": "Paint the barn", "labels": ["b"]})
    assert (edited.known.summary, edited.known.labels) == ("Paint the barn", ("b",))
    with pytest.raises(Refused) as raised:
        client.issues.edit(issue.id, fields={"summary": ""})
    assert "summary" in raised.value.fields


def test_people_are_known_by_keys_and_written_by_login_names(
    client: JiraClient, site: Jira, issue: CreatedIssue
) -> None:
    (maya,) = client.people.assignable(site.project_key, "maya")
    assert (maya.account_id, maya.name) == ("JIRAUSER10001", "maya")
    edited = client.issues.edit(issue.id, fields={"assignee": {"key": maya.account_id}})
    assert edited.known.assignee is not None
    assert edited.known.assignee.account_id == maya.account_id
    nobody = {"assignee": {"key": "JIRAUSER999"}}
    with pytest.raises(Refused) as raised:
        client.issues.edit(issue.id, fields=nobody)
    assert "assignee" in raised.value.fields
    asked = new(site, "Nobody's"), new(site, "Somebody's")
    wrong, right = client.issues.create_many(
        [replace(asked[0], fields={**asked[0].fields, **nobody}), asked[1]]
    )
    assert isinstance(wrong, Refused)
    assert isinstance(right, CreatedIssue)


def test_an_issue_that_is_not_there_hides_no_other(client: JiraClient, site: Jira) -> None:
    one, two = (client.issues.create(new(site, name)) for name in ("one", "two"))
    told = client.issues.fetch([one.id, "99", two.id], fields=["summary"])
    assert {it.known.summary for it in told.issues} == {"one", "two"}
    assert (told.unseen, told.unread) == (("99",), ())


@pytest.mark.parametrize("status", [pytest.param(403, id="hidden"), pytest.param(500, id="ill")])
def test_an_issue_we_could_not_look_at_is_no_issue_unseen(
    client: JiraClient, site: Jira, issue: CreatedIssue, status: int
) -> None:
    match = {"method": "GET", "path": "*/issue/99"}
    fault = {"match": match, "fault": "status_before", "status": status, "times": 9}
    site.sim("POST", "faults", [fault])
    if status == 403:
        told = client.issues.fetch([issue.id, "99"])
        assert ([it.id for it in told.issues], told.unseen, told.unread) == (
            [issue.id],
            (),
            ("99",),
        )
    else:
        with pytest.raises(Retryable):
            client.issues.fetch([issue.id, "99"])
    site.reset()


def test_a_bulk_create_accounts_for_every_part(client: JiraClient, site: Jira) -> None:
    one, wrong, three = client.issues.create_many([new(site, n) for n in ("one", "", "three")])
    assert isinstance(one, CreatedIssue)
    assert isinstance(wrong, Refused)
    assert isinstance(three, CreatedIssue)
    assert client.issues.get(three.id, properties=[MARK]).properties == {MARK: {"token": "t1"}}


def test_a_search_over_several_pages_is_whole(client: JiraClient, site: Jira) -> None:
    for number in range(3):
        client.issues.create(new(site, f"Number {number}"))
    query = Query(jql.all_of(site.project_key), ("summary",), page_size=2)
    found = client.search.all(query)
    assert len({it.id for it in found}) == len(found)
    assert len(found) == client.search.approximate_count(query.jql)


def test_an_issue_that_leaves_while_pages_are_read_is_noticed(
    client: JiraClient, site: Jira
) -> None:
    made = [client.issues.create(new(site, f"Number {number}")) for number in range(4)]
    query = Query(jql.among([it.id for it in made]) + " ORDER BY id ASC", ("summary",), page_size=2)
    pages = client.search.each(query)
    next(pages)
    client.issues.delete(made[0].id)
    with pytest.raises((Retryable, Refused)):
        list(pages)


def test_projects_are_chosen_by_their_beginning(client: JiraClient) -> None:
    assert [it.key for it in client.projects.list("fh")] == ["FHP"]
    assert {"FHP", "LIN"} <= {it.key for it in client.projects.list()}
    with pytest.raises(Unseen):
        client.projects.get("NOPE")
