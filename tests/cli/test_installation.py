"""Commands that open the database: accounts, invitations, tokens, migrations, doctor."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from helpers.builders import a_team, a_workplace, the_owner
from helpers.databases import process_environment
from helpers.rest import Rest

from duolog.connections.models import Connection
from duolog.connections.seal import seal
from duolog.people.models import Workplace
from duolog.people.services import add_member
from duolog.worker.health import beat

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

PROGRAM = [sys.executable, "-c", "from duolog.cli.main import run; run()"]


def _typed(answer: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, with this on its stdin."""
    return subprocess.run(
        [*PROGRAM, *arguments], input=answer, env=process_environment(),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_an_owner_is_made_and_signs_in() -> None:
    account = ["--email", "ann@example.com", "--name", "Ann Lee", "--workplace", "Fern Hill"]
    made = _typed("a long enough secret\n", "admin", "create", *account)
    assert (made.returncode, made.stdout) == (
        0,
        "ann@example.com owns the workplace fern-hill.\n",
    ), made.stderr
    assert Client().login(email="ann@example.com", password="a long enough secret")
    again = _typed("a long enough secret\n", "admin", "create", *account)
    assert again.returncode == 1
    assert "has an account already" in again.stderr
    weak = _typed("123\n", "admin", "create", "--email", "b@example.com", "--name", "B",
                  "--workplace", "fern-hill")  # fmt: skip
    assert weak.returncode == 1
    assert "too short" in weak.stderr
    assert Workplace.objects.count() == 1


@pytest.mark.parametrize("command", ["migrate", "serve", "worker"])
def test_a_database_that_is_not_there_is_told_in_words(command: str, tmp_path: Path) -> None:
    nowhere = f"postgresql://duolog@127.0.0.1:1/duolog?sslmode=require&application_name={command}"
    env = {**process_environment(), "DUOLOG_HOME": str(tmp_path), "DUOLOG_DATABASE_URL": nowhere}
    told = subprocess.run(
        [*PROGRAM, command], env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert told.returncode == 1
    assert told.stderr.startswith("The database cannot be opened: "), told.stderr
    assert "Traceback" not in told.stderr


def test_an_invitation_link_leads_in(duolog: Any) -> None:
    workplace = a_workplace()
    told = duolog("admin", "invite", "--email", "new@example.com", "--workplace", workplace.slug)
    assert told.code == 0
    page = Client().get("/join/" + told.out.strip().rpartition("/")[2])
    assert page.status_code == 200
    twice = duolog("admin", "invite", "--email", the_owner(workplace).user.email,
                   "--workplace", workplace.slug)  # fmt: skip
    assert (twice.code, "member already" in twice.err) == (1, True)


def test_a_token_is_printed_once_and_opens_the_api(duolog: Any) -> None:
    owner = the_owner(a_workplace())
    made = duolog("token", "create", "--email", owner.user.email, "--json").json
    assert Rest(made["token"]).get("/me")["email"] == owner.user.email
    plain = duolog("token", "create", "--email", owner.user.email, "--scope", "read")
    assert Rest(plain.out.strip()).get("/me")["scope"] == "read"


def test_who_has_several_workplaces_names_one(duolog: Any) -> None:
    owner, other = the_owner(a_workplace()), a_workplace("Other")
    add_member(other, owner.user)
    asked = duolog("token", "create", "--email", owner.user.email)
    assert (asked.code, other.slug in asked.err) == (1, True)
    named = duolog("token", "create", "--email", owner.user.email, "--workplace", other.slug,
                   "--json")  # fmt: skip
    assert named.json["workplace"] == other.slug


def test_nobody_has_that_address(duolog: Any) -> None:
    refused = duolog("token", "create", "--email", "nobody@example.com")
    assert (refused.code, refused.out) == (1, "")
    assert "nobody@example.com" in refused.err


def test_a_new_installation_is_told_to_migrate_and_does(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/new.sqlite3"
    env = {**os.environ, "DUOLOG_HOME": str(tmp_path), "DUOLOG_DATABASE_URL": url}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *arguments],
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    early = run("token", "create", "--email", "a@example.com")
    assert (early.returncode, "duolog migrate" in early.stderr) == (1, True)
    assert run("migrate").returncode == 0
    late = run("token", "create", "--email", "a@example.com")
    assert "is not a member" in late.stderr


def test_a_database_that_does_not_answer_is_said_in_words(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:9/none"
    env = {**os.environ, "DUOLOG_HOME": str(tmp_path), "DUOLOG_DATABASE_URL": url}
    ended = subprocess.run(
        [*PROGRAM, "doctor"], env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 1
    assert "DUOLOG_DATABASE_URL" in ended.stdout
    assert "Traceback" not in ended.stderr


def _finding(outcome: Any, about: str) -> Any:
    return next(each for each in outcome.json["items"] if each["about"] == about)


def test_doctor_says_what_is_wrong_and_what_to_do(duolog: Any) -> None:
    Connection.objects.create(
        workplace=a_team().workplace, label="Our Jira", base_url="https://x.atlassian.net",
        sealed_secret=seal("x"), account_id="1", health="attention",
        reason="Jira did not accept these details (401).", hint="Paste a new token.",
    )  # fmt: skip
    ill = duolog("doctor", "--json")
    assert ill.code == 1
    assert _finding(ill, "worker")["todo"] == "Start `duolog serve`, or `duolog worker`."
    assert _finding(ill, "connection Our Jira")["todo"] == "Paste a new token."
    assert _finding(ill, "database")["grade"] == "ok"
    assert _finding(ill, "clock")["grade"] == "ok"
    assert "2 of" in ill.err
    beat("here:1", concurrency=4, running=0)
    Connection.objects.update(health="connected")
    well = duolog("doctor")
    assert well.code == 0, well.out
    assert "Connected to https://x.atlassian.net" in well.out
    Connection.objects.update(expires_at=timezone.now() + timedelta(days=3))
    soon = _finding(duolog("doctor", "--json"), "connection Our Jira")
    assert (soon["grade"], "rotate" in soon["todo"]) == ("warning", True)


def test_tokens_are_listed_without_secrets_and_ended(duolog: Any) -> None:
    owner = the_owner(a_workplace())
    ends = ["--expires-on", "2999-12-31"]
    made = duolog("token", "create", "--email", owner.user.email, *ends, "--json").json
    listed = duolog("token", "list", "--workplace", owner.workplace.slug)
    assert "2999-12-31" in listed.out
    assert made["token"] not in listed.out
    assert duolog("token", "revoke", made["id"]).code == 0
    assert "No token works here" in duolog("token", "list", "--workplace", owner.workplace.slug).out
    assert duolog("token", "revoke", "999").code == 1


def test_an_invitation_is_mailed_where_asked(duolog: Any, mailoutbox: list[Any]) -> None:
    workplace = a_workplace()
    told = duolog("admin", "invite", "--email", "new@example.com", "--workplace", workplace.slug,
                  "--mail")  # fmt: skip
    assert told.code == 0
    assert told.out.strip() in mailoutbox[0].body


def test_a_lost_second_factor_is_removed(duolog: Any) -> None:
    owner = the_owner(a_workplace())
    done = duolog("admin", "remove-second-factor", "--email", owner.user.email, "--json")
    assert done.json == {"email": owner.user.email, "removed": 0}
    assert duolog("admin", "remove-second-factor", "--email", "x@example.com").code == 1
