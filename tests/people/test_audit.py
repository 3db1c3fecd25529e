"""The record of administrative acts, as a page, over REST and on the command line."""

from __future__ import annotations

import pytest
from helpers.builders import a_member, a_team, the_owner
from helpers.rest import rest_of
from web.visitors import signed_in

from duolog.people.accounts import join_with_new_account
from duolog.people.audit import PAGE, AuditFilter, audit, list_acts, list_audit
from duolog.people.models import Role, Scope
from duolog.people.second_factor import remove_second_factor
from duolog.people.services import (
    add_member,
    change_role,
    create_api_token,
    invite,
    invite_to,
    revoke_api_token,
)
from duolog.workplace.actors import Actor
from duolog.workplace.models import Stage, Team
from duolog.workplace.services import add_status, remove_status, update_status

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def team(db: None) -> Team:
    return a_team()


def test_acts_are_named_with_who_did_them_and_hold_no_secret(team: Team) -> None:
    owner = the_owner(team.workplace)
    ann = a_member(team.workplace)
    change_role(ann.pk, Role.ADMIN, by=owner)
    token, plain = create_api_token(owner, name="Script", scope=Scope.READ)
    revoke_api_token(owner, token.pk)
    _, secret = invite(owner, email="new@example.com")
    status = add_status(team.pk, name="Waiting", stage=Stage.IN_PROGRESS, actor=Actor.of(owner))
    update_status(status.pk, name="Blocked", actor=Actor.of(owner))
    other = team.statuses.exclude(pk=status.pk).first()
    assert other is not None
    remove_status(status.pk, to=other.pk, actor=Actor.of(owner))
    told = [(entry.member, entry.act, entry.subject) for entry in list_audit(team.workplace)]
    assert told[:7] == [
        (owner, "status removed", "Blocked of Platform"),
        (owner, "status renamed", "Blocked of Platform"),
        (owner, "status added", "Waiting of Platform"),
        (owner, "invited", "new@example.com as Member"),
        (owner, "token revoked", "Script"),
        (owner, "token created", "Script"),
        (owner, "role changed", "Ann Lee is Admin"),
    ]
    assert not any(each in subject for each in (plain, secret) for _, _, subject in told)


def test_acts_of_the_command_line_are_named_as_such(team: Team) -> None:
    owner = the_owner(team.workplace)
    create_api_token(owner, name="Script", by_command_line=True)
    invite_to(team.workplace, email="new@example.com")
    add_member(team.workplace, a_member().user)
    found = list_audit(team.workplace, AuditFilter(member_id=0))
    assert [entry.act for entry in found] == ["member added", "invited", "token created"]
    assert found[2].subject == "Script, for Olive Owner"
    page = signed_in(owner).get(f"/w/{team.workplace.slug}/audit?who=0").content.decode()
    assert page.count("Command line") == 4  # three entries, and the choice
    assert "Show all" in page


def test_who_joins_by_invitation_did_it_themself(team: Team) -> None:
    _, secret = invite(the_owner(team.workplace), email="new@example.com")
    joined = join_with_new_account(secret, name="Nina New", password="correct horse battery")
    newest = list_audit(team.workplace)[0]
    told = (newest.member, newest.act, newest.subject)
    assert told == (joined, "joined by invitation", "as Member")


def test_taking_a_second_factor_away_is_told_to_every_workplace_of_the_person(team: Team) -> None:
    remove_second_factor(the_owner(team.workplace).user)
    newest = list_audit(team.workplace)[0]
    told = (newest.member, newest.act, newest.subject)
    assert told == (None, "second factor removed", "Olive Owner")


def test_the_page_narrows_and_turns(team: Team) -> None:
    owner = the_owner(team.workplace)
    for number in range(PAGE + 1):
        audit(team.workplace, owner, "connection made", f"Site <{number}>")
    client = signed_in(owner)
    first = client.get(f"/w/{team.workplace.slug}/audit?act=connection+made").content.decode()
    assert f"Site &lt;{PAGE}&gt;" in first
    assert "Site &lt;0&gt;" not in first
    address = first.partition('href="')[2]
    more = next(part.split('"')[0] for part in address.split('href="') if "before=" in part)
    second = client.get(more.replace("&amp;", "&")).content.decode()
    assert "Site &lt;0&gt;" in second
    assert "Older acts" not in second
    nothing = client.get(f"/w/{team.workplace.slug}/audit?act=nothing&who=x&before=y")
    assert "No such act is recorded" in nothing.content.decode()
    assert "connection made" in list_acts(team.workplace)


def test_programs_read_it_too(team: Team) -> None:
    owner = the_owner(team.workplace)
    invite_to(team.workplace, email="new@example.com")
    rest = rest_of(owner)
    newest, before = rest.get("/audit")["items"][:2]
    assert (newest["act"], newest["by"]["name"]) == ("token created", "Olive Owner")
    assert (before["act"], before["by"]) == ("invited", None)
    assert [row["act"] for row in rest.get("/audit?act=invited")["items"]] == ["invited"]
    page = rest.get("/audit?limit=1")
    assert rest.get(f"/audit?limit=1&cursor={page['next_cursor']}")["items"] == [before]
    assert rest.get("/audit?member_id=0")["items"][0] == before


def test_only_administrators_read_it(team: Team) -> None:
    member = a_member(team.workplace)
    assert rest_of(member).ask("GET", "/audit").status_code == 403
    client = signed_in(member)
    assert client.get(f"/w/{team.workplace.slug}/audit").status_code == 403
    assert b"Audit log" not in client.get(f"/w/{team.workplace.slug}/profile").content
