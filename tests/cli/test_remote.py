"""Commands that speak to a server: login, connections, bindings, the inbox."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.consents import an_app, sign_in
from helpers.jirasim import Jira
from helpers.rest import rest_of

from duolog.people.models import Scope
from duolog.sync.models import Binding
from duolog.workplace.services.trash import delete_item

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        yield bound


@pytest.fixture
def signed_in(live_server: Any, duolog: Any, bound: Bound) -> str:
    """The owner's token, kept by `duolog login`."""
    token = rest_of(bound.owner).token
    assert duolog("login", "--server", live_server.url, "--token", token).code == 0
    return token


def test_login_keeps_a_proven_token_for_its_owner_alone(
    live_server: Any, duolog: Any, bound: Bound, tmp_path: Path
) -> None:
    refused = duolog("login", "--server", live_server.url, "--token", "wrong")
    assert (refused.code, "duolog token create" in refused.err) == (1, True)
    kept = tmp_path / "duolog" / "config.toml"
    assert not kept.exists()
    done = duolog("login", "--server", live_server.url, "--token", rest_of(bound.owner).token)
    assert (done.code, bound.owner.user.email in done.out) == (0, True)
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.chmod(0o644)
    assert f"chmod 600 {kept}" in duolog("inbox", "list").err


def test_a_kept_token_goes_to_no_other_server(duolog: Any, signed_in: str) -> None:
    other = duolog("inbox", "list", "--server", "http://127.0.0.1:9")
    assert (other.code, "duolog login" in other.err) == (1, True)


@pytest.mark.parametrize(
    ("server", "words"),
    [
        pytest.param("http://127.0.0.1:9", "does not answer", id="nobody there"),
        pytest.param("nonsense", "", id="no address"),
        pytest.param("http://[", "", id="half an address"),
    ],
)
def test_a_server_that_cannot_be_reached_is_named(duolog: Any, server: str, words: str) -> None:
    outcome = duolog("inbox", "list", "--server", server, "--token", "t")
    assert (outcome.code, outcome.out) == (1, "")
    assert server in outcome.err
    assert words in outcome.err
    assert "Traceback" not in outcome.err


def test_without_a_server_the_way_is_told(duolog: Any) -> None:
    assert "duolog login" in duolog("connection", "list").err


def test_a_webhook_is_made_registered_rotated_and_removed(
    duolog: Any, bound: Bound, signed_in: str
) -> None:
    pk = str(bound.connection.pk)
    assert "No webhook is set up" in duolog("connection", "webhook", "show", pk).out
    made = duolog("connection", "webhook", "set", pk)
    assert "/api/pms/webhook/jira/" in made.out
    assert "not signed" in made.out
    assert "Tick in Jira: jira:issue_created" in made.out
    assert duolog("connection", "webhook", "rotate", pk).code == 1
    assert "signed" in duolog("connection", "webhook", "set", pk, "--register").out
    rotated = duolog("connection", "webhook", "rotate", pk, "--json").json
    assert (rotated["kind"], rotated["signed"]) == ("admin", True)
    renewed = duolog("connection", "webhook", "renew", pk, "--json").json
    assert renewed["url"] != rotated["url"]
    assert duolog("connection", "webhook", "remove", pk).code == 0
    assert "No webhook is set up" in duolog("connection", "webhook", "show", pk).out


