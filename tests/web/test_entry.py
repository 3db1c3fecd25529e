"""Coming in: first start, sign-in, invitations."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from helpers.builders import a_member, a_workplace, the_owner
from web.visitors import signed_in

from duolog.people.models import Member, Role, Workplace
from duolog.people.queries import find_membership, list_members
from duolog.people.services import invite, remove_member

pytestmark = [pytest.mark.django_db, pytest.mark.database]

START = {
    "workplace": "Fernhill",
    "name": "Maya",
    "email": "Maya@Example.com",
    "password": "correct-horse-9",
}


def test_the_first_start_makes_an_account_that_owns_a_workplace() -> None:
    client = Client()
    assert client.get("/")["Location"] == "/start"
    made = client.post("/start", START)
    assert made["Location"] == "/w/fernhill/"
    assert client.get("/w/fernhill/").status_code == 200
    client.post("/accounts/logout/")
    entered = client.post(
        "/accounts/login/", {"login": "maya@example.com", "password": START["password"]}
    )
    assert entered["Location"] == "/"


def test_the_first_start_happens_once(owner: Member) -> None:
    assert Client().get("/start")["Location"] == "/accounts/login/"
    assert Client().post("/start", START)["Location"] == "/accounts/login/"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param("password", "short", "too short", id="a short password"),
        pytest.param("password", "password123", "too common", id="a common password"),
        pytest.param("email", "maya", "valid email", id="half an address"),
        pytest.param("name", "", "required", id="no name"),
        pytest.param("workplace", " ", "required", id="no workplace"),
    ],
)
def test_what_is_wrong_at_the_first_start_is_said(
    field: str, value: str, words: str, db: None
) -> None:
    answer = Client().post("/start", {**START, field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_nobody_signs_up_uninvited(owner: Member) -> None:
    answer = Client().post("/accounts/signup/", {"email": "eve@example.com", "password1": "x" * 12})
    assert answer.status_code in {302, 405}
    assert find_membership(owner.user, owner.workplace.slug) is not None
    assert len(list_members(owner.workplace)) == 1


def test_an_invitation_lets_a_new_person_in_once(owner: Member) -> None:
    _, plain = invite(owner, email="ann@example.com", role=Role.ADMIN)
    stranger = Client()
    page = stranger.get(f"/join/{plain}")
    assert b"ann@example.com" in page.content
    assert page["Referrer-Policy"] == "no-referrer"
    joined = stranger.post(f"/join/{plain}", {"name": "Ann", "password": "correct-horse-9"})
    assert joined["Location"] == f"/w/{owner.workplace.slug}/"
    assert [each.role for each in list_members(owner.workplace)] == ["admin", "owner"]
    assert Client().get(f"/join/{plain}").status_code == 404


def test_an_invitation_lets_a_signed_in_person_in(owner: Member) -> None:
    bob = the_owner(a_workplace("Elsewhere"))
    _, plain = invite(owner, email="bob@example.com")
    signed_in(bob).post(f"/join/{plain}")
    assert find_membership(bob.user, owner.workplace.slug) is not None


def test_who_left_sees_no_page_of_the_workplace(owner: Member) -> None:
    ann = a_member(owner.workplace)
    client = signed_in(ann)
    assert client.get(f"/w/{owner.workplace.slug}/mine").status_code == 200
    remove_member(ann.pk, by=owner)
    assert client.get(f"/w/{owner.workplace.slug}/mine").status_code == 404
    assert client.get("/")["Location"] == "/no-workplace"


def test_a_lost_password_is_answered_alike_for_known_and_unknown(owner: Member) -> None:
    for email in (owner.user.email, "nobody@example.com"):
        answer = Client().post("/accounts/password/reset/", {"email": email})
        assert answer["Location"] == "/accounts/password/reset/done/"


def test_a_mailed_link_lets_one_choose_a_new_password(
    owner: Member, mailoutbox: list[object]
) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": owner.user.email})
    found = re.search(r"http\S+(/accounts/password/reset/key/\S+)", str(mailoutbox[0].body))
    assert found is not None
    page = client.get(found[1], follow=True)
    form = page.redirect_chain[-1][0]
    body = {"password1": "another-horse-9", "password2": "another-horse-9"}
    done = client.post(form, body)
    assert done.status_code == 302
    entered = client.post(
        "/accounts/login/", {"login": owner.user.email, "password": "another-horse-9"}
    )
    assert entered["Location"] == "/"


def test_the_link_of_an_invitation_is_shown_once(client: Client, workplace: Workplace) -> None:
    path = f"/w/{workplace.slug}/members"
    made = client.post(path, {"email": "ann@example.com", "role": "member"})
    assert re.search(settings.PUBLIC_URL.encode() + rb"/join/join_[\w-]+", made.content)
    assert made["Cache-Control"] == "no-store"
    again = client.get(path)
    assert b"/join/join_" not in again.content
    assert b"ann@example.com" in again.content


def test_a_token_is_shown_once_and_revoked(client: Client, workplace: Workplace) -> None:
    path = f"/w/{workplace.slug}/tokens"
    made = client.post(path, {"name": "Nightly", "scope": "read"})
    assert re.search(rb'value="duolog_[\w-]+"', made.content)
    listed = client.get(path).content.decode()
    assert "duolog_" not in listed
    revoke = re.search(r'action="([^"]+/revoke)"', listed)
    assert revoke is not None
    client.post(revoke[1])
    assert b"No token yet" in client.get(path).content


def test_a_member_who_may_not_manage_people_sees_no_way_to(workplace: Workplace) -> None:
    ann = signed_in(a_member(workplace))
    path = f"/w/{workplace.slug}/members"
    assert b"Invite somebody" not in ann.get(path).content
    assert ann.post(path, {"email": "x@example.com", "role": "owner"}).status_code == 403


def test_the_last_owner_stays_owner(client: Client, owner: Member) -> None:
    path = f"/w/{owner.workplace.slug}/members/{owner.pk}"
    answer = client.post(path, {"role": "member"})
    assert answer.status_code == 422
    assert b"A workplace needs an owner" in answer.content
