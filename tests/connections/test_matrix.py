"""Every way into Jira, and everything that can be wrong with it: what a person is told.

The sentences are in tests/golden/connections/matrix.json, to be read as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
from helpers.builders import a_workplace, the_owner
from helpers.certificates import behind_tls, certificate_for, public_part
from helpers.golden import agree
from helpers.oauth_person import Person
from helpers.ways_in import CLOUD, SERVER, a_site, new_token, wish_for

from duolog.connections.models import Connection
from duolog.connections.oauth import begin_sign_in, callback_url, finish_sign_in, set_app
from duolog.connections.services import check, connect, expect_end
from duolog.core.errors import SyncError
from duolog.jira.troubles import field_at_fault
from duolog.people.errors import Invalid
from duolog.people.models import Member
from jirasim.testing import JiraSite, running_site

pytestmark = pytest.mark.django_db(transaction=True)

GOLDEN = Path(__file__).parents[1] / "golden" / "connections" / "matrix.json"
LONG_AGO = "2026-01-01T00:00:00+00:00"
Cell = Mapping[str, object]
IMPOSSIBLE: Mapping[tuple[str, str], str] = {
    **{
        (way, row): reason
        for way in ("api_token", "scoped", "oauth")
        for row, reason in {
            "captcha": "Cloud asks for no CAPTCHA where programs sign in.",
            "self-signed": "Atlassian's own sites have certificates of public authorities.",
            "self-signed, CA given": "Atlassian's own sites need none.",
            "context path left out": "Sites of Cloud live at the root of their host.",
            "switched off": "What an organisation forbids is told as wrong, or at the consent.",
        }.items()
    },
    ("basic", "expired"): "A password of Jira does not end by itself.",
    ("basic", "expired on a known day"): "A password of Jira does not end by itself.",
    ("basic", "another account answers"): "The user name says whose account it is.",
    ("oauth", "expired on a known day"): "A grant ends when nobody uses it; no day is known.",
    ("pat", "name of another account"): "A personal access token comes without a name.",
    ("oauth", "name of another account"): "Nobody enters a name: Atlassian knows who consents.",
}


@dataclass
class Case:
    """A new site, somebody who connects, and the way they do it."""

    site: JiraSite
    owner: Member
    way: str
    folder: Path

    def connect(self, **changes: Any) -> Connection:
        if self.way == "oauth":
            return consent(self, **changes)
        return connect(self.owner, wish_for(self.site, self.way, **changes))

    def told(self, act: Callable[[], Connection]) -> Cell:
        """What a person reads: who they are connected as, or what is wrong and where."""
        try:
            made = act()
        except Invalid as error:
            return self.plain({"told": dict(error.errors)})
        except SyncError as error:
            field, sentence = field_at_fault(error), str(error)
            return self.plain({"field": field, "sentence": sentence, "hint": error.hint})
        return self.plain({"connected as": made.account_name, "warnings": made.report["warnings"]})

    def later(self, change: Callable[[Connection], object], **how: Any) -> Cell:
        """The same for a connection that worked until now; its row says it too."""
        connection = self.connect(**how)
        change(connection)
        cell = self.told(lambda: self.checked(connection))
        connection.refresh_from_db()
        assert connection.health != "connected"
        assert self.plain({"sentence": connection.reason, "hint": connection.hint}) == {
            key: value for key, value in cell.items() if key != "field"
        }
        return cell

    def checked(self, connection: Connection) -> Connection:
        check(self.owner, connection)
        return connection

    def spoil(self, connection: Connection, **how: object) -> None:
        """Revoke or end every token of the account, or change its password."""
        del connection
        who = self.site.ready["account_id"]
        for token in self.site.sim("GET", "tokens"):
            if token["account_id"] == who:
                self.site.sim("POST", "tokens", {"api_token": token["api_token"], **how})
        passwords = self.site.simulator.site.state.passwords
        passwords[who] = "changed by its owner"

    def plain(self, cell: dict[str, object]) -> Cell:
        return {key: plain(value) for key, value in cell.items()}


def plain(value: object) -> object:
    """Without what differs from run to run."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return re.sub(r"(127\.0\.0\.1|localhost)(:\d+)?", "jira.example", str(value))


def right(case: Case) -> Cell:
    return case.told(case.connect)


def wrong(case: Case) -> Cell:
    return case.told(lambda: case.connect(secret="made up"))


def name_of_another(case: Case) -> Cell:
    if case.way == "basic":
        return case.told(lambda: case.connect(username=case.site.email))
    other = case.site.ready["people"][0]["email"]
    return case.told(lambda: case.connect(email=other))


def expired(case: Case) -> Cell:
    return case.later(lambda it: case.spoil(it, expires_at=LONG_AGO))


def expired_on_a_known_day(case: Case) -> Cell:
    def end(connection: Connection) -> None:
        expect_end(case.owner, connection, date(2026, 1, 1))
        case.spoil(connection, expires_at=LONG_AGO)

    return case.later(end)


def revoked(case: Case) -> Cell:
    return case.later(lambda it: case.spoil(it, revoked=True))


def under_privileged(case: Case) -> Cell:
    if case.way == "scoped":
        token = new_token(case.site, case.site.ready, scopes=["read:jira-work"])
        return case.told(lambda: case.connect(secret=token))
    state = case.site.simulator.site.state
    for number, project in list(state.projects.items()):
        if project.key != "READ":
            state.projects[number] = replace(project, members={}, group_roles={})
    return case.told(case.connect)


