"""Admin webhooks over REST (jira.md 7.1)."""

import pytest

BASE = "/rest/webhooks/1.0/webhook"
HOOK = {
    "name": "Sync",
    "url": "https://example.com/hook",
    "events": ["jira:issue_created", "comment_created"],
    "filters": {"issue-related-events-section": "project = FHP"},
    "excludeBody": False,
    "secret": "geheim",
}


def test_a_webhook_is_made_read_changed_and_deleted(client, admin):
    made = client.post(BASE, json=HOOK, headers=admin)
    assert made.status_code == 201
    body = made.json()
    assert made.headers["location"] == body["self"]
    assert body["isSigned"] is True
    assert "secret" not in body
    assert body["enabled"] is True
    assert {name: body[name] for name in ("name", "url", "events", "filters", "excludeBody")} == {
        name: HOOK[name] for name in ("name", "url", "events", "filters", "excludeBody")
    }
    path = body["self"].removeprefix("https://x.example")
    assert client.get(path, headers=admin).json() == body
    assert client.get(BASE, headers=admin).json() == [body]
    changed = client.put(path, json={"name": "Other"}, headers=admin).json()
    assert (changed["name"], changed["url"], changed["isSigned"]) == ("Other", HOOK["url"], True)
    assert client.delete(path, headers=admin).status_code == 204
    assert client.get(path, headers=admin).status_code == 404
    assert client.get(BASE, headers=admin).json() == []


def test_an_update_without_a_secret_keeps_it_and_with_one_replaces_it(client, controls, admin):
    path = (
        client.post(BASE, json=HOOK, headers=admin).json()["self"].removeprefix("https://x.example")
    )

    def secret():
        return next(iter(controls.site.state.webhooks.values())).secret

    client.put(path, json={"enabled": False}, headers=admin)
    assert secret() == "geheim"
    client.put(path, json={"secret": "neu"}, headers=admin)
    assert secret() == "neu"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": " "}, "name is required"),
        ({"url": "ftp://x"}, "URL is not valid"),
        ({"url": "nowhere"}, "URL is not valid"),
        ({"events": ["jira:issue_exploded"]}, "jira:issue_exploded"),
        ({"events": "jira:issue_created"}, "must be a list"),
        ({"filters": "project = FHP"}, "must be an object"),
        ({"filters": {"issue-related-events-section": "project = NOPE"}}, "'NOPE' does not exist"),
        ({"filters": {"issue-related-events-section": "project ="}}, "Error in the JQL Query"),
    ],
)
def test_a_webhook_that_cannot_work_is_refused(change, complaint, client, admin):
    answer = client.post(BASE, json={**HOOK, **change}, headers=admin)
    assert answer.status_code == 400
    assert complaint in answer.text
    assert client.get(BASE, headers=admin).json() == []


def test_only_administrators_may(client, admin, maya):
    path = (
        client.post(BASE, json=HOOK, headers=admin).json()["self"].removeprefix("https://x.example")
    )
    calls = [("GET", BASE), ("POST", BASE), ("GET", path), ("PUT", path), ("DELETE", path)]
    for method, where in calls:
        assert client.request(method, where, json=HOOK, headers=maya).status_code == 403
        assert client.request(method, where, json=HOOK).status_code == 401
    assert len(client.get(BASE, headers=admin).json()) == 1
