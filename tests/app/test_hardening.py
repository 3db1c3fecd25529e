"""What browsers are told, what is believed of requests, and what is too much."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from helpers.builders import a_user, an_item, the_owner
from helpers.places import filled, make_places, own_places
from helpers.rest import rest_of
from helpers.routes import address_of

from duolog.api.rest import api
from duolog.app import routes
from duolog.app.hardening import hosts_of, is_of_this_machine
from duolog.app.routes import list_routes
from duolog.connections.services import close_clients
from duolog.web.views.entry import BACKEND
from duolog.workplace.models import Attachment, Team

pytestmark = pytest.mark.django_db

EVIL: Final = "evil.example"
SECRET: Final = "a secret of the innermost frame"


def breaks(_request: HttpRequest) -> HttpResponse:
    """A mistake of ours."""
    raise RuntimeError(SECRET)


handler500 = "duolog.web.views.errors.broken"
urlpatterns = [path("breaks", breaks), path("api/v1/", api.urls)]


@pytest.fixture
def owner(team: Team) -> Iterator[Client]:
    client = Client(raise_request_exception=False)
    client.force_login(the_owner(team.workplace).user, BACKEND)
    yield client
    close_clients()


def is_hardened(answer: Any) -> None:
    """The headers that every answer has, whatever it is."""
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cache-Control"]
    assert "Server" not in answer.headers


def test_every_answer_is_hardened_and_no_page_is_kept(team: Team, owner: Client) -> None:
    places = {**make_places(team), **own_places(the_owner(team.workplace))}
    for route in list_routes():
        answer = owner.get(filled(address_of(route), places))
        is_hardened(answer)
        if answer.streaming:
            answer.getvalue()  # a file is closed once it was read
        if not route.path.startswith(("/assets/", "/favicon")) and "sandbox" not in str(
            answer["Content-Security-Policy"]
        ):
            assert "no-store" in answer["Cache-Control"], route.path
        if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            page = answer.content.decode()
            assert "<script>" not in page, route.path
            assert " style=" not in page, route.path


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        pytest.param("/w/nowhere/at/all", "testserver", 404, id="no such page"),
        pytest.param("/api/v1/nothing", "testserver", 404, id="no such call"),
        pytest.param("/", EVIL, 400, id="a name that is not ours"),
        pytest.param("/api/v1/me", EVIL, 400, id="the API under a name that is not ours"),
        pytest.param("/?\x00", "testserver", 302, id="a strange query"),
    ],
)
def test_errors_are_hardened_too(path: str, host: str, status: int) -> None:
    answer = Client(raise_request_exception=False).get(path, headers={"host": host})
    assert answer.status_code == status
    is_hardened(answer)
    assert EVIL.encode() not in answer.content


@override_settings(ROOT_URLCONF=__name__)
def test_a_mistake_of_ours_tells_nothing_of_itself() -> None:
    answer = Client(raise_request_exception=False).get("/breaks")
    assert answer.status_code == 500
    is_hardened(answer)
    page = answer.content.decode()
    assert "The mistake is ours" in page
    assert not any(word in page for word in (SECRET, "RuntimeError", "Traceback", "duolog."))


def test_pages_that_write_want_the_token_of_their_form(team: Team) -> None:
    """Also the API, where a session and no token of its own asks."""
    user = the_owner(team.workplace).user
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(user, BACKEND)
    places = {**make_places(team), **own_places(the_owner(team.workplace))}
    unchecked = set()
    for route in list_routes():
        if route.method in {"", "POST", "PATCH", "DELETE"}:
            answer = client.generic(route.method or "POST", filled(address_of(route), places))
            if answer.status_code not in {403, 405}:
                unchecked.add(route.path)
    close_clients()
    assert unchecked <= {
        "/api/pms/webhook/jira/<str:name>",
        "/api/v1/",
        "/api/v1/openapi.json",
        "/digest/stop/<str:token>",
    }


def test_nobody_is_sent_elsewhere_after_signing_in() -> None:
    user = a_user(password="correct horse battery")
    for where in (f"https://{EVIL}/", f"//{EVIL}/", f"/\\{EVIL}", "javascript:alert(1)"):
        answer = Client().post(
            "/accounts/login/",
            {"login": user.email, "password": "correct horse battery", "next": where},
        )
        assert EVIL not in answer.get("Location", ""), where
        assert "javascript" not in answer.get("Location", ""), where
        signed_in = Client()
        signed_in.force_login(user, BACKEND)
        for page in ("/accounts/login/", "/accounts/logout/"):
            told = signed_in.get(page, {"next": where})
            assert EVIL not in told.get("Location", ""), (page, where)


def test_links_in_mails_lead_to_our_own_address(settings: Any, mailoutbox: list[Any]) -> None:
    """By whatever name of ours the request came."""
    settings.PUBLIC_URL = "https://duolog.example.com"
    user = a_user(password="correct horse battery")
    asked = Client().post(
        "/accounts/password/reset/", {"email": user.email}, headers={"host": "127.0.0.1:8000"}
    )
    assert asked.status_code == 302
    [mail] = mailoutbox
    assert "https://duolog.example.com/accounts/password/reset/key/" in mail.body
    assert "//127.0.0.1" not in mail.body


def test_our_own_names_are_all_we_answer_to() -> None:
    assert hosts_of("https://duolog.example.com", "example.com") == [
        "duolog.example.com",
        ".example.com",
        "127.0.0.1",
        "localhost",
        "[::1]",
    ]
    assert hosts_of("http://[::1]:8000", "")[0] == "[::1]"
    assert Client().get("/health/live", headers={"host": "10.0.0.7"}).status_code == 200


def test_under_https_cookies_are_bound_to_our_host_and_browsers_stay_with_it(
    tmp_path: Path,
) -> None:
    """In a process of its own, since settings are read once."""
    script = (
        "import django; django.setup()\n"
        "from django.test.utils import setup_test_environment; setup_test_environment()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from django.test import Client\n"
        "answer = Client().get('/accounts/login/', headers={'x-forwarded-proto': 'http'})\n"
        "print(answer.headers.get('Strict-Transport-Security'))\n"
        "print(answer.cookies.output(header=''))\n"
        "from django.conf import settings; print(settings.SESSION_COOKIE_NAME)\n"
    )
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DUOLOG_")},
        "PYTHONPATH": str(Path(routes.__file__).parents[2]),
        "DUOLOG_HOME": str(tmp_path),
        "DUOLOG_PUBLIC_URL": "https://duolog.example.com",
        "DJANGO_SETTINGS_MODULE": "duolog.app.settings",
    }
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    hsts, *cookies, session = ran.stdout.strip().splitlines()
    assert hsts == "max-age=31536000"
    assert session == "__Host-session"
    for cookie in cookies:
        assert cookie.strip().startswith("__Host-")
        assert all(each in cookie for each in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
        assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("token", "url", "sent", "status"),
    [
        pytest.param("", "http://127.0.0.1:8000", "", 200, id="this machine only"),
        pytest.param("", "https://duolog.example.com", "", 401, id="served to others"),
        pytest.param("t0k", "https://duolog.example.com", "Bearer t0k", 200, id="the token"),
        pytest.param("t0k", "http://127.0.0.1:8000", "", 401, id="a token is asked for"),
        pytest.param("t0k", "http://127.0.0.1:8000", "Bearer no", 401, id="a wrong token"),
    ],
)
def test_metrics_are_not_for_strangers(
    settings: Any, token: str, url: str, sent: str, status: int
) -> None:
    settings.METRICS_TOKEN, settings.PUBLIC_URL = token, url
    assert Client().get("/metrics", headers={"authorization": sent}).status_code == status
    assert is_of_this_machine("http://localhost:8000")


def test_too_much_is_refused_in_words(team: Team, owner: Client) -> None:
    slug = team.workplace.slug
    many = owner.post(f"/w/{slug}/bulk", {f"field{number}": "x" for number in range(10_001)})
    assert many.status_code == 400
    is_hardened(many)
    rest = rest_of(the_owner(team.workplace))
    deep = Client().generic(
        "POST",
        "/api/v1/teams",
        "[" * 100_000,
        content_type="application/json",
        headers={"authorization": f"Bearer {rest.token}"},
    )
    assert deep.status_code == 400
    assert json.loads(deep.content)["title"]


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "text/javascript", "x/y"])
def test_what_a_browser_might_run_is_sent_as_bytes(
    team: Team, owner: Client, media_type: str, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    key = an_item(team).key
    file = SimpleUploadedFile("../../x.svg", b"<svg onload=alert(1)>", media_type)
    owner.post(f"/w/{team.workplace.slug}/items/{key}/attachments", {"file": file})
    attachment = Attachment.objects.get()
    assert attachment.name == "x.svg"
    answer = owner.get(f"/w/{team.workplace.slug}/items/{key}/attachments/{attachment.pk}")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="x.svg"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    answer.getvalue()
