"""What else can be done on the pages: work, files, links, moves, boards, and the machine."""

from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from jirasim.http.pages import page
from jirasim.webhooks.delivery import Delivery

BODY = b'{"webhookEvent":"comment_created","text":"<b>bold</b>"}'


@pytest.fixture
def acting(controls) -> TestClient:
    browser = TestClient(Starlette(routes=page.routes(controls)), base_url="http://127.0.0.1")
    browser.post("/act", data={"account_id": controls.site.state.people[0], "next": "/"})
    return browser


def first(controls):
    issues = controls.site.state.issues.values()
    types = controls.site.state.issue_types
    return min(
        (one for one in issues if types[one.type_id].hierarchy_level == 0),
        key=lambda issue: issue.number,
    )


def test_work_is_logged_and_deleted(acting, controls):
    issue = first(controls)
    before = len(issue.worklogs)
    data = {"spent": "1h 30m", "comment": "Looked *into* it"}
    text = acting.post(f"/browse/{issue.key}/worklog", data=data).text
    assert "1h 30m" in text
    assert "Looked <b>into</b> it" in text
    worklog = controls.site.state.issues[issue.id].worklogs[-1]
    assert worklog.seconds == 5400
    acting.post(f"/browse/{issue.key}/worklog/{worklog.id}/delete")
    assert len(controls.site.state.issues[issue.id].worklogs) == before
    refused = acting.post(f"/browse/{issue.key}/worklog", data={"spent": "soon"})
    assert refused.status_code == 400


def test_files_are_attached_and_removed(acting, controls):
    issue = first(controls)
    path = f"/browse/{issue.key}/attachments"
    text = acting.post(path, files={"file": ("<notes>.txt", b"\r\nbytes\n")}).text
    assert "&lt;notes&gt;.txt" in text
    file = controls.site.state.issues[issue.id].attachments[-1]
    assert controls.site.state.contents[file.id] == b"\r\nbytes\n"
    acting.post(f"/browse/{issue.key}/attachment/{file.id}/delete")
    assert controls.site.state.issues[issue.id].attachments == issue.attachments


def test_issues_are_linked_and_unlinked(acting, controls):
    issue = first(controls)
    other = max(controls.site.state.issues.values(), key=lambda one: one.number)
    [kind, *_] = controls.site.state.link_types.values()
    path = f"/browse/{issue.key}/link"
    assert other.key in acting.post(path, data={"type": kind.id, "key": other.key}).text
    link = controls.site.links(issue)[-1]
    assert (link.source, link.target) == (issue.id, other.id)
    acting.post(f"{path}/{link.id}/delete")
    assert link not in controls.site.links(issue)
    assert acting.post(path, data={"type": kind.id, "key": "NO-1"}).status_code == 404


def test_an_issue_moves_to_another_project(acting, controls):
    issue = first(controls)
    answer = acting.post(f"/browse/{issue.key}/move", data={"target": f"10001/{issue.type_id}"})
    assert answer.url.path.startswith("/browse/LIN-")
    assert acting.get(f"/browse/{issue.key}").status_code == 200


def test_boards_show_what_is_on_them(acting, controls):
    for board in controls.site.state.boards.values():
        answer = acting.get(f"/boards/{board.id}")
        assert answer.status_code == 200, board.name
        assert all(column.name in answer.text for column in board.columns)
        assert board.name in acting.get("/boards").text
    assert acting.get("/boards/999").status_code == 404


def test_the_clock_is_moved_and_stopped(acting, controls):
    before = controls.site.now()
    acting.post("/machine/clock", data={"advance_seconds": "86400"})
    assert (controls.site.now() - before).days == 1
    acting.post("/machine/clock", data={"freeze": "true"})
    assert "standing still" in acting.get("/machine").text
    acting.post("/machine/clock", data={"freeze": "false"})
    acting.post("/machine/clock", data={"now": "2026-07-01T10:00:00Z"})
    assert controls.site.now().month == 7
    assert acting.post("/machine/clock", data={"now": "tomorrow"}).status_code == 400


def test_faults_are_added_to_those_that_wait(acting, controls):
    form = {"method": "POST", "path": "/rest/api/*", "fault": "status_before", "status": "502"}
    acting.post("/machine/faults", data={**form, "times": "2"})
    shown = acting.post("/machine/faults", data={"path": "*", "fault": "slow"}).text
    assert "POST /rest/api/*" in shown
    assert [one.status for one in controls.script.left()] == [502, 503]
    assert acting.post("/machine/faults", data={"fault": "flood"}).status_code == 400
    acting.post("/machine/faults/clear")
    assert controls.script.left() == ()


def test_limits_and_settings_are_turned(acting, controls):
    acting.post("/machine/limits", data={"mode": "cloud"})
    assert controls.site.state.limits.mode == "cloud"
    acting.post("/machine/settings", data={"latency_ms": "5", "linking": "false"})
    settings = controls.site.state.settings
    assert (settings.latency_ms, settings.linking, settings.voting) == (5, False, True)
    assert acting.post("/machine/settings", data={"latency_ms": "x"}).status_code == 400


def test_tokens_are_made_revoked_and_restored(acting, controls):
    tokens = controls.site.state.tokens
    account = controls.site.state.people[1]
    known = set(tokens)
    acting.post("/machine/tokens/new", data={"account_id": account, "label": "mine"})
    [made] = set(tokens) - known
    assert tokens[made].account_id == account
    for said, revoked in (("true", True), ("false", False)):
        acting.post("/machine/tokens", data={"api_token": made, "revoked": said})
        assert tokens[made].revoked is revoked
    assert acting.post("/machine/tokens", data={"api_token": "none"}).status_code == 400


def test_what_was_sent_is_shown_and_sent_again(acting, controls):
    delivery = Delivery("id-1", "1", "comment_created", "http://127.0.0.1:9/x", BODY)
    controls.sender.drop(delivery, "nobody there")
    shown = acting.get("/webhooks").text
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown
    assert "nobody there" in shown
    acting.post("/webhooks/sent/0/again")
    assert controls.sender.wait_until_idle(5)
    assert [one.delivery.retries for one in controls.sender.attempts()][:2] == [0, 1]
    assert controls.sender.attempts()[1].delivery == replace(delivery, retries=1)
    assert acting.post("/webhooks/sent/999/again").status_code == 400
