"""Coming in: first start, sign-in, invitations."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from helpers.builders import a_member, a_workplace, the_owner
from web.visitors import signed_in

from duolog.people.models import Invitation, Member, Role, Workplace
from duolog.people.queries import find_membership, list_members
from duolog.people.services import create_api_token, invite, remove_member, token_of
from duolog.people.tokens import hash_of

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
    _, plain = invite(owner, email=bob.user.email)
    client = signed_in(bob)
    assert f"Join as {bob.name}".encode() in client.get(f"/join/{plain}").content
    client.post(f"/join/{plain}")
    assert find_membership(bob.user, owner.workplace.slug) is not None
    assert client.get(f"/join/{plain}").status_code == 404


def test_an_invitation_lets_nobody_else_in(owner: Member) -> None:
    eve = the_owner(a_workplace("Elsewhere"))
    _, plain = invite(owner, email="ann@example.com")
    for ask in (signed_in(eve).get, signed_in(eve).post):
        answer = ask(f"/join/{plain}")
        assert answer.status_code == 403
        words = f"This invitation is for ann@example.com; you are signed in as {eve.user.email}."
        assert words in answer.content.decode()
    assert find_membership(eve.user, owner.workplace.slug) is None


def test_who_has_an_account_is_asked_to_sign_in_first(owner: Member) -> None:
    bob = the_owner(a_workplace("Elsewhere"))
    _, plain = invite(owner, email=bob.user.email)
    page = Client().get(f"/join/{plain}").content.decode()
    assert f"/accounts/login/?next=/join/{plain}" in page
    assert "Make account and join" not in page


def test_a_member_who_opens_another_invitation_is_led_home(owner: Member) -> None:
    ann = a_member(owner.workplace)
    plain = "join_again"
    Invitation.objects.create(
        workplace=owner.workplace,
        email=ann.user.email,
        token_hash=hash_of(plain),
        expires_at=timezone.now() + timedelta(days=1),
    )
    answer = signed_in(ann).post(f"/join/{plain}")
    assert answer["Location"] == f"/w/{owner.workplace.slug}/"


def test_who_left_sees_no_page_of_the_workplace(owner: Member) -> None:
    ann = a_member(owner.workplace)
    client = signed_in(ann)
    assert client.get(f"/w/{owner.workplace.slug}/mine").status_code == 200
    remove_member(ann.pk, by=owner)
    again = signed_in(ann)
    assert again.get(f"/w/{owner.workplace.slug}/mine").status_code == 404
    assert again.get("/")["Location"] == "/no-workplace"
    assert client.get("/")["Location"] == "/accounts/login/"


def test_an_open_page_of_who_is_signed_out_is_told_and_not_led_away(owner: Member) -> None:
    path = f"/w/{owner.workplace.slug}/time"
    for ask in (Client().get, Client().post):
        answer = ask(f"{path}/new", headers={"HX-Request": "true"})
        assert answer.status_code == 401
        assert "HX-Redirect" not in answer.headers
    assert Client().get(path)["Location"] == f"/accounts/login/?next={path}"


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
    made = client.post(path, {"name": "Nightly", "scope": "read", "expires_on": ""})
    assert re.search(rb'value="duolog_[\w-]+"', made.content)
    listed = client.get(path).content.decode()
    assert "duolog_" not in listed
    revoke = re.search(r'action="([^"]+/revoke)"', listed)
    assert revoke is not None
    client.post(revoke[1])
    assert b"No token yet" in client.get(path).content


def test_an_invitation_is_mailed_and_says_who_invites_and_until_when(
    client: Client, owner: Member, mailoutbox: list[Any]
) -> None:
    path = f"/w/{owner.workplace.slug}/members"
    made = client.post(path, {"email": "ann@example.com", "role": "guest", "by": "mail"})
    assert b"on its way to ann@example.com" in made.content
    (mail,) = mailoutbox
    assert mail.to == ["ann@example.com"]
    assert not mail.alternatives
    until = Invitation.objects.get().expires_at
    told = (owner.name, owner.user.email, "Fernhill", "as guest", f"until {until:%d %B %Y, %H:%M}")
    assert all(words in mail.body for words in told)
    link = re.search(r"/join/join_[\w-]+", mail.body)
    assert link is not None
    assert Client().get(link[0]).status_code == 200


def test_a_mail_server_that_fails_leaves_the_link(
    client: Client, workplace: Workplace, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    path = f"/w/{workplace.slug}/members"
    made = client.post(path, {"email": "ann@example.com", "role": "guest", "by": "mail"})
    assert b"did not leave" in made.content
    assert b"/join/join_" in made.content
    assert Invitation.objects.get().mailed_at is None


def test_a_renewed_invitation_has_another_link(client: Client, owner: Member) -> None:
    _, plain = invite(owner, email="ann@example.com")
    members = f"/w/{owner.workplace.slug}/members"
    again = client.post(members, {"email": "Ann@example.com", "role": "member"})
    assert b"invited already" in again.content
    renew = re.search(r'action="(/w/[^"]+/renew)"', client.get(members).content.decode())
    assert renew is not None
    made = client.post(renew[1], {"by": "link"}).content.decode()
    link = re.search(r"/join/join_[\w-]+", made)
    assert link is not None
    assert Client().get(f"/join/{plain}").status_code == 404
    assert Client().get(link[0]).status_code == 200
    assert Invitation.objects.count() == 1


def test_an_admin_touches_no_invitation_of_an_owner(owner: Member) -> None:
    admin = signed_in(a_member(owner.workplace, role=Role.ADMIN))
    made, _ = invite(owner, email="ann@example.com", role=Role.OWNER)
    base = f"/w/{owner.workplace.slug}"
    page = admin.get(f"{base}/members").content.decode()
    assert 'value="owner"' not in page
    assert "/renew" not in page
    for act in ("renew", "withdraw"):
        assert admin.post(f"{base}/invitations/{made.pk}/{act}").status_code == 403
    invited = {"email": "eve@example.com", "role": "owner"}
    assert admin.post(f"{base}/members", invited).status_code == 403


def test_admins_see_whose_tokens_there_are_and_end_them(owner: Member) -> None:
    ann = a_member(owner.workplace)
    made, plain = create_api_token(ann, name="Nightly report")
    path = f"/w/{owner.workplace.slug}/tokens"
    boss = signed_in(owner)
    page = boss.get(path).content.decode()
    assert "Nightly report" in page
    assert ann.name in page
    assert plain not in page
    assert b"Nightly report" not in signed_in(a_member(owner.workplace)).get(path).content
    boss.post(f"{path}/{made.pk}/revoke")
    assert token_of(plain) is None


def test_an_owner_makes_another_workplace_and_switches(client: Client, owner: Member) -> None:
    base = f"/w/{owner.workplace.slug}"
    made = client.post(f"{base}/new-workplace", {"name": "Second Hill"})
    assert made["Location"] == "/w/second-hill/"
    assert b"/w/second-hill/" in client.get(f"{base}/mine").content
    admin = signed_in(a_member(owner.workplace, role=Role.ADMIN))
    assert admin.get(f"{base}/new-workplace").status_code == 403
    assert admin.post(f"{base}/new-workplace", {"name": "Third"}).status_code == 403


def test_a_member_leaves_and_the_last_owner_cannot(client: Client, owner: Member) -> None:
    ann = a_member(owner.workplace)
    base = f"/w/{owner.workplace.slug}/members"
    left = signed_in(ann).post(f"{base}/{ann.pk}/remove")
    assert left["HX-Redirect"] == "/"
    assert find_membership(ann.user, owner.workplace.slug) is None
    assert client.post(f"{base}/{owner.pk}/remove").status_code == 422
    assert b"Leave this workplace" not in client.get(base).content


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
