"""Sign-in and security: tries, second factor, sessions, e-mail and password."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from helpers.builders import a_member, a_user, a_workplace, the_owner
from helpers.one_time import code_of

from duolog.people.models import Member, Role, Workplace
from duolog.people.second_factor import has_second_factor, remove_second_factor
from duolog.people.services import add_member, remove_member

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PASSWORD = "correct-horse-9"
LOGIN = "/accounts/login/"
APP = "/accounts/app/"
CODE = "/accounts/code/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:142.0) Gecko/20100101 Firefox/142.0"


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    """Keep passwords in a form that is computed at once; these tests sign in often."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ann(workplace: Workplace) -> Member:
    """A member who has a password."""
    return add_member(workplace, a_user("Ann Lee", password=PASSWORD))


def enter(member: Member, password: str = PASSWORD, *, client: Client | None = None) -> Any:
    client = client or Client()
    answer = client.post(LOGIN, {"login": member.user.email, "password": password})
    return client, answer


def security(member: Member) -> str:
    return f"/w/{member.workplace.slug}/security"


def confirmed(client: Client, path: str) -> Any:
    """The page behind the question for the password."""
    asked = client.get(path)
    return client.post(asked["Location"], {"password": PASSWORD, "next": path}, follow=True)


def enter_with_app(member: Member) -> tuple[Client, str]:
    """A client that set up an app for codes, and the app's secret."""
    client, _ = enter(member)
    page = confirmed(client, APP).content.decode()
    found = re.search(r'id="totp-key" readonly value="([A-Z2-7]+)"', page)
    assert found is not None
    done = client.post(APP, {"code": code_of(found[1])})
    assert done["Location"] == "/accounts/codes/"
    return client, found[1]


def test_five_wrong_passwords_lock_the_account_out_whatever_comes_next(ann: Member) -> None:
    for _ in range(5):
        _, answer = enter(ann, "wrong-horse-9")
        assert b"do not belong together" in answer.content
    client, answer = enter(ann)
    assert b"Too many wrong tries" in answer.content
    assert client.get(security(ann)).status_code == 302


def test_right_passwords_are_never_too_many(ann: Member) -> None:
    for _ in range(8):
        _, answer = enter(ann)
        assert answer["Location"] == "/"


def test_with_an_app_the_password_alone_does_not_sign_in(ann: Member) -> None:
    _, secret = enter_with_app(ann)
    client, answer = enter(ann)
    assert answer["Location"] == CODE
    assert client.get(security(ann)).status_code == 302
    assert b"does not fit" in client.post(CODE, {"code": "000000"}).content
    done = client.post(CODE, {"code": code_of(secret, windows_ahead=1)})
    assert done["Location"] == "/"
    assert client.get(security(ann)).status_code == 200


def test_a_code_signs_in_once(ann: Member) -> None:
    _, secret = enter_with_app(ann)
    code = code_of(secret, windows_ahead=1)
    first, _ = enter(ann)
    assert first.post(CODE, {"code": code}).status_code == 302
    second, _ = enter(ann)
    assert b"does not fit" in second.post(CODE, {"code": code}).content


def test_a_recovery_code_signs_in_once(ann: Member) -> None:
    client, _ = enter_with_app(ann)
    shown = client.get("/accounts/codes/").content.decode()
    codes = re.findall(r"<li>(\d{8})</li>", shown)
    assert len(codes) == 10
    first, _ = enter(ann)
    assert first.post(CODE, {"code": codes[0]})["Location"] == "/"
    second, _ = enter(ann)
    assert b"does not fit" in second.post(CODE, {"code": codes[0]}).content


def test_wrong_codes_lock_out_too(ann: Member) -> None:
    _, secret = enter_with_app(ann)
    client, _ = enter(ann)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    answer = client.post(CODE, {"code": code_of(secret, windows_ahead=1)})
    assert b"Too many wrong tries" in answer.content


def test_secrets_of_the_second_factor_are_sealed_at_rest(ann: Member) -> None:
    _, secret = enter_with_app(ann)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert stored.count("gAAAA") == 2  # the app's secret and the seed of the recovery codes


def test_a_changed_second_factor_asks_for_the_password_first(ann: Member) -> None:
    client, _ = enter(ann)
    for path in (APP, "/accounts/passkeys/add/", "/accounts/codes/new/"):
        assert client.get(path)["Location"] == f"/accounts/confirm/?next={quote(path, safe='')}"


def test_an_operator_takes_a_lost_second_factor_away(ann: Member) -> None:
    client, _ = enter_with_app(ann)
    assert remove_second_factor(ann.user) == 1
    assert not has_second_factor(ann.user)
    assert client.get(security(ann)).status_code == 302
    _, answer = enter(ann)
    assert answer["Location"] == "/"


