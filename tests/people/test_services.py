"""Workplaces, memberships, invitations and tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from helpers.builders import a_member, a_user, a_workplace, the_owner

from duolog.people import services
from duolog.people.audit import list_audit
from duolog.people.errors import Forbidden, Invalid, NotFound
from duolog.people.models import ApiToken, Invitation, Member, Role, Scope, User

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def with_email(email: str) -> User:
    return User.objects.get_or_create(email=email, defaults={"name": "Bo Chen"})[0]


def at(moment: datetime) -> services.Clock:
    return lambda: moment


def test_a_workplace_has_its_owner_and_an_address_of_its_own() -> None:
    first, second = a_workplace("Fernhill & Söhne"), a_workplace("Fernhill & Söhne")
    assert the_owner(first).role == Role.OWNER
    assert [first.slug, second.slug] == ["fernhill-sohne", "fernhill-sohne-2"]
    assert a_workplace("東京").slug == "workplace"
    with pytest.raises(Invalid):
        a_workplace("  ")


def test_an_invitation_lets_one_person_in_once() -> None:
    owner = the_owner(a_workplace())
    invitation, plain = services.invite(owner, email=" Bo@Example.com ", role=Role.ADMIN)
    assert invitation.email == "bo@example.com"
    assert plain not in str(Invitation.objects.values().get(pk=invitation.pk))
    found = services.find_invitation(plain)
    assert found == invitation
    member = services.accept(plain, with_email("bo@example.com"))
    assert (member.role, member.workplace) == (Role.ADMIN, owner.workplace)
    assert services.find_invitation(plain) is None
    with pytest.raises(Invalid, match="Ask for a new one"):
        services.accept(plain, with_email("bo@example.com"))


def test_an_invitation_ends_after_seven_days_or_when_withdrawn() -> None:
    owner = the_owner(a_workplace())
    old, plain = services.invite(owner, email="bo@example.com", clock=at(NOON))
    just_before = NOON + timedelta(days=7, seconds=-1)
    assert services.find_invitation(plain, clock=at(just_before)) == old
    assert services.find_invitation(plain, clock=at(NOON + timedelta(days=7))) is None
    services.withdraw_invitation(old.pk, by=owner)
    assert services.find_invitation(plain, clock=at(just_before)) is None


@pytest.mark.parametrize("email", ["", "bo", "bo@", "bo@example.com, al@example.com"])
def test_an_invitation_needs_a_whole_address(email: str) -> None:
    with pytest.raises(Invalid):
        services.invite(the_owner(a_workplace()), email=email)


def test_nobody_is_invited_or_added_twice() -> None:
    member = a_member()
    owner = the_owner(member.workplace)
    with pytest.raises(Invalid, match="already"):
        services.invite(owner, email=member.user.email)
    with pytest.raises(Invalid, match="already"):
        services.add_member(member.workplace, member.user, by=owner)


def test_who_comes_back_is_the_member_they_were() -> None:
    member = a_member()
    owner = the_owner(member.workplace)
    services.remove_member(member.pk, by=owner)
    again = services.add_member(member.workplace, member.user, role=Role.GUEST, by=owner)
    assert (again.pk, again.left_at, again.role) == (member.pk, None, Role.GUEST)


def test_a_workplace_keeps_an_owner() -> None:
    owner = the_owner(a_workplace())
    with pytest.raises(Invalid, match="needs an owner"):
        services.change_role(owner.pk, Role.MEMBER, by=owner)
    with pytest.raises(Invalid, match="needs an owner"):
        services.remove_member(owner.pk, by=owner)
    heir = a_member(owner.workplace)
    services.change_role(heir.pk, Role.OWNER, by=owner)
    assert services.change_role(owner.pk, Role.MEMBER, by=owner).role == Role.MEMBER


def test_only_owners_make_and_unmake_owners() -> None:
    admin = a_member(role=Role.ADMIN)
    owner, member = the_owner(admin.workplace), a_member(admin.workplace)
    for change in (
        lambda: services.change_role(member.pk, Role.OWNER, by=admin),
        lambda: services.change_role(owner.pk, Role.GUEST, by=admin),
        lambda: services.remove_member(owner.pk, by=admin),
        lambda: services.invite(admin, email="bo@example.com", role=Role.OWNER),
        lambda: services.change_role(member.pk, Role.GUEST, by=member),
    ):
        with pytest.raises(Forbidden):
            change()
    assert set(Member.objects.values_list("role", flat=True)) == {"owner", "admin", "member"}


def test_people_of_another_workplace_are_not_to_be_found() -> None:
    owner = the_owner(a_workplace())
    foreign = a_member()
    invitation, _ = services.invite(the_owner(foreign.workplace), email="bo@example.com")
    token, _ = services.create_api_token(foreign, name="CI")
    for act in (
        lambda: services.change_role(foreign.pk, Role.GUEST, by=owner),
        lambda: services.remove_member(foreign.pk, by=owner),
        lambda: services.withdraw_invitation(invitation.pk, by=owner),
        lambda: services.revoke_api_token(owner, token.pk),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        services.add_member(foreign.workplace, a_user(), by=owner)


def test_a_token_opens_what_it_was_made_for_and_lies_hashed() -> None:
    member = a_member()
    token, plain = services.create_api_token(member, name="CI", scope=Scope.READ)
    found = services.token_of(plain)
    assert found is not None
    assert (found.member, found.scope) == (member, Scope.READ)
    assert services.token_of(plain + "x") is None
    assert services.token_of("") is None
    assert plain not in str(ApiToken.objects.values().get())
    services.revoke_api_token(member, token.pk)
    assert services.token_of(plain) is None


def test_a_token_dies_with_the_membership() -> None:
    member = a_member()
    _, plain = services.create_api_token(member, name="CI")
    services.remove_member(member.pk, by=the_owner(member.workplace))
    assert services.token_of(plain) is None


def test_the_last_use_of_a_token_is_noted_once_a_minute() -> None:
    token, plain = services.create_api_token(a_member(), name="CI")
    noted = []
    for seconds in (0, 59, 60, 119, 120):
        services.token_of(plain, clock=at(NOON + timedelta(seconds=seconds)))
        token.refresh_from_db()
        assert token.last_used_at is not None
        noted.append((token.last_used_at - NOON).seconds)
    assert noted == [0, 0, 60, 60, 120]


def test_administrative_acts_are_recorded() -> None:
    owner = the_owner(a_workplace())
    bo = a_member(owner.workplace, name="Bo Chen")
    services.change_role(bo.pk, Role.ADMIN, by=owner)
    newest, *_, oldest = list_audit(owner.workplace)
    assert (newest.act, newest.subject, newest.member) == (
        "role changed",
        "Bo Chen is Admin",
        owner,
    )
    assert oldest.act == "workplace created"


def test_a_token_works_until_its_last_day_has_ended() -> None:
    member = a_member()
    last = NOON.date()
    _, plain = services.create_api_token(member, name="CI", expires_on=last, clock=at(NOON))
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    assert services.token_of(plain, clock=at(midnight - timedelta(seconds=1)))
    assert services.token_of(plain, clock=at(midnight)) is None
    with pytest.raises(Invalid, match="from today on"):
        services.create_api_token(member, name="CI", expires_on=last, clock=at(midnight))


def test_who_comes_back_finds_no_token_that_works() -> None:
    member = a_member()
    owner = the_owner(member.workplace)
    _, plain = services.create_api_token(member, name="CI")
    services.remove_member(member.pk, by=owner)
    services.add_member(member.workplace, member.user, by=owner)
    assert services.token_of(plain) is None


@pytest.mark.parametrize("act", ["removed", "demoted"])
def test_what_an_admin_offered_ends_with_their_right_to(act: str) -> None:
    admin = a_member(role=Role.ADMIN)
    owner = the_owner(admin.workplace)
    _, plain = services.invite(admin, email="eve@example.com")
    _, kept = services.invite(owner, email="bo@example.com")
    if act == "removed":
        services.remove_member(admin.pk, by=owner)
    else:
        services.change_role(admin.pk, Role.MEMBER, by=owner)
    assert services.find_invitation(plain) is None
    assert services.find_invitation(kept) is not None
