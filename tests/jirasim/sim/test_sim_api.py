"""`/_sim`, as contract.md promises it."""

from datetime import timedelta

import pytest


def test_calls_are_counted_by_template_and_reset(client, admin):
    client.get("/rest/api/3/issue/FHP-1", headers=admin)
    client.get("/rest/api/3/issue/FHP-2", headers=admin)
    client.get("/rest/webhooks/1.0/webhook", headers=admin)
    client.get("/_sim/clock")
    assert client.get("/_sim/calls").json() == {"GET /rest/api/3/issue/{id}": 2}
    client.post("/_sim/calls/reset")
    assert client.get("/_sim/calls").json() == {}


def test_the_clock_is_set_advanced_and_frozen(client, controls):
    moved = client.post("/_sim/clock", json={"advance_seconds": 90}).json()
    assert moved == {"now": "2026-03-02T09:01:30+00:00", "frozen": True}
    client.post("/_sim/clock", json={"now": "2027-01-01T00:00:00Z", "freeze": True})
    assert client.get("/_sim/clock").json()["now"] == "2027-01-01T00:00:00+00:00"
    assert client.post("/_sim/clock", json={"freeze": False}).json()["frozen"] is False
    assert not controls.site.clock.frozen


def test_an_expired_or_revoked_token_is_no_longer_accepted(client, admin):
    mine = client.get("/_sim/tokens").json()[0]
    assert client.get("/rest/api/3/myself", headers=admin).status_code == 200
    change = {"api_token": mine["api_token"], "expires_at": "2026-03-02T08:00:00Z"}
    assert client.post("/_sim/tokens", json=change).status_code == 200
    assert client.get("/rest/api/3/myself", headers=admin).status_code == 401
    client.post("/_sim/tokens", json={"api_token": mine["api_token"], "expires_at": None})
    assert client.get("/rest/api/3/myself", headers=admin).status_code == 200
    client.post("/_sim/tokens", json={"api_token": mine["api_token"], "revoked": True})
    assert client.get("/rest/api/3/myself", headers=admin).status_code == 401


def test_settings_change_what_they_name_and_nothing_else(client, controls):
    before = client.get("/_sim/settings").json()
    after = client.post("/_sim/settings", json={"index_lag_seconds": 30}).json()
    assert after == {**before, "index_lag_seconds": 30}
    assert controls.site.state.settings.index_lag_seconds == 30


def test_the_webhook_policy_is_replaced_as_a_whole(client, controls):
    client.post("/_sim/webhooks/policy", json={"loss": 0.5, "seed": 3})
    client.post("/_sim/webhooks/policy", json={"delay": 2})
    assert controls.sender.policy.loss == 0
    assert client.get("/_sim/webhooks/policy").json()["delay"] == 2


def test_what_was_sent_can_be_read(client, controls, admin):
    hook = {"name": "n", "url": "http://127.0.0.1:1/x", "events": ["jira:issue_deleted"]}
    client.post("/rest/webhooks/1.0/webhook", json=hook, headers=admin)
    assert (
        client.delete("/rest/api/3/issue/FHP-1?deleteSubtasks=true", headers=admin).status_code
        == 204
    )
    assert controls.sender.wait_until_idle(5)
    [sent, *_] = client.get("/_sim/webhooks/sent").json()
    assert sent["event"] == "jira:issue_deleted"
    assert sent["url"] == hook["url"]
    whole = client.get("/_sim/webhooks/sent/0").json()
    assert whole["body"]["webhookEvent"] == "jira:issue_deleted"
    assert whole["headers"]["X-Atlassian-Webhook-Identifier"] == sent["identifier"]
    assert client.get("/_sim/webhooks/sent", params={"bodies": "true"}).json()[0] == whole
    assert client.get("/_sim/webhooks/sent/9000").status_code == 404
    assert (sent["status"], sent["retry"], sent["flow"]) == (None, 0, "Primary")
    client.post("/_sim/clock", json={"advance_seconds": timedelta(minutes=15).total_seconds()})
    assert controls.sender.wait_until_idle(5)
    assert 1 in [one["retry"] for one in client.get("/_sim/webhooks/sent").json()]


@pytest.mark.parametrize(
    ("path", "body", "complaint"),
    [
        ("/_sim/clock", {}, "Give now"),
        ("/_sim/clock", {"now": "soon"}, "no instant"),
        ("/_sim/clock", {"advance_seconds": -1}, "not negative"),
        ("/_sim/clock", [], "an object"),
        ("/_sim/webhooks/policy", {"loss": 2}, "from 0 to 1"),
        ("/_sim/webhooks/policy", {"lost": 1}, "Unknown: lost"),
        ("/_sim/webhooks/policy", {"seed": "x"}, "seed is a whole number"),
        ("/_sim/tokens", {"api_token": "none"}, "no such api_token"),
        ("/_sim/settings", {"latency_ms": True}, "latency_ms is a number"),
        ("/_sim/settings", {"comment_add_moves_updated": 1}, "true or false"),
        ("/_sim/settings", {"speed": 1}, "Unknown: speed"),
        ("/_sim/faults", {"fault": "slow"}, "list of faults"),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_with_the_reason(path, body, complaint, client):
    answer = client.post(path, json=body)
    assert answer.status_code == 400
    assert complaint in answer.json()["error"]


def test_broken_json_is_refused(client):
    assert client.post("/_sim/clock", content=b"{").status_code == 400
