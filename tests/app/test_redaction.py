"""No secret of a whole life of an installation can be read anywhere but where it was told, once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from helpers.consents import an_app, consent
from helpers.jirasim import Jira, running_jirasim
from helpers.routes import address_of
from helpers.secrets import Logs, Trail, forms_of

from duolog.app.routes import list_routes
from duolog.app.settings import CONFIG
from duolog.cli.findings import look
from duolog.connections.models import Connection
from duolog.connections.oauth import begin_sign_in, finish_sign_in, set_app
from duolog.connections.seal import unseal
from duolog.connections.services import close_clients
from duolog.people.models import Member
from duolog.people.needs import Door, states
from duolog.sync.handlers import HANDLERS
from duolog.worker.attempt import run_until_idle
from duolog.workplace.actors import Actor
from duolog.workplace.models import WorkItem
from duolog.workplace.services import add_comment

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

EMAIL: Final = "ada@example.com"
log = logging.getLogger("duolog.tests")


@states(Door.ANYBODY)
def breaks(request: HttpRequest) -> HttpResponse:
    """A mistake of ours, with a secret in its hands."""
    password = request.POST["password"]
    raise RuntimeError(f"It had {len(password)} characters")


handler500 = "duolog.web.views.errors.broken"
urlpatterns = [path("breaks", breaks), path("", include("duolog.app.urls"))]


@pytest.fixture(scope="module")
def cloud() -> Iterator[Jira]:
    with running_jirasim() as jira:
        yield jira


@pytest.fixture(scope="module")
def server() -> Iterator[Jira]:
    with running_jirasim("--deployment", "server") as jira:
        yield jira


class Life:
    """What people do with an installation, all of it noted."""

    def __init__(self, trail: Trail, logs: Logs) -> None:
        self.trail, self.logs = trail, logs
        self.browser = Client(raise_request_exception=False)
        self.token = ""
        self.slug = "fernhill"

    def page(self, method: str, where: str, form: Any = None, *, shows: str = "") -> Any:
        ask = self.browser.post if method == "POST" else self.browser.get
        return self.trail.answer(f"{method} {where}", ask(where, form or {}), shows=shows)

    def call(self, method: str, where: str, body: Any = None, **headers: str) -> Any:
        given = {"Authorization": f"Bearer {self.token}", **headers}
        answer = Client(raise_request_exception=False).generic(
            method, f"/api/v1{where}", _json(body), content_type="application/json", headers=given
        )
        return self.trail.answer(f"{method} {where}", answer)

    def begin(self) -> None:
        """The first account, sign-in right and wrong, a token, and somebody invited."""
        keep = self.trail.keep
        password = keep("password", 'correct+horse "battery" <9>')
        self.page("POST", "/start", {"workplace": "Fernhill", "name": "Ada", "email": EMAIL,
                                     "password": password})  # fmt: skip
        self.page("POST", "/accounts/login/", {"login": EMAIL, "password": password})
        wrong = keep("wrong password", "another+horse/staple")
        stranger = Client().post("/accounts/login/", {"login": EMAIL, "password": wrong})
        self.trail.answer("a wrong sign-in", stranger)
        made = self.browser.post(f"/w/{self.slug}/tokens", {"name": "Script", "scope": "write"})
        self.token = keep("API token", _found(r"duolog_[\w-]{40,}", made))
        self.trail.answer("the new token", made, shows=self.token)
        invited = self.browser.post(f"/w/{self.slug}/members", {"email": "b@example.com",
                                                                "role": "member"})  # fmt: skip
        link = keep("invitation", _found(r"join_[\w-]{40,}", invited))
        self.trail.answer("the invitation", invited, shows=link)
        joined = Client().post(f"/join/{link}", {"name": "Bo", "password": keep(
            "password of the invited", "bo's own+password/9")})  # fmt: skip
        self.trail.answer("joining", joined)
        bearer = keep("wrong API token", "duolog_never+made/by=anybody")
        refused = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {bearer}"})
        self.trail.answer("a wrong token", refused)

    def connect(self, cloud: Jira, server: Jira) -> None:
        """By every method, first with a credential that is wrong."""
        keep = self.trail.keep
        keep("Jira API token", cloud.service.api_token)
        for number, body in enumerate(_wishes(cloud, server)):
            wrong = keep(f"refused credential {number}", f"wr0ng+secret/{number}&=")
            assert self.call("POST", "/connections", {**body, "secret": wrong}).status_code == 422
            keep(f"credential {number}", body["secret"])
            made = self.call("POST", "/connections", body, Idempotency_Key=f"key-{number}")
            if body["method"] != "basic":  # its site is connected by now
                assert made.status_code == 201, made.content
        self.page("POST", f"/w/{self.slug}/integrations/jira/connect", {
            "address": cloud.url, "email": "x@example.com", "secret": keep(
                "credential of a form", "form+secret/<1>"), "method": "api_token",
            "deployment": "cloud"})  # fmt: skip

    def consent(self, cloud: Jira, settings: Any) -> None:
        """To Atlassian and back, by an app of the workplace."""
        keep, owner = self.trail.keep, _owner()
        with self.logs.deaf():
            an_app(cloud.sim, settings, cloud.url)
        app = keep("secret of the app", settings.ATLASSIAN_CLIENT_SECRET)
        set_app(owner, settings.ATLASSIAN_CLIENT_ID, app)
        address = begin_sign_in(owner, address=cloud.url, kind="personal")
        with self.logs.deaf():
            back = consent(address, cloud.people[0].account_id)
        keep("state", back["state"])
        made = finish_sign_in(owner, back["state"], keep("code", back["code"]))
        keep("refresh token", unseal(made.sealed_secret))
        assert made.sealed_access_token is not None
        keep("access token", unseal(made.sealed_access_token))
        self.page("GET", f"/connect/atlassian/callback?state={back['state']}&code={back['code']}")

    def synchronise(self, cloud: Jira) -> None:
        """A webhook with a secret, deliveries right and wrong, a team in step."""
        keep = self.trail.keep
        connection = Connection.objects.get(base_url=cloud.url, kind="workplace")
        where = f"/connections/{connection.pk}"
        secret = keep("webhook secret", "hook+secret/with=signs&more")
        self.call("POST", f"{where}/webhook", {"secret": secret})
        team = self.call("POST", "/teams", {"name": "Platform", "key_prefix": "PLAT"}).json()
        item = {"team_id": team["id"], "title": "Mend it"}
        assert self.call("POST", "/work-items", item).status_code == 201
        bound = self.call("POST", "/bindings", {
            "scope": {"team_id": team["id"]}, "connection_id": str(connection.pk),
            "jira_project_key": cloud.project_key})  # fmt: skip
        assert bound.status_code == 201, bound.content
        run_until_idle(HANDLERS, within=0)
        connection.refresh_from_db()
        body = b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "1", "key": "X-1"}}'
        right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        for signature in (right, keep("wrong signature", "0f" * 32)):
            self.trail.answer("a delivery", Client().generic(
                "POST", f"/api/pms/webhook/jira/{connection.webhook_hash}", body,
                content_type="application/json",
                headers={"X-Hub-Signature": f"sha256={signature}"}))  # fmt: skip
        run_until_idle(HANDLERS, within=0)
        self.call("POST", f"{where}/check")

    def look_around(self) -> None:
        """Every page and call that is read, a mistake of ours, and what operators are told."""
        places = _places(self.slug)
        for route in list_routes():
            if route.method in {"", "GET"} and route.name != "account_logout":
                address = re.sub(
                    r"{(\w+)}", lambda name: places.get(name[1], "1"), address_of(route)
                )
                if route.method:
                    self.call("GET", address.removeprefix("/api/v1"))
                else:
                    self.page("GET", address)
        broken = self.page(
            "POST",
            "/breaks",
            {"password": self.trail.keep("password of a mistake", "oh+no/dear=me")},
        )
        assert broken.status_code == 500
        self.trail.said["the doctor"] = "\n".join(map(str, look(CONFIG)))

    def of_the_installation(self, settings: Any) -> None:
        """What the settings hold."""
        for number, key in enumerate(settings.ENCRYPTION_KEYS):
            self.trail.keep(f"encryption key {number}", key)
        self.trail.keep("secret key", settings.SECRET_KEY)
        settings.EMAIL_HOST_PASSWORD = self.trail.keep("mail password", "mail+pass/word=9")
        settings.METRICS_TOKEN = self.trail.keep("metrics token", "metrics+token/9=")


@pytest.mark.timeout(300)
def test_no_secret_is_read_again_anywhere(cloud: Jira, server: Jira, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS, settings.ROOT_URLCONF = True, __name__
    trail = Trail()
    with trail.listening() as logs:
        life = Life(trail, logs)
        try:
            life.of_the_installation(settings)
            life.begin()
            life.connect(cloud, server)
            life.consent(cloud, settings)
            life.synchronise(cloud)
            life.look_around()
        finally:
            close_clients()
        trail.dump()
    assert trail.said["the log as text"].count("\n") > 50, "the log was not heard"
    assert len(trail.secrets) > 20
    assert not trail.leaks(), "\n".join(trail.leaks())
    _a_leak_would_be_found(trail)


def _a_leak_would_be_found(trail: Trail) -> None:
    """Planted in the log and in the database, it is."""
    secret = trail.secrets["Jira API token"]
    with trail.listening():
        basic = base64.b64encode(f"{EMAIL}:{secret}".encode()).decode()
        log.debug("Sent %s", {"Authorization": f"Basic {basic}"})
    item = WorkItem.objects.get()
    add_comment(item.pk, f"Use {trail.secrets['webhook secret']}", actor=Actor.of(_owner()))
    trail.dump()
    found = "\n".join(trail.leaks())
    assert re.search(r"Jira API token in base64 after \d in the log as text", found)
    assert re.search(r"Jira API token in base64 after \d in the log as JSON", found)
    assert "webhook secret plain in table workplace_comment" in found


@pytest.mark.parametrize("form", list(forms_of("0123456789")))
def test_each_form_of_a_secret_is_found(form: str) -> None:
    secret = 'a "b" <c>+d/e é'
    trail = Trail({"it": secret}, {"here": f"x{forms_of(secret)[form]}y"})
    assert any("it" in leak for leak in trail.leaks())


def _wishes(cloud: Jira, server: Jira) -> list[dict[str, Any]]:
    there = {"address": server.url, "deployment": "server"}
    return [
        {"address": cloud.url, "method": "api_token", "email": cloud.service.email,
         "secret": cloud.service.api_token},
        {**there, "method": "pat", "secret": server.service.api_token},
        {**there, "method": "basic", "username": server.service.credential[0],
         "secret": server.service.credential[1]},
    ]  # fmt: skip


def _places(slug: str) -> dict[str, str]:
    member, connection = _owner(), Connection.objects.filter(kind="workplace").earliest("pk")
    item = WorkItem.objects.select_related("team").get()
    return {
        "slug": slug, "key": item.key, "prefix": item.team.key_prefix, "team_id": str(item.team_id),
        "item_id": str(item.pk), "member_id": str(member.pk), "connection_id": str(connection.pk),
        "name": "title", "version": "1",
    }  # fmt: skip


def _owner() -> Member:
    return Member.objects.select_related("user", "workplace").get(user__email=EMAIL)


def _found(pattern: str, answer: Any) -> str:
    found = re.search(pattern, answer.content.decode())
    assert found is not None, answer.content
    return found[0]


def _json(body: Any) -> str:
    return "" if body is None else json.dumps(body)
