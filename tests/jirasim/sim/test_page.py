"""Acting as a Jira user on the page: same rules as REST, nothing unescaped."""

import re
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from jirasim.http.pages import issue as page_issue
from jirasim.http.pages import page
from jirasim.site.model import User


@pytest.fixture
def browser(controls) -> TestClient:
    return TestClient(Starlette(routes=page.routes(controls)), base_url="http://127.0.0.1")


@pytest.fixture
def user(controls) -> User:
    return controls.site.state.users[controls.site.state.people[0]]


@pytest.fixture
def acting(browser, user) -> TestClient:
    browser.post("/act", data={"account_id": user.account_id, "next": "/"})
    return browser


def first(controls):
    return min(controls.site.state.issues.values(), key=lambda issue: issue.number)


def test_nobody_sees_projects_before_choosing_whom_to_act_as(browser):
    assert "Choose whom to act as." in browser.get("/").text
    assert browser.get("/projects/FHP").status_code == 404
    assert browser.post("/projects/FHP/create", data={"summary": "x"}).status_code == 403


def test_the_chosen_user_sees_their_projects(acting, user):
    text = acting.get("/").text
    assert 'href="/projects/FHP"' in text
    assert re.search(rf"<option [^>]*selected[^>]*>{user.display_name}<", text)


def test_an_issue_is_created_and_everything_written_is_escaped(acting, controls, user):
    answer = acting.post(
        "/projects/FHP/create",
        data={"issuetype": first(controls).type_id, "summary": "<script>alert('1')</script> & co"},
    )
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &amp; co" in answer.text
    newest = max(controls.site.state.issues.values(), key=lambda issue: issue.number)
    assert newest.reporter == user.account_id
    assert newest.summary == "<script>alert('1')</script> & co"


def test_only_what_was_changed_is_sent(acting, controls):
    issue = first(controls)
    fields = page_issue.editable_texts(issue)
    acting.post(f"/browse/{issue.key}/edit", data=dict(fields))
    assert controls.site.state.issues[issue.id] == issue
    changed = {**fields, "summary": "Other", "labels": "a b", "duedate": "2026-05-01"}
    acting.post(f"/browse/{issue.key}/edit", data=changed)
    after = controls.site.state.issues[issue.id]
    assert (after.summary, set(after.labels)) == ("Other", {"a", "b"})
    assert after.description is issue.description
    assert {item.field for item in after.history[-1].items} <= {"summary", "labels", "duedate"}


def test_fields_are_emptied(acting, controls, user):
    issue = first(controls)
    path = f"/browse/{issue.key}/edit"
    acting.post(path, data={"assignee": user.account_id, "description": "Some *words*"})
    filled = controls.site.state.issues[issue.id]
    assert (filled.assignee, filled.description is None) == (user.account_id, False)
    acting.post(path, data={"assignee": "", "description": ""})
    emptied = controls.site.state.issues[issue.id]
    assert (emptied.assignee, emptied.description) == (None, None)


def test_a_refusal_is_shown_in_the_words_of_rest(acting, controls):
    issue = first(controls)
    answer = acting.post(f"/browse/{issue.key}/edit", data={"summary": "x" * 300})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "summary" in answer.text
    assert controls.site.state.issues[issue.id] == issue
    missing = acting.get("/browse/FHP-999")
    assert missing.status_code == 404
    assert "Issue does not exist or you do not have permission to see it." in missing.text


def test_an_issue_is_moved_along(acting, controls):
    issue = first(controls)
    workflow = controls.site.state.projects[issue.project_id].workflow
    arrow = next(one for one in workflow.transitions if one.to_status != issue.status_id)
    assert arrow.name in acting.get(f"/browse/{issue.key}").text
    acting.post(f"/browse/{issue.key}/transition", data={"transition": arrow.id})
    assert controls.site.state.issues[issue.id].status_id == arrow.to_status


def test_comments_are_written_edited_and_deleted(acting, controls):
    issue = first(controls)
    before = len(issue.comments)
    shown = acting.post(f"/browse/{issue.key}/comment", data={"body": "Is it *late*?"})
    assert "Is it *late*?" in shown.text
    comment = controls.site.state.issues[issue.id].comments[-1]
    path = f"/browse/{issue.key}/comment/{comment.id}"
    assert "(edited)" not in shown.text
    controls.site.clock.advance(timedelta(minutes=1))
    assert "(edited)" in acting.post(f"{path}/edit", data={"body": "No."}).text
    acting.post(f"{path}/delete")
    assert len(controls.site.state.issues[issue.id].comments) == before
    assert acting.post(f"/browse/{issue.key}/comment", data={"body": " "}).status_code == 400


def test_an_issue_is_deleted_under_the_rules_of_the_role(acting, controls):
    issue = first(controls)
    path = f"/browse/{issue.key}/delete"
    someone = controls.site.state.people[1]
    acting.post("/act", data={"account_id": someone, "next": "/"})
    assert acting.post(path, data={"subtasks": "true"}).status_code == 403
    acting.post("/act", data={"account_id": controls.site.state.people[0], "next": "/"})
    assert acting.post(path, data={"subtasks": "true"}).url.path == "/projects/FHP"
    assert issue.id not in controls.site.state.issues


def test_webhooks_and_calls_can_be_looked_at(acting, controls):
    controls.calls.add("GET", "/rest/api/3/myself")
    assert "GET /rest/api/3/myself" in acting.get("/calls").text
    assert "No webhook is registered." in acting.get("/webhooks").text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_switching_the_user_never_leads_away(target, browser, user):
    browser.follow_redirects = False
    answer = browser.post("/act", data={"account_id": user.account_id, "next": target})
    assert answer.headers["location"] == "/"


def test_no_script_can_run_and_the_style_is_our_own(acting):
    answer = acting.get("/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert acting.get("/_sim/static/page.css").headers["content-type"].startswith("text/css")


def test_looking_around_counts_as_no_call(acting, controls):
    acting.get("/projects/FHP")
    acting.get(f"/browse/{first(controls).key}")
    assert controls.calls.counts() == {}
