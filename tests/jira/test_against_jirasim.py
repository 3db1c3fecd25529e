"""The client over a real connection, against the simulator in a process of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from duolog.core.errors import Disconnected, Refused, Unseen
from duolog.jira import jql
from duolog.jira.auth import ApiToken
from duolog.jira.client import JiraClient, NewIssue, NewWebhook, Query, open_client
from duolog.jira.client.worklogs import LEAVE, WorklogParts
from duolog.jira.guard import HostPolicy
from duolog.jira.transport import Options
from duolog.jira.wire import CreatedIssue

SOURCES = Path(__file__).parents[2] / "src"
LOCAL = Options(HostPolicy(allow_private=True, allow_http=True))
MARK = "duolog.link"

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("jirasim.__main__") is None, reason="jirasim cannot be started"
)


def text(words: str) -> dict[str, Any]:
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


@pytest.fixture(scope="module")
def site() -> Iterator[Mapping[str, Any]]:
    """A simulated site on loopback, and how to reach it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "jirasim", "--deployment", "cloud", "--port", "0"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def signed_in(site: Mapping[str, Any], *, account: str | None = None) -> JiraClient:
    credential = ApiToken(site["email"], site["api_token"])
    return open_client(site["url"], credential, account=account, options=LOCAL)


@pytest.fixture(scope="module")
def sim(site: Mapping[str, Any]) -> Iterator[JiraClient]:
    with signed_in(site, account=site["account_id"]) as client:
        yield client


@pytest.fixture
def issue(sim: JiraClient, site: Mapping[str, Any]) -> CreatedIssue:
    """A new issue, born with our mark."""
    (kind, *_) = [it for it in sim.projects.issue_types(site["project_key"]) if not it.subtask]
    fields = {
        "project": {"key": site["project_key"]},
        "issuetype": {"id": kind.id},
        "summary": "Paint the shed",
        "description": text("All of it."),
    }
    return sim.issues.create(NewIssue(fields, ((MARK, {"token": "t1"}),)))


def test_who_and_where_we_are(sim: JiraClient, site: Mapping[str, Any]) -> None:
    myself = sim.people.myself()
    assert myself.account_id == site["account_id"]
    assert ZoneInfo(myself.time_zone or "")
    assert sim.site.server_info().deployment_type == "Cloud"


def test_a_wrong_token_ends_the_connection(site: Mapping[str, Any]) -> None:
    with signed_in({**site, "api_token": "wrong"}) as client, pytest.raises(Disconnected):
        client.people.myself()


def test_another_account_than_expected_ends_the_connection(site: Mapping[str, Any]) -> None:
    with signed_in(site, account="712020:somebody") as client, pytest.raises(Disconnected):
        client.projects.get(site["project_key"])


def test_what_a_connection_looks_at_first(sim: JiraClient, site: Mapping[str, Any]) -> None:
    key = site["project_key"]
    asked = ("BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES")
    assert set(sim.site.permissions(asked, project_key=key).permissions) == set(asked)
    assert key in {it.key for it in sim.projects.list()}
    kinds = sim.projects.issue_types(key)
    assert {it.id for it in kinds} == {it.id for it in sim.projects.statuses(key)}
    fields = sim.projects.create_fields(key, kinds[0].id)
    assert "summary" in {it.field_id for it in fields if it.must_be_given}
    assert sim.projects.priorities()
    assert sim.people.assignable(key)


def test_the_life_of_an_issue(sim: JiraClient, issue: CreatedIssue) -> None:
    first = sim.issues.get(issue.id, fields=["*all"], properties=[MARK])
    assert first.properties == {MARK: {"token": "t1"}}

    edited = sim.issues.edit(issue.id, fields={"summary": "Paint the barn", "labels": ["b", "a"]})
    assert edited.known.summary == "Paint the barn"
    assert edited.updated >= first.updated

    step = sim.issues.transitions(issue.id)[0]
    sim.issues.transition(issue.id, step.id)
    moved = sim.issues.get(issue.id, fields=["status", "updated"])
    assert moved.known.status == step.to

    sim.issues.set_property(issue.id, MARK, {"token": "t2"})
    assert sim.issues.get_property(issue.id, MARK) == {"token": "t2"}

    sim.issues.delete(issue.id)
    with pytest.raises(Unseen):
        sim.issues.get(issue.id)
    gone = sim.issues.fetch([issue.id])
    assert (gone.issues, gone.unseen + gone.unread) == ((), (issue.id,))