def test_the_app_to_sign_in_by_is_shown_set_and_removed(
    duolog: Any, signed_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = duolog("connection", "app", "show").out
    assert "There is no app yet" in shown
    assert "/connect/atlassian/callback" in shown
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    refused = duolog("connection", "app", "set", "an-app")
    assert (refused.code, "Copy the secret" in refused.err) == (1, True)
    monkeypatch.setattr("sys.stdin", io.StringIO("its-secret\n"))
    made = duolog("connection", "app", "set", "an-app")
    assert "an-app, of the workplace" in made.out
    assert "its-secret" not in made.out
    assert "There is no app yet" in duolog("connection", "app", "remove").out


def test_connections_are_listed_checked_and_removed(
    duolog: Any, signed_in: str, bound: Bound
) -> None:
    pk = str(bound.connection.pk)
    assert duolog("connection", "list", "--json").json["items"][0]["id"] == pk
    assert bound.connection.base_url in duolog("connection", "list").out
    checked = duolog("connection", "check", pk, "--json").json
    assert checked["account_id"] == bound.jira.service.account_id
    assert "Our Jira" in duolog("connection", "rename", pk, "Our Jira").out
    removed = duolog("connection", "remove", pk)
    assert (removed.code, "is removed" in removed.out) == (0, True)
    assert "No Jira site" in duolog("connection", "list").out


def test_a_site_is_connected_and_its_credential_replaced_by_secrets_from_stdin(
    duolog: Any, signed_in: str, bound: Bound, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    who, address = bound.jira.people[0], bound.jira.url

    def entered(secret: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{secret}\n"))

    entered(who.api_token)
    mine = ["connection", "add", address, "--personal", "--email", who.email]
    made = duolog(*mine, "--expires-on", "2099-05-01", "--json").json
    assert (made["kind"], made["account_name"]) == ("personal", "Maya Lind")
    assert made["expires_at"] == "2099-05-01T00:00:00Z"
    entered("wrong")
    refused = duolog("connection", "rotate", made["id"])
    assert (refused.code, "did not accept" in refused.err) == (1, True)
    entered(who.api_token)
    assert "Maya Lind" in duolog("connection", "rotate", made["id"]).out
    (tmp_path / "key.pem").write_text("-----BEGIN PRIVATE KEY-----")
    entered("x")
    refused = duolog(*mine, "--ca-file", str(tmp_path / "key.pem"))
    assert (refused.code, "private key" in refused.err) == (1, True)
    entered("x")
    assert "cannot be read" in duolog(*mine, "--ca-file", str(tmp_path / "none.pem")).err


def test_signing_in_with_atlassian_prints_where_and_waits_for_nothing(
    duolog: Any, signed_in: str, bound: Bound, settings: Any
) -> None:
    an_app(bound.jira.sim, settings, bound.jira.url)
    out = duolog("connection", "add", bound.jira.url, "--personal", "--method", "oauth").out
    assert f"{bound.jira.url}/authorize?" in out
    sign_in(bound.owner, "", bound.jira.service.account_id, connection=bound.connection)
    pk = str(bound.connection.pk)
    assert "/authorize?" in duolog("connection", "rotate", pk, "--json").json["authorize_url"]


def test_removing_tells_what_stops(duolog: Any, signed_in: str, bound: Bound) -> None:
    bound.item()
    bound.bind()
    out = duolog("connection", "remove", str(bound.connection.pk), "--yes").out
    assert "Platform is no longer kept in step with FHP: 1 items stay linked" in out
    assert "stopped" in duolog("binding", "list").out


def test_a_team_is_bound_run_paused_and_resumed(duolog: Any, signed_in: str, bound: Bound) -> None:
    bound.item("Cap the upload size")
    wish = ["--team", str(bound.team.pk), "--connection", str(bound.connection.pk),
            "--project", bound.jira.project_key]  # fmt: skip
    assert "1 items here, 0 issues" in duolog("binding", "propose", *wish).out
    pk = duolog("binding", "add", *wish, "--json").json["id"]
    bound.run()
    assert "1 in step" in duolog("binding", "run", pk).out
    checked = duolog("binding", "check", pk)
    assert (checked.code, "may do all that is needed" in checked.out) == (0, True)
    assert duolog("binding", "check", pk, "--json").json["items"][0]["severity"] == "warns"
    assert duolog("binding", "sweep", pk, "--json").json["state"] == "active"
    assert duolog("binding", "pause", pk, "--json").json["state"] == "paused"
    assert "active" in duolog("binding", "resume", pk).out
    assert duolog("binding", "list", "--json").json["items"][0]["team_id"] == str(bound.team.pk)
    Binding.objects.filter(pk=pk).update(gaps=["Stage: nothing here stands for it."])
    lacking = f"Binding {pk} ({bound.jira.project_key}): Stage: nothing here stands for it."
    assert lacking in duolog("binding", "list").out
    assert duolog("binding", "list", "--json").json["items"][0]["gaps"]
    again = duolog("binding", "add", *wish)
    assert (again.code, "bound already" in again.err) == (1, True)


def test_drift_is_told_by_list_and_sweep(duolog: Any, signed_in: str, bound: Bound) -> None:
    item = bound.item("As it is")
    pk = str(bound.bind().pk)
    assert "never compared" in duolog("binding", "sweep", pk).out
    link = bound.link(item)
    link.base_slots.filter(key="title").update(local="Otherwise", remote="Otherwise")
    bound.run(within=60)
    assert "1 of 1" in duolog("binding", "list").out
    told = duolog("binding", "sweep", pk).out
    assert "1 compared, drift 1." in told
    assert f"{link.issue_key}: field/title  {bound.jira.url}/browse/{link.issue_key}" in told
    bound.run(within=60)
    assert "0 of 1" in duolog("binding", "list").out


def test_a_binding_is_narrowed_by_what_is_sent(duolog: Any, signed_in: str, bound: Bound) -> None:
    bound.item("Left out")
    sent = bound.item("Sent", type="bug", labels=["crash"])
    status = str(sent.status_id)
    wish = ["--team", str(bound.team.pk), "--connection", str(bound.connection.pk),
            "--project", bound.jira.project_key, "--only-type", "bug", "--only-type", "story",
            "--only-label", "crash", "--only-status", status]  # fmt: skip
    made = duolog("binding", "add", *wish, "--json").json
    assert made["filter"] == {"types": ["bug", "story"], "labels": ["crash"], "statuses": [status]}
    bound.run()
    assert [issue["fields"]["summary"] for issue in bound.jira.issues("FHP")] == ["Sent"]


def test_a_conflict_is_listed_and_resolved(duolog: Any, signed_in: str, bound: Bound) -> None:
    item = bound.item("Both began here")
    binding = bound.bind()
    duolog("binding", "pause", str(binding.pk))
    bound.change(item, title="Ours")
    bound.jira.edit(str(bound.link(item).issue_id), summary="Theirs")
    duolog("binding", "resume", str(binding.pk))
    bound.run()
    (entry,) = duolog("inbox", "list", "--json").json["items"]
    assert entry["id"] in duolog("inbox", "list").out
    assert duolog("inbox", "retry", entry["id"]).code == 0
    wrong = duolog("inbox", "resolve", entry["id"], "label=here")
    assert (wrong.code, "no open conflict" in wrong.err) == (1, True)
    assert duolog("inbox", "resolve", entry["id"], "title:=Agreed = kept").code == 0
    bound.run()
    item.refresh_from_db()
    assert item.title == "Agreed = kept"
    assert "Nothing waits" in duolog("inbox", "list").out


def test_many_deletions_are_decided_at_once(duolog: Any, signed_in: str, bound: Bound) -> None:
    items = [bound.item(f"Item {number}") for number in range(2)]
    bound.bind()
    for item in items:
        delete_item(item.pk, actor=bound.me)
    bound.run(within=60)
    (many,) = duolog("inbox", "deletions", "--json").json["items"]
    told = duolog("inbox", "deletions").out
    assert "2 were deleted here; still in Jira" in told
    assert all(name in told for name in many["names"])
    wrong = duolog("inbox", "decide", many["id"], "both")
    assert wrong.code == 1
    assert "Decided for 2" in duolog("inbox", "decide", many["id"], "restore").out
    bound.run(within=60)
    assert "None wait" in duolog("inbox", "deletions").out
    assert duolog("inbox", "decide", many["id"], "delete").code == 1
    assert all(bound.link(item).state == "in_step" for item in items)


def test_a_token_that_only_reads_changes_nothing(
    live_server: Any, duolog: Any, bound: Bound
) -> None:
    reader = rest_of(bound.owner, Scope.READ).token
    place = ["--server", live_server.url, "--token", reader]
    assert duolog("connection", "list", *place).code == 0
    refused = duolog("connection", "remove", str(bound.connection.pk), *place)
    assert (refused.code, "only reads" in refused.err) == (1, True)
