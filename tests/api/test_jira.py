"""Connecting, binding, watching and settling over REST, against the simulated Jira."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.builders import a_team, the_owner
from helpers.consents import an_app, consent
from helpers.jirasim import Jira
from helpers.rest import Rest, rest_of

from duolog.connections.oauth import finish_sign_in
from duolog.connections.services import close_clients

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        yield bound


@pytest.fixture
def boss(bound: Bound) -> Rest:
    """The API as the owner of the bound workplace uses it."""
    return rest_of(bound.owner)


def _wish(bound: Bound, **more: object) -> dict[str, object]:
    return {
        "scope": {"team_id": str(bound.team.pk)},
        "connection_id": str(bound.connection.pk),
        "jira_project_key": bound.jira.project_key,
        "direction": "two_way",
        "start": "everything",
        **more,
    }


def _account(jira: Jira, **other: str) -> dict[str, str]:
    return {
        "kind": "workplace", "deployment": "cloud", "address": jira.url, "method": "api_token",
        "email": jira.service.email, "secret": jira.service.api_token, **other,
    }  # fmt: skip


def test_a_connection_is_made_checked_renamed_and_removed(rest: Rest, jira: Jira) -> None:
    made = rest.post("/connections", _account(jira, label="Our Jira"))
    assert (made["health"], made["label"]) == ("connected", "Our Jira")
    assert made["report"]["missing"] == []
    assert jira.service.api_token not in str(made)
    path = f"/connections/{made['id']}"
    assert rest.post(f"{path}/check", status=200)["account_id"] == jira.service.account_id
    assert rest.patch(path, {"label": "Jira of old"})["label"] == "Jira of old"
    assert [each["id"] for each in rest.get("/connections")["items"]] == [made["id"]]
    rest.delete(path)
    assert rest.get("/connections")["items"] == []
    close_clients()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        pytest.param({"secret": "wrong"}, "secret", "did not accept", id="a wrong token"),
        pytest.param({"address": "http://127.0.0.1:9"}, "address", "", id="nobody at the address"),
        pytest.param({"address": "two words"}, "address", "spaces", id="an address that is none"),
        pytest.param({"email": ""}, "email", "e-mail", id="no e-mail"),
        pytest.param({"secret": ""}, "secret", "API token", id="no token"),
        pytest.param({"method": "pat"}, "method", "signed in to by", id="a method of Server"),
        pytest.param({"ca_file": "/ca.pem"}, "ca_file", "name of a file", id="a path"),
        pytest.param(
            {"deployment": "server", "method": "pat"}, "deployment", "is Jira Cloud", id="a Cloud"
        ),
    ],
)
def test_what_does_not_connect_says_why_at_its_field(
    rest: Rest, jira: Jira, changes: dict[str, str], field: str, words: str
) -> None:
    answer = rest.ask("POST", "/connections", _account(jira, **changes))
    assert answer.status_code == 422, answer.content
    assert words in answer.json()["detail"]
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert rest.get("/connections")["items"] == []


def test_a_personal_connection_is_its_callers_alone(boss: Rest, bound: Bound) -> None:
    who = bound.jira.people[0]
    mine = rest_of(bound.maya)
    made = mine.post(
        "/connections",
        _account(bound.jira, kind="personal", email=who.email, secret=who.api_token),
    )
    path = f"/connections/{made['id']}"
    assert mine.get(path)["account_name"] == "Maya Lind"
    assert mine.patch(path, {"writes_in_my_name": True})["writes_in_my_name"] is True
    assert {each["kind"] for each in mine.get("/connections")["items"]} == {"workplace", "personal"}
    assert [each["kind"] for each in boss.get("/connections")["items"]] == ["workplace"]
    for method, rest in [("GET", ""), ("DELETE", ""), ("GET", "/stops"), ("POST", "/check")]:
        assert boss.ask(method, f"{path}{rest}").status_code == 404
    assert boss.ask("PATCH", path, {"label": "Mine now"}).status_code == 404
    assert mine.post(f"{path}/check", status=200)["missing"] == []
    mine.delete(path)
    assert [each["kind"] for each in mine.get("/connections")["items"]] == ["workplace"]


def test_oauth_answers_where_a_person_consents(boss: Rest, bound: Bound, settings: Any) -> None:
    wish = {"method": "oauth", "kind": "personal", "address": bound.jira.url}
    refused = boss.ask("POST", "/connections", wish)
    assert (refused.status_code, "no OAuth app" in refused.json()["detail"]) == (422, True)
    an_app(bound.jira.sim, settings, bound.jira.url)
    begun = boss.post("/connections", wish, status=202)
    assert begun["authorize_url"].startswith(f"{bound.jira.url}/authorize?")
    again = boss.post(f"/connections/{bound.connection.pk}/sign-in", status=202)
    back = consent(again["authorize_url"], bound.jira.service.account_id)
    finish_sign_in(bound.owner, back["state"], back["code"])
    assert boss.get(f"/connections/{bound.connection.pk}")["method"] == "oauth"


def test_a_credential_is_replaced_and_an_end_told(boss: Rest, bound: Bound) -> None:
    path = f"/connections/{bound.connection.pk}"
    wrong = boss.ask("PATCH", path, {"secret": "wrong"})
    assert wrong.status_code == 422
    assert [each["field"] for each in wrong.json()["errors"]] == ["secret"]
    changed = boss.patch(path, {"secret": bound.jira.service.api_token, "expires_on": "2099-05-01"})
    assert (changed["health"], changed["expires_at"]) == ("connected", "2099-05-01T00:00:00Z")
    assert boss.patch(path, {"expires_on": None})["expires_at"] is None
    assert boss.ask("PATCH", path, {"writes_in_my_name": True}).status_code == 422


def test_removing_says_what_stops_and_connecting_again_goes_on(boss: Rest, bound: Bound) -> None:
    bound.item()
    binding = bound.bind()
    path = f"/connections/{bound.connection.pk}"
    stops = boss.get(f"{path}/stops")
    assert (stops["items"], stops["webhook"]) == (1, "none")
    assert [each["binding_id"] for each in stops["bindings"]] == [str(binding.pk)]
    boss.delete(path)
    assert boss.get("/connections")["items"] == []
    stopped = boss.get(f"/bindings/{binding.pk}")
    assert (stopped["state"], stopped["is_stopped"]) == ("active", True)
    assert "disconnected" in stopped["trouble"]
    assert boss.get(f"/bindings/{binding.pk}/progress")["is_running"] is False
    assert boss.post("/connections", _account(bound.jira))["id"] == str(bound.connection.pk)
    again = boss.get(f"/bindings/{binding.pk}")
    assert (again["is_stopped"], again["trouble"]) == (False, "")


def test_a_webhook_is_set_up(rest: Rest, jira: Jira) -> None:
    path = f"/connections/{rest.post('/connections', _account(jira))['id']}/webhook"
    assert rest.get(path)["url"] is None
    unsigned = rest.post(path, {}, status=200)
    assert "/api/pms/webhook/jira/" in unsigned["url"]
    assert unsigned["signed"] is False
    signed = rest.post(path, {"secret": "s" * 20}, status=200)
    assert (signed["signed"], signed["url"]) == (True, unsigned["url"])
    registered = rest.post(path, {"register": True}, status=200)
    assert "jira:issue_updated" in registered["events"]
    close_clients()


def test_a_proposal_stores_nothing(boss: Rest, bound: Bound) -> None:
    bound.item("One here")
    bound.jira.create("One there")
    proposal = boss.post("/bindings/proposal", _wish(bound), status=200)
    assert (proposal["items_here"], proposal["issues_there"]) == (1, 1)
    assert {"types", "statuses", "priorities", "users", "screens"} <= set(proposal["mapping"])
    assert boss.get("/bindings")["items"] == []


def test_a_binding_waits_for_the_approval_of_its_preview(boss: Rest, bound: Bound) -> None:
    for title in ("One here", "Two here"):
        bound.item(title)
    bound.jira.create("One there")
    binding = boss.post("/bindings", _wish(bound, preview=True))
    assert binding["state"] == "preview"
    path = f"/bindings/{binding['id']}"
    assert boss.get(f"{path}/preview")["state"] == "making"
    bound.run()
    preview = boss.get(f"{path}/preview?limit=2")
    assert (preview["state"], preview["counts"]) == (
        "ready",
        {"create_issue": 2, "create_item": 1, "open": 3},
    )
    (last,) = boss.get(f"{path}/preview?cursor={preview['next_cursor']}")["items"]
    assert (last["act"], last["title"]) == ("create_item", "One there")
    wrong = {"preview_id": "987654", "entries": "all"}
    assert "newer preview" in boss.post(f"{path}/approve", wrong, status=409)["detail"]
    chosen = {"preview_id": preview["id"], "entries": [preview["items"][0]["id"]]}
    approved = boss.post(f"{path}/approve", chosen, status=202)
    assert approved["counts"]["approved"] == 1
    assert "not waiting" in boss.post(f"{path}/approve", {}, status=409)["detail"]
    bound.run(within=60)
    done = boss.get(f"{path}/preview")
    assert (done["state"], done["counts"]["done"], done["counts"]["left_out"]) == ("done", 1, 2)
    assert boss.get(path)["state"] == "active"


def test_a_team_is_bound_and_its_items_show_their_link(boss: Rest, bound: Bound) -> None:
    item = bound.item("Cap the upload size")
    binding = boss.post("/bindings", _wish(bound))
    assert binding["scope"] == {"team_id": str(bound.team.pk), "project_id": None}
    assert boss.get(f"/work-items/{item.pk}")["link"] is None
    bound.run()
    link = boss.get(f"/work-items/{item.pk}")["link"]
    assert link["state"] == "in_step", link
    assert link["issue_url"] == f"{bound.jira.url}/browse/{link['issue_key']}"
    assert link["synced_at"].endswith("Z")
    (listed,) = boss.get("/work-items")["items"]
    assert listed["link"] == link
    whole = boss.get(f"/links/{link['id']}")
    assert (whole["work_item_id"], whole["binding_id"]) == (str(item.pk), binding["id"])
    progress = boss.get(f"/bindings/{binding['id']}/progress")
    assert (progress["in_step"], progress["is_running"]) == (1, False)


def test_a_link_tells_its_journal_and_ends(boss: Rest, bound: Bound) -> None:
    item = bound.item("First words")
    bound.bind()
    link = boss.get(f"/work-items/{item.pk}")["link"]
    boss.patch(f"/work-items/{item.pk}", {"title": "Second words"})
    assert boss.get(f"/work-items/{item.pk}")["link"]["state"] == "due"
    bound.run()
    (latest,) = boss.get(f"/links/{link['id']}/journal?limit=1")["items"]
    assert (latest["key"], latest["after"], latest["side"]) == ("title", "Second words", "remote")
    assert latest in boss.get("/journal")["items"]
    assert boss.post(f"/links/{link['id']}/sync", status=202)["state"] == "due"
    assert boss.post(f"/links/{link['id']}/unlink", status=200)["state"] == "ended"


def test_a_binding_pauses_resumes_changes_and_ends(boss: Rest, bound: Bound) -> None:
    bound.item()
    path = f"/bindings/{boss.post('/bindings', _wish(bound))['id']}"
    bound.run()
    assert boss.post(f"{path}/pause", status=200)["state"] == "paused"
    assert boss.get("/work-items")["items"][0]["link"]["state"] == "paused"
    assert boss.post(f"{path}/resume", status=200)["state"] == "active"
    changed = boss.patch(
        path, {"conflict_policy": "jira_wins", "on_delete": {"here": "delete", "jira": "unlink"}}
    )
    assert changed["conflict_policy"] == "jira_wins"
    assert changed["on_delete"] == {"here": "delete", "jira": "unlink"}
    assert changed["direction"] == "two_way"
    boss.post(f"{path}/run", status=202)
    boss.post(f"{path}/sweep", status=202)
    assert boss.ask("GET", f"{path}/preview").status_code == 404
    boss.delete(path)
    assert boss.get(path)["state"] == "ended"
    for act in ("pause", "resume", "run", "sweep"):
        assert "has ended" in boss.post(f"{path}/{act}", status=422)["detail"]
    assert "has ended" in boss.patch(path, {"direction": "one_way"}, status=422)["detail"]
    assert boss.get("/bindings")["items"] == []


def test_the_last_comparison_is_told_with_what_had_drifted(boss: Rest, bound: Bound) -> None:
    item = bound.item("As it is")
    path = f"/bindings/{bound.bind().pk}"
    assert boss.get(path)["last_comparison"] is None
    link = bound.link(item)
    link.base_slots.filter(key="title").update(local="Otherwise", remote="Otherwise")
    boss.post(f"{path}/sweep", status=202)
    bound.run(within=60)
    told = boss.get(path)["last_comparison"]
    assert told == boss.get(f"{path}/progress")["last_comparison"]
    assert told == boss.get("/bindings")["items"][0]["last_comparison"]
    assert (told["compared"], told["drift"], told["at"][-1]) == (1, 1, "Z")
    assert told["items"] == [
        {
            "link_id": str(link.pk),
            "work_item_id": str(item.pk),
            "issue_key": link.issue_key,
            "issue_url": f"{bound.jira.url}/browse/{link.issue_key}",
            "slots": ["field/title"],
        }
    ]
    boss.post(f"{path}/sweep", status=202)
    bound.run(within=60)
    assert boss.get(path)["last_comparison"] | {"at": ""} == {
        "at": "", "compared": 1, "drift": 0, "items": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"jira_project_key": "NOPE"}, 422, id="a project nobody sees"),
        pytest.param({"connection_id": "9999"}, 404, id="a connection that is not there"),
        pytest.param(
            {"scope": {"project_id": "9999"}}, 404, id="a project of ours that is not there"
        ),
        pytest.param({"mapping": {"status": {}}}, 422, id="a table that does not exist"),
        pytest.param(
            {"mapping": {"statuses": {"out": {"1": "4242"}}}}, 422, id="a status nobody has"
        ),
        pytest.param({"field_rules": {"tilte": "off"}}, 422, id="a rule about nothing"),
        pytest.param({"filter": {"statuses": ["99999"]}}, 422, id="a filter nothing passes"),
    ],
)
def test_what_cannot_be_bound_is_refused(
    boss: Rest, bound: Bound, changes: dict[str, Any], status: int
) -> None:
    assert boss.post("/bindings", {**_wish(bound), **changes}, status=status)["detail"]
    assert boss.get("/bindings")["items"] == []


def test_a_team_is_bound_once(boss: Rest, bound: Bound) -> None:
    boss.post("/bindings", _wish(bound))
    assert "bound already" in boss.post("/bindings", _wish(bound), status=422)["detail"]


def _conflict(boss: Rest, bound: Bound) -> tuple[str, str, Any]:
    """An item and its issue after both were renamed, and what the inbox says."""
    item = bound.item("Both began here")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    boss.post(f"/bindings/{boss.get('/bindings')['items'][0]['id']}/pause", status=200)
    boss.patch(f"/work-items/{item.pk}", {"title": "Ours"})
    bound.jira.edit(issue, summary="Theirs")
    boss.post(f"/bindings/{boss.get('/bindings')['items'][0]['id']}/resume", status=200)
    bound.run()
    (entry,) = boss.get("/inbox?kind=conflict")["items"]
    return str(item.pk), issue, entry


@pytest.mark.parametrize(
    ("choice", "title"),
    [("here", "Ours"), ("jira", "Theirs"), ({"value": "Agreed"}, "Agreed")],
    ids=["here", "jira", "a value of its own"],
)
def test_a_conflict_is_settled_by_choice(
    boss: Rest, bound: Bound, choice: object, title: str
) -> None:
    item, issue, entry = _conflict(boss, bound)
    (slot,) = entry["conflicts"]
    assert (slot["slot"], slot["here"], slot["jira"]) == ("title", "Ours", "Theirs")
    assert entry["choices"] == {"title": ["here", "jira", "value"]}
    assert boss.get(f"/work-items/{item}")["link"]["state"] == "conflict"
    boss.post(f"/inbox/{entry['id']}/resolve", {"choices": {"title": choice}}, status=204)
    bound.run()
    assert boss.get(f"/work-items/{item}")["title"] == title
    assert bound.jira.get(issue)["summary"] == title
    assert boss.get("/inbox")["items"] == []


@pytest.mark.parametrize(
    "choices",
    [{}, {"title": "delete"}, {"nonsense": "here"}, {"title": {"value": ""}}],
    ids=["nothing", "a choice of deletions", "another slot", "a value that cannot be stored"],
)
def test_a_choice_that_cannot_be_made_changes_nothing(
    boss: Rest, bound: Bound, choices: dict[str, object]
) -> None:
    _, _, entry = _conflict(boss, bound)
    path = f"/inbox/{entry['id']}"
    assert boss.post(f"{path}/resolve", {"choices": choices}, status=422)["errors"]
    assert boss.get(path) == entry
    boss.post(f"{path}/retry", status=204)


def test_a_deletion_asks_what_is_to_follow(boss: Rest, bound: Bound) -> None:
    item = bound.item("Deleted here")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    boss.delete(f"/work-items/{item.pk}")
    bound.run()
    (entry,) = boss.get("/inbox?kind=hold")["items"]
    assert entry["choices"] == {"deletion": ["delete", "unlink", "restore"]}
    wrong = boss.post(f"/inbox/{entry['id']}/resolve", {"choices": {"title": "here"}}, status=422)
    assert "deletion: delete, unlink, restore" in wrong["detail"]
    boss.post(f"/inbox/{entry['id']}/resolve", {"choices": {"deletion": "restore"}}, status=204)
    bound.run()
    assert boss.get(f"/work-items/{item.pk}")["link"]["state"] == "in_step"
    assert bound.jira.get(issue)["summary"] == "Deleted here"


def test_the_connection_of_another_workplace_is_not_there(boss: Rest, bound: Bound) -> None:
    stranger = rest_of(the_owner(a_team().workplace))
    assert stranger.ask("GET", f"/connections/{bound.connection.pk}").status_code == 404
    assert stranger.post("/bindings", _wish(bound), status=404)["detail"]
