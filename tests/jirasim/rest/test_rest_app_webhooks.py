"""Dynamic webhooks of apps over REST, and what they are sent (jira.md 7.1)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

URL = "http://127.0.0.1:1/app"
HOOK = {"events": ["jira:issue_updated"], "jqlFilter": "project = FHP"}


@pytest.fixture
def app(api):
    """The service account as if it were an app."""
    state = api.site.state
    state.settings = replace(state.settings, anyone_registers_webhooks=True)
    return api


def register(app, *webhooks, url=URL):
    reply = app.post("/webhook", {"url": url, "webhooks": [*webhooks]})
    assert reply.status == 200, reply.text
    return reply.json["webhookRegistrationResult"]


def ids(app):
    return [one["id"] for one in app.get("/webhook").json["values"]]


def bodies(app):
    """By event, what was sent to apps so far."""
    assert app.controls.sender.wait_until_idle(5)
    attempts = app.controls.sender.attempts()
    assert all(one.delivery.signature is None for one in attempts)
    return [(one.delivery.event, json.loads(one.delivery.body)) for one in attempts]


def test_people_may_not(api):
    for method, path in (("GET", ""), ("POST", ""), ("DELETE", ""), ("PUT", "/refresh")):
        body = {"url": URL, "webhooks": [HOOK], "webhookIds": [1]}
        assert api.call(method, f"/webhook{path}", body=body).status == 403
    assert api.get("/webhook/failed").status == 403


def test_each_is_made_or_refused_by_itself(app):
    made = register(
        app,
        HOOK,
        {**HOOK, "jqlFilter": "watchers = x"},
        {**HOOK, "jqlFilter": "status in (Done) and assignee != empty"},
    )
    assert [sorted(one) for one in made] == [["createdWebhookId"], ["errors"], ["createdWebhookId"]]
    assert made[1]["errors"] == ["The clause watchers is unsupported"]
    assert ids(app) == [made[0]["createdWebhookId"], made[2]["createdWebhookId"]]


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"jqlFilter": "status was Done"}, "operator"),
        ({"jqlFilter": "status changed"}, "CHANGED"),
        ({"jqlFilter": "assignee is empty"}, "operator"),
        ({"jqlFilter": "project = FHP order by key"}, "ORDER BY"),
        ({"jqlFilter": "not (project = FHP or summary ~ x)"}, "clause summary"),
        ({"jqlFilter": "cf[10016] = 1"}, "clause cf[10016]"),
        ({"jqlFilter": "project ="}, "JQL"),
        ({"jqlFilter": "project = NOPE"}, "NOPE"),
        ({"jqlFilter": None}, "required"),
        ({"events": ["worklog_created"]}, "worklog_created"),
        ({"events": ["attachment_created", "issuelink_created"]}, "attachment_created"),
        ({"events": []}, "event"),
    ],
)
def test_less_is_allowed_than_to_administrators(app, wrong, complaint):
    [result] = register(app, {**HOOK, **wrong})
    assert complaint in " ".join(result["errors"])
    assert ids(app) == []


def test_an_app_has_one_address_and_five_webhooks_of_a_user(app):
    results = register(app, *[HOOK] * 6)
    assert ["errors" in one for one in results] == [False] * 5 + [True]
    other = app.post("/webhook", {"url": f"{URL}/2", "webhooks": [HOOK]})
    assert other.status == 400
    assert "single URL" in other.text


def test_after_thirty_days_one_is_silent_unless_renewed(app, make):
    first, second = (one["createdWebhookId"] for one in register(app, HOOK, HOOK))
    app.site.clock.advance(timedelta(days=20))
    until = app.put("/webhook/refresh", {"webhookIds": [first, 999]}).json["expirationDate"]
    assert until == app.get("/webhook").json["values"][0]["expirationDate"]
    app.site.clock.advance(timedelta(days=20))
    assert ids(app) == [first]
    issue = make()
    app.put(f"/issue/{issue['id']}", {"fields": {"summary": "New"}})
    [(_, body)] = bodies(app)
    assert body["matchedWebhookIds"] == [first]
    assert second not in body["matchedWebhookIds"]
    app.site.clock.advance(timedelta(days=20))
    assert ids(app) == []


def test_an_app_is_told_once_with_all_that_matched(app, make):
    one, two, _ = (
        one["createdWebhookId"]
        for one in register(app, HOOK, HOOK, {**HOOK, "jqlFilter": "project = LIN"})
    )
    issue = make()
    app.put(f"/issue/{issue['id']}", {"fields": {"summary": "New"}})
    [(event, body)] = bodies(app)
    assert event == "jira:issue_updated"
    assert body["matchedWebhookIds"] == [one, two]


def test_only_changes_of_the_named_fields_and_properties_are_told(app, make):
    register(
        app,
        {**HOOK, "fieldIdsFilter": ["labels"]},
        {**HOOK, "events": ["issue_property_set"], "issuePropertyKeysFilter": ["mine"]},
    )
    at = f"/issue/{make()['id']}"
    app.put(at, {"fields": {"summary": "New"}})
    app.put(at, {"fields": {"labels": ["new"]}})
    app.put(f"{at}/properties/other", 1)
    app.put(f"{at}/properties/mine", 2)
    told = dict(bodies(app))
    assert len(bodies(app)) == 2
    assert [one["field"] for one in told["jira:issue_updated"]["changelog"]["items"]] == ["labels"]
    assert told["issue_property_set"]["property"] == {"key": "mine", "value": 2}


def test_deleted_ones_are_gone_and_others_are_left_alone(app):
    mine = register(app, HOOK, HOOK)
    gone = app.call("DELETE", "/webhook", body={"webhookIds": [mine[0]["createdWebhookId"], 5]})
    assert gone.status == 202
    assert ids(app) == [mine[1]["createdWebhookId"]]
    assert app.call("DELETE", "/webhook", body={}).status == 400