def captcha(case: Case) -> Cell:
    for _ in range(3):
        httpx2.get(
            f"{case.site.url}/rest/api/2/myself", auth=(case.site.ready["username"], "guessed")
        )
    return case.told(case.connect)


def other_site(case: Case) -> Cell:
    kind = {**(SERVER if case.way in {"pat", "basic"} else CLOUD), "seed": 2}
    with running_site(**kind) as other:
        passwords = other.simulator.site.state.passwords
        passwords.update(dict.fromkeys(passwords, "of the other site"))
        return case.told(lambda: case.connect(address=other.url))


def another_answers(case: Case) -> Cell:
    """What we hold turns out to be of somebody else."""

    def hand_over(_: Connection) -> None:
        state, mine = case.site.simulator.site.state, case.site.ready["account_id"]
        other = case.site.ready["people"][1]["account_id"]
        for secret, token in state.tokens.items():
            if token.account_id == mine:
                state.tokens[secret] = replace(token, account_id=other)
        for number, grant in state.access.grants.items():
            state.access.grants[number] = replace(grant, account_id=other)

    return case.later(hand_over)


def self_signed(case: Case) -> Cell:
    certificate = certificate_for("localhost", case.folder)
    with behind_tls(case.site, certificate) as url:
        return case.told(lambda: case.connect(address=url))


def self_signed_and_trusted(case: Case) -> Cell:
    certificate = certificate_for("localhost", case.folder)
    with behind_tls(case.site, certificate) as url:
        authority = public_part(certificate)
        return case.told(lambda: case.connect(address=url, ca_certificate=authority))


def no_context_path(case: Case) -> Cell:
    return case.told(lambda: case.connect(address=case.site.url.removesuffix("/jira")))


def switched_off(case: Case) -> Cell:
    name = "personal_tokens" if case.way == "pat" else "basic_auth"
    return case.later(lambda _: case.site.sim("POST", "settings", {name: False}))


ROWS: Mapping[str, Callable[[Case], Cell]] = {
    "right": right,
    "wrong": wrong,
    "name of another account": name_of_another,
    "expired": expired,
    "expired on a known day": expired_on_a_known_day,
    "revoked": revoked,
    "under-privileged": under_privileged,
    "captcha": captcha,
    "other site": other_site,
    "another account answers": another_answers,
    "self-signed": self_signed,
    "self-signed, CA given": self_signed_and_trusted,
    "context path left out": no_context_path,
    "switched off": switched_off,
}


def consent(case: Case, *, address: str = "", decision: str = "allow", **asked: str) -> Connection:
    """Sign in with Atlassian: to the browser's address, a button there, and back."""
    person = Person(case.site, callback=callback_url())
    set_app(case.owner, person.app.client_id, asked.pop("secret", person.app.client_secret))
    there = begin_sign_in(case.owner, address=address or case.site.url)
    back = person.follow(there, decision, **asked)
    return finish_sign_in(
        case.owner,
        back["state"],
        back.get("code", ""),
        error=back.get("error", ""),
        description=back.get("error_description", ""),
    )


def consent_unused(case: Case) -> Cell:
    return case.later(lambda _: case.site.sim("POST", "clock", {"advance_seconds": 91 * 86_400}))


def consent_taken_back(case: Case) -> Cell:
    def take_back(_: Connection) -> None:
        for row in case.site.sim("GET", "oauth/grants"):
            case.site.sim("POST", "oauth/grants/revoke", {"id": row["id"]})

    return case.later(take_back)


def consent_to_another_site(case: Case) -> Cell:
    granted = {"id": "1", "url": "https://granted.atlassian.net", "scopes": ["read:jira-work"]}
    case.site.sim("POST", "oauth/resources", {"resources": [granted]})
    return case.told(case.connect)


OAUTH_ROWS: Mapping[str, Callable[[Case], Cell]] = {
    "right": right,
    "wrong": wrong,
    "expired": consent_unused,
    "revoked": consent_taken_back,
    "under-privileged": lambda case: case.told(
        lambda: case.connect(scope="read:jira-work offline_access")
    ),
    "other site": consent_to_another_site,
    "another account answers": another_answers,
    "consent refused": lambda case: case.told(lambda: case.connect(decision="deny")),
}


def cells_of(way: str, settings: Any, folder: Path) -> Iterator[tuple[str, Cell]]:
    """Each cell on a site of its own, so that none is the cause of another."""
    rows = OAUTH_ROWS if way == "oauth" else ROWS
    for row in {**ROWS, **rows}:
        if reason := IMPOSSIBLE.get((way, row)):
            yield row, {"impossible": reason}
            continue
        with a_site(SERVER if way in {"pat", "basic"} else CLOUD, settings) as site:
            yield row, rows[row](Case(site, the_owner(a_workplace()), way, folder))


def test_what_a_person_is_told(
    request: pytest.FixtureRequest, settings: Any, tmp_path: Path
) -> None:
    ways = ("oauth", "api_token", "scoped", "pat", "basic")
    found = {way: dict(cells_of(way, settings, tmp_path)) for way in ways}
    agree(request, GOLDEN, found)