def test_a_wrong_edit_is_refused_by_field(sim: JiraClient, issue: CreatedIssue) -> None:
    with pytest.raises(Refused) as raised:
        sim.issues.edit(issue.id, fields={"summary": ""})
    assert "summary" in raised.value.fields


def test_a_conversation(sim: JiraClient, issue: CreatedIssue) -> None:
    said = sim.comments.add(issue.id, text("Which colour?"), properties={MARK: {"token": "c1"}})
    changed = sim.comments.edit(issue.id, said.id, text("Which red?"))
    assert (changed.id, changed.body) == (said.id, text("Which red?"))
    assert [it.id for it in sim.comments.list(issue.id)] == [said.id]

    (marked,) = sim.comments.by_ids(issue.id, [said.id]).comments
    assert marked.property_value(MARK) == {"token": "c1"}

    embedded = sim.issues.get(issue.id, fields=["comment"]).known.comment
    assert embedded is not None
    assert embedded.complete
    assert [it.id for it in embedded.comments] == [said.id]

    sim.comments.delete(issue.id, said.id)
    assert sim.comments.list(issue.id) == ()
    assert sim.comments.by_ids(issue.id, [said.id]).unseen == (said.id,)


def test_time_is_logged_with_our_mark_and_only_what_is_said_changes(
    sim: JiraClient, issue: CreatedIssue
) -> None:
    nine = datetime(2026, 1, 17, 9, tzinfo=UTC)
    parts = WorklogParts(nine, 1200, text("A talk"))
    logged = sim.worklogs.add(
        issue.id, parts, properties={MARK: {"token": "w1"}}, estimate=LEAVE, notify=False
    )
    assert (logged.started, logged.time_spent_seconds) == (nine, 1200)
    (marked,) = sim.worklogs.list(issue.id, with_properties=True)
    assert marked.property_value(MARK) == {"token": "w1"}

    shorter = sim.worklogs.edit(issue.id, logged.id, WorklogParts(seconds=60), estimate=LEAVE)
    assert (shorter.comment, shorter.time_spent_seconds) == (text("A talk"), 60)
    empty = {**text(""), "content": []}
    cleared = sim.worklogs.edit(issue.id, logged.id, WorklogParts(comment=empty), estimate=LEAVE)
    assert not (cleared.comment or empty)["content"]

    embedded = sim.issues.get(issue.id, fields=["worklog"]).known.worklog
    assert embedded is not None
    assert embedded.complete
    assert [it.id for it in embedded.worklogs] == [logged.id]
    sim.worklogs.delete(issue.id, logged.id, estimate=LEAVE)
    with pytest.raises(Unseen):
        sim.worklogs.get(issue.id, logged.id)


def test_many_at_once_and_one_of_them_wrong(sim: JiraClient, issue: CreatedIssue) -> None:
    known = sim.issues.get(issue.id, fields=["project", "issuetype", "created"]).known
    assert known.project is not None
    assert known.issue_type is not None
    assert known.created is not None
    right = {"project": {"key": known.project.key}, "issuetype": {"id": known.issue_type.id}}
    parts = [NewIssue({**right, "summary": name}) for name in ("one", "", "three")]

    one, wrong, three = sim.issues.create_many(parts)

    assert isinstance(one, CreatedIssue)
    assert isinstance(wrong, Refused)
    assert isinstance(three, CreatedIssue)
    found = sim.issues.fetch([three.id, one.id], fields=["summary"])
    assert {it.known.summary for it in found.issues} == {"one", "three"}

    recent = jql.created_within(known.project.key, timedelta(minutes=5))
    query = Query(recent, ("summary",), reconcile=(one.id, three.id), page_size=2)
    assert {one.id, three.id} <= {it.id for it in sim.search.each(query)}
    assert sim.search.approximate_count(recent) >= 2


def test_a_query_about_nothing_known_is_refused(sim: JiraClient) -> None:
    with pytest.raises(Refused, match="400"):
        sim.search.all(Query(jql.all_of("NOSUCH")))


def test_a_webhook_comes_and_goes(sim: JiraClient) -> None:
    new = NewWebhook("Duolog", "http://127.0.0.1:9/hook", ("comment_created",), secret="s")
    made = sim.webhooks.register(new)
    assert made.id in {it.id for it in sim.webhooks.list()}
    sim.webhooks.delete(made.id)
    assert made.id not in {it.id for it in sim.webhooks.list()}
