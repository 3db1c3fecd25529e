"""One's own time straight in a simulated Jira: no server, the token in a keyring."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from helpers.jirasim import Jira, running_jirasim
from helpers.keyrings import KeptByTest
from keyring.backends import fail

MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")
APRIL = ("--from", "2026-04-01", "--to", "2026-04-30")


@pytest.fixture(scope="module", params=["cloud", "server"])
def site(request: pytest.FixtureRequest) -> Iterator[Jira]:
    with running_jirasim("--deployment", request.param) as site:
        yield site


@pytest.fixture
def signed_in(site: Jira, duolog: Any, monkeypatch: pytest.MonkeyPatch) -> Jira:
    """The second person of the site, by `duolog jira login`."""
    keyring.set_keyring(KeptByTest())
    site.reset()
    person = site.people[1]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{person.api_token}\n"))
    who = ("--as", person.email) if site.is_cloud else ()
    done = duolog("jira", "login", site.url, "--deployment", site.deployment, *who)
    assert (done.code, person.name in done.out) == (0, True)
    return site


def there(site: Jira, issue: str) -> list[dict[str, Any]]:
    return list(site.ask("GET", f"issue/{issue}/worklog")["worklogs"])


def test_time_is_logged_shown_changed_moved_and_deleted(
    signed_in: Jira, duolog: Any, tmp_path: Path
) -> None:
    kept = (tmp_path / "duolog" / "jira.toml").read_text()
    assert signed_in.people[1].api_token not in kept
    issue, other = signed_in.create("First"), signed_in.create("Second")
    key = str(signed_in.ask("GET", f"issue/{issue}?fields=summary")["key"])
    made = duolog("log", key, "1h30m", "A *talk*", "--day", "2026-03-02", "--json").json
    (told,) = there(signed_in, issue)
    assert (told["timeSpentSeconds"], made["id"]) == (5400, f"{issue}-{told['id']}")
    shown = duolog("time", *MARCH)
    assert (shown.code, "Total: 1h 30m" in shown.out, key in shown.out) == (0, True, True)
    assert duolog("worklog", "edit", made["id"], "--time", "20m").code == 0
    (shorter,) = there(signed_in, issue)
    assert (shorter["timeSpentSeconds"], shorter["comment"]) == (1200, told["comment"])
    moved = duolog("worklog", "move", made["id"], other, "--json").json
    (arrived,) = there(signed_in, other)
    assert (there(signed_in, issue), arrived["comment"]) == ([], told["comment"])
    assert (arrived["timeSpentSeconds"], arrived["started"]) == (1200, told["started"])
    assert duolog("worklog", "delete", moved["id"]).code == 0
    assert there(signed_in, other) == []
    assert "No worklogs of yours" in duolog("time", *MARCH).out
    needs = duolog("worklog", "undo", moved["id"])
    assert (needs.code, "duolog login" in needs.err) == (1, True)


def test_a_lost_answer_makes_nothing_twice_and_what_is_unknown_is_said(
    signed_in: Jira, duolog: Any
) -> None:
    issue = signed_in.create("First")
    for fault, code in (("cut_after", 0), ("cut_before", 1)):
        match = {"method": "POST", "path": "*/worklog"}
        signed_in.sim("POST", "faults", [{"match": match, "fault": fault}])
        done = duolog("log", issue, "10m", "--day", "2026-05-04")
        assert done.code == code, done.err
    assert "Nobody knows" in done.err
    assert [each["timeSpentSeconds"] for each in there(signed_in, issue)] == [600]


def test_a_timer_becomes_one_worklog_whatever_gets_lost(
    signed_in: Jira, duolog: Any, tmp_path: Path
) -> None:
    issue = signed_in.create("Timed")
    none = duolog("timer", "status")
    assert (none.code, "No timer runs" in none.err) == (1, True)
    assert duolog("timer", "start", issue, "On it").code == 0
    twice = duolog("timer", "start", issue)
    assert (twice.code, "stop or discard it first" in twice.err) == (1, True)
    assert duolog("timer", "status").code == 0
    kept = tmp_path / "duolog" / "timer.json"
    began = kept.read_text()
    stopped = duolog("timer", "stop")
    assert (stopped.code, "Logged 1m" in stopped.out) == (0, True)
    assert not kept.exists()
    (told,) = there(signed_in, issue)
    assert told["timeSpentSeconds"] == 60
    running = {**json.loads(began), "stopped": json.loads(began)["started"]}
    kept.write_text(json.dumps(running))  # as if it had died before it forgot the timer
    assert duolog("timer", "stop").code == 0
    assert len(there(signed_in, issue)) == 1
    assert duolog("timer", "start", issue).code == 0
    assert duolog("timer", "stop", "--discard").code == 0
    assert len(there(signed_in, issue)) == 1


def test_days_that_could_not_be_read_whole_are_not_shown_as_if_they_were(
    signed_in: Jira, duolog: Any
) -> None:
    issue = signed_in.create("Busy")
    for minute in range(21):
        duolog("log", issue, "1m", "--day", "2026-04-02", "--at", f"09:{minute:02}")
    match = {"method": "GET", "path": "*/worklog"}
    signed_in.sim("POST", "faults", [{"match": match, "fault": "status_before", "status": 500}])
    try:
        partial = duolog("time", *APRIL)
    finally:
        signed_in.sim("POST", "faults", [])
    assert (partial.code, "Total" in partial.out, bool(partial.err)) == (1, False, True)
    assert "Total: 21m" in duolog("time", *APRIL).out


def test_without_a_site_or_its_token_it_says_what_to_do(
    signed_in: Jira, duolog: Any, tmp_path: Path
) -> None:
    unknown = duolog("log", "NONE-1", "1h")
    assert (unknown.code, bool(unknown.err)) == (1, True)
    assert duolog("jira", "logout").code == 0
    assert not (tmp_path / "duolog" / "jira.toml").exists()
    gone = duolog("time", "--jira")
    assert (gone.code, "duolog jira login" in gone.err) == (1, True)
    assert duolog("jira", "logout").code == 1


def test_without_a_keyring_nothing_is_kept_and_words_say_why(
    site: Jira, duolog: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keyring.set_keyring(fail.Keyring())
    person = site.people[1]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{person.api_token}\n"))
    who = ("--as", person.email) if site.is_cloud else ()
    done = duolog("jira", "login", site.url, "--deployment", site.deployment, *who)
    assert (done.code, "start or unlock it" in done.err) == (1, True)
    assert not (tmp_path / "duolog" / "jira.toml").exists()