def test_sessions_are_listed_and_ended_one_by_one(ann: Member) -> None:
    here, _ = enter(ann)
    there, _ = enter(ann, client=Client(headers={"user-agent": FIREFOX}))
    page = here.get(security(ann)).content.decode()
    assert "Firefox on Windows" in page
    assert page.count("This one") == 1
    end = re.search(r'action="(/w/[^"]+/sessions/\d+/end)"', page)
    assert end is not None
    here.post(end[1])
    assert there.get(security(ann)).status_code == 302
    assert here.get(security(ann)).status_code == 200


def test_nobody_ends_the_session_of_another(ann: Member) -> None:
    here, _ = enter(ann)
    bob = add_member(ann.workplace, a_user("Bob", password=PASSWORD))
    there, _ = enter(bob)
    page = here.get(security(ann)).content.decode()
    enter(ann)
    page = here.get(security(ann)).content.decode()
    end = re.search(r'action="(/w/[^"]+/sessions/\d+/end)"', page)
    assert end is not None
    assert there.post(end[1]).status_code == 404


@pytest.mark.parametrize(("which", "stays"), [("others", True), ("all", False)])
def test_all_sessions_end_at_once(which: str, stays: bool, ann: Member) -> None:
    here, there = enter(ann)[0], enter(ann)[0]
    here.post(f"/w/{ann.workplace.slug}/sessions/end", {"which": which})
    assert there.get(security(ann)).status_code == 302
    assert (here.get(security(ann)).status_code == 200) is stays


def test_a_new_password_ends_all_other_sessions(ann: Member, mailoutbox: list[Any]) -> None:
    here, there = enter(ann)[0], enter(ann)[0]
    changed = {"oldpassword": PASSWORD, "password1": "another-horse-9"}
    done = here.post("/accounts/password/change/", {**changed, "password2": "another-horse-9"})
    assert done["Location"] == "/accounts/security/"
    assert there.get(security(ann)).status_code == 302
    assert here.get(security(ann)).status_code == 200
    assert "Your Duolog account was changed" in mailoutbox[0].body


def test_who_leaves_their_last_workplace_is_signed_out(ann: Member, owner: Member) -> None:
    other = the_owner(a_workplace("Elsewhere"))
    bob = add_member(ann.workplace, other.user)
    client, _ = enter(ann)
    remove_member(ann.pk, by=owner)
    assert client.get("/no-workplace").status_code == 302
    remove_member(bob.pk, by=owner)
    assert other.user.memberships.filter(left_at=None).count() == 1


def test_another_e_mail_counts_once_its_link_was_followed(
    ann: Member, mailoutbox: list[Any]
) -> None:
    client, _ = enter(ann)
    before = ann.user.email
    change = {"action_add": "1", "email": "Ann.New@Example.com"}
    assert before in client.get("/accounts/email/").content.decode()
    confirmed(client, APP)
    client.post("/accounts/email/", change)
    ann.user.refresh_from_db()
    assert ann.user.email == before
    assert mailoutbox[0].to == ["ann.new@example.com"]
    link = re.search(r"http\S+(/accounts/email/\S+/)", mailoutbox[0].body)
    assert link is not None
    stranger = Client()
    assert b"ann.new@example.com" in stranger.get(link[1]).content
    stranger.post(link[1])
    ann.user.refresh_from_db()
    assert ann.user.email == "ann.new@example.com"
    assert mailoutbox[1].to == [before]
    assert enter(ann)[1]["Location"] == "/"


def test_the_e_mail_of_another_account_is_refused(ann: Member, owner: Member) -> None:
    client, _ = enter(ann)
    confirmed(client, APP)
    answer = client.post("/accounts/email/", {"action_add": "1", "email": owner.user.email})
    assert b"belongs to an account already" in answer.content


def test_admins_are_asked_for_a_second_factor_where_the_workplace_wants_one(
    workplace: Workplace, client: Client
) -> None:
    admin = add_member(workplace, a_user("Ada", password=PASSWORD), role=Role.ADMIN)
    plain = a_member(workplace)
    settings = f"/w/{workplace.slug}/settings"
    client.post(settings, {"act": "second-factor", "admins_need_second_factor": "on"})
    hers, _ = enter(admin)
    refused = hers.get(f"/w/{workplace.slug}/mine")
    assert refused.status_code == 403
    assert b"/accounts/app/" in refused.content
    enter_with_app(admin)
    entered, _ = enter(admin)
    secret = Authenticator.objects.filter(user=admin.user, type="totp").get().wrap()
    assert secret.instance.user_id == admin.user_id
    assert hers.get(f"/w/{workplace.slug}/mine").status_code == 200
    assert entered.get(f"/w/{workplace.slug}/mine").status_code == 302
    visitor = Client()
    visitor.force_login(plain.user, "allauth.account.auth_backends.AuthenticationBackend")
    assert visitor.get(f"/w/{workplace.slug}/mine").status_code == 200
