"""Who may do what: the whole table, role by right."""

from __future__ import annotations

import pytest
from helpers.builders import a_member, a_team, a_workplace, the_owner

from duolog.people.errors import Forbidden
from duolog.people.models import Member, Role
from duolog.people.rights import Right, holds, require
from duolog.people.services import remove_member
from duolog.workplace.models import TeamMember

pytestmark = [pytest.mark.database, pytest.mark.django_db]

READING = {Right.VIEW}
WORKING = READING | {
    Right.COMMENT,
    Right.EDIT_ITEMS,
    Right.LOG_TIME,
    Right.CONNECT_SELF,
    Right.SETTLE,
    Right.MANAGE_PROJECTS,
}
LEADING_A_TEAM = WORKING | {Right.MANAGE_TEAM, Right.MODERATE}
GOVERNING = LEADING_A_TEAM | {
    Right.CREATE_TEAM,
    Right.MANAGE_PROPERTIES,
    Right.MANAGE_PEOPLE,
    Right.CONNECT,
    Right.BIND,
    Right.AUDIT,
}
RIGHTS_OF = {
    Role.GUEST: READING,
    Role.MEMBER: WORKING,
    Role.ADMIN: GOVERNING,
    Role.OWNER: set(Right),
}


def a_member_with(role: Role) -> Member:
    return the_owner(a_workplace()) if role == Role.OWNER else a_member(role=role)


@pytest.mark.parametrize("role", Role)
def test_a_role_has_exactly_its_rights(role: Role) -> None:
    member = a_member_with(role)
    assert {right for right in Right if holds(member, right)} == RIGHTS_OF[role]


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        pytest.param(Role.GUEST, READING, id="a guest only reads, whatever a team made of them"),
        pytest.param(Role.MEMBER, LEADING_A_TEAM, id="a member leads the team"),
    ],
)
def test_a_team_admin_leads_that_team_alone(role: Role, rights: set[Right]) -> None:
    member = a_member(role=role)
    led = a_team(member.workplace)
    other = a_team(member.workplace, name="Design", key_prefix="DSG")
    TeamMember.objects.create(team=led, member=member, is_admin=True)
    assert {right for right in Right if holds(member, right, team=led)} == rights
    assert {right for right in Right if holds(member, right, team=other)} == RIGHTS_OF[role]


@pytest.mark.parametrize("role", Role)
def test_nobody_has_a_right_in_a_team_of_another_workplace(role: Role) -> None:
    member = a_member_with(role)
    foreign = a_team(a_workplace("Elsewhere"))
    assert not any(holds(member, right, team=foreign) for right in Right)


def test_who_left_has_no_right_at_all() -> None:
    member = a_member(role=Role.ADMIN)
    remove_member(member.pk, by=the_owner(member.workplace))
    member.refresh_from_db()
    assert not any(holds(member, right) for right in Right)
    with pytest.raises(Forbidden, match="not a member"):
        require(member, Right.VIEW)


def test_a_refusal_says_who_can() -> None:
    guest = a_member(role=Role.GUEST)
    with pytest.raises(Forbidden) as refused:
        require(guest, Right.BIND)
    assert str(refused.value) == ("You may not bind a team or project to Jira. Ask Olive Owner.")
    a_member(guest.workplace, name="Bo Chen", role=Role.ADMIN)
    with pytest.raises(Forbidden, match="Ask Olive Owner or Bo Chen"):
        require(guest, Right.BIND)
