"""A personal connection is its member's alone: nobody else sees, uses, changes or ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from helpers.builders import a_member, a_team, a_workplace, the_owner
from helpers.ways_in import CLOUD, a_site, wish_for

from duolog.connections.models import Connection
from duolog.connections.queries import (
    get_connection,
    get_in_sight,
    get_mine,
    list_connections,
    list_personal,
)
from duolog.connections.services import (
    NewConnection,
    NewCredential,
    allow_writing_in_my_name,
    change_credential,
    check,
    connect,
    disconnect,
    expect_end,
    rename,
)
from duolog.people.audit import list_audit
from duolog.people.errors import Forbidden, Invalid, NotFound
from duolog.people.models import Member, Role
from duolog.sync.binding.services import Wish, bind_team, propose_binding
from jirasim.testing import JiraSite

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jira(settings: Any) -> Iterator[JiraSite]:
    with a_site(CLOUD, settings) as site:
        yield site


def personal(jira: JiraSite, number: int = 0, **more: Any) -> NewConnection:
    return wish_for(jira, "api_token", jira.ready["people"][number], kind="personal", **more)


ACTS: dict[str, Callable[[Member, Connection], object]] = {
    "check": check,
    "rename": lambda by, it: rename(by, it, "Mine now"),
    "replace": lambda by, it: change_credential(by, it, NewCredential("x", email="a@b.example")),
    "end": lambda by, it: expect_end(by, it, None),
    "allow": lambda by, it: allow_writing_in_my_name(by, it, allowed=True),
    "disconnect": disconnect,
}


@pytest.mark.parametrize("act", ACTS)
def test_to_everybody_else_it_is_not_there_not_even_to_an_owner(jira: JiraSite, act: str) -> None:
    workplace = a_workplace()
    maya, owner = a_member(workplace), the_owner(workplace)
    other = a_member(workplace, name="Omar Other")
    mine = connect(maya, personal(jira))
    for stranger in (owner, other, the_owner(a_workplace())):
        with pytest.raises(NotFound):
            ACTS[act](stranger, mine)
        with pytest.raises(NotFound):
            get_mine(stranger, mine.pk)
        with pytest.raises(NotFound):
            get_in_sight(stranger, mine.pk)
        assert list(list_personal(stranger)) == []
    with pytest.raises(NotFound):
        get_connection(workplace, mine.pk)
    assert list(list_connections(workplace)) == []
    row = Connection.objects.get()
    assert (row.health, row.label, row.writes_in_my_name) == ("connected", mine.label, False)
    assert not any("onnect" in entry.act for entry in list_audit(workplace))


def test_its_member_does_all_of_it(jira: JiraSite) -> None:
    maya = a_member(a_workplace())
    mine = connect(maya, personal(jira, label="My Jira"))
    assert [each.pk for each in list_personal(maya)] == [mine.pk]
    assert check(maya, get_mine(maya, mine.pk)).account_name == "Maya Lind"
    rename(maya, mine, "Fernhill")
    allow_writing_in_my_name(maya, mine, allowed=True)
    row = get_in_sight(maya, mine.pk)
    assert (row.label, row.writes_in_my_name, row.member_id) == ("Fernhill", True, maya.pk)
    disconnect(maya, mine)
    assert list(list_personal(maya)) == []
    again = connect(maya, personal(jira))
    assert (again.pk, again.label) == (mine.pk, "Fernhill"), "the same row lives again"


def test_two_members_and_the_workplace_connect_the_same_site_each_for_themselves(
    jira: JiraSite,
) -> None:
    workplace = a_workplace()
    owner, maya = the_owner(workplace), a_member(workplace)
    connect(owner, wish_for(jira, "api_token"))
    connect(owner, personal(jira, 1))
    connect(maya, personal(jira, 0))
    assert Connection.objects.count() == 3
    with pytest.raises(Invalid, match="connected already"):
        connect(maya, personal(jira, 0))


def test_guests_connect_nothing_and_a_service_account_writes_in_nobodys_name(
    jira: JiraSite,
) -> None:
    workplace = a_workplace()
    guest = a_member(workplace, role=Role.GUEST)
    with pytest.raises(Forbidden):
        connect(guest, personal(jira))
    with pytest.raises(Forbidden):
        connect(a_member(workplace, name="Ann"), wish_for(jira, "api_token"))
    owner = the_owner(workplace)
    service = connect(owner, wish_for(jira, "api_token"))
    with pytest.raises(Invalid, match="personal"):
        allow_writing_in_my_name(owner, service, allowed=True)


def test_no_team_is_kept_in_step_over_it_not_even_by_its_member(jira: JiraSite) -> None:
    team = a_team()
    owner = the_owner(team.workplace)
    mine = connect(owner, personal(jira))
    for act in (
        lambda: propose_binding(owner, team, mine, "FHP"),
        lambda: bind_team(owner, team, Wish(mine, "FHP")),
    ):
        with pytest.raises(Invalid, match="no such connection"):
            act()
