"""Connecting the workplace: every way that fails says so at the right field, and stores nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from helpers.bound import Bound
from helpers.jirasim import Jira

from duolog.connections.gate import GATE
from duolog.connections.models import Connection
from duolog.people.models import Workplace

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def home(bound: Bound, rest: str = "") -> str:
    return f"/w/{bound.workplace.slug}/integrations/jira{rest}"


def text(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


def fault(answer: Any, field: str) -> str:
    """What stands at a field."""
    return text(answer).split(f'id="j-{field}-error"')[1].split("</span>")[0].split("</p>")[0]


def entered(jira: Jira, **changes: str) -> dict[str, str]:
    """The same site under another name."""
    return {
        "deployment": "cloud",
        "address": jira.url.replace("127.0.0.1", "localhost"),
        "method": "api_token",
        "email": jira.service.email,
        "secret": jira.service.api_token,
        "label": "<b>Second</b>",
        **changes,
    }


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        pytest.param("", "The address is empty.", id="nothing"),
        pytest.param("my jira", "An address has no spaces.", id="words"),
        pytest.param("me@example.com", "is an e-mail address.", id="an e-mail address"),
        pytest.param(
            "https://id.atlassian.com", "is not your Jira site", id="Atlassian's own page"
        ),
        pytest.param("<script>alert(1)</script>", "is not an address", id="markup"),
    ],
)
def test_a_wrong_address_is_told_at_its_field(
    bound: Bound, admin: Client, address: str, sentence: str
) -> None:
    answer = admin.get(home(bound, "/connect"), {"deployment": "cloud", "address": address})
    assert answer.status_code == 422
    assert sentence in fault(answer, "address")
    assert 'aria-describedby="j-understood j-address-error"' in text(answer)
    assert "<script>alert" not in text(answer)


@pytest.mark.parametrize(
    ("deployment", "address", "words"),
    [
        pytest.param("cloud", "company", "https://company.atlassian.net</b>.", id="a name"),
        pytest.param(
            "server",
            "jira.company.com/jira/browse/ABC-1",
            "https://jira.company.com/jira</b>, with its path /jira.",
            id="a page below a path",
        ),
        pytest.param("cloud", "jira.company.com", "choose Server or Data Center", id="a server?"),
        pytest.param("server", "company", "is Jira Cloud. Choose Jira Cloud", id="no server"),
        pytest.param("cloud", "my jira", "An address has no spaces", id="no address"),
        pytest.param("cloud", "", "the address of any page in your Jira", id="nothing yet"),
    ],
)
def test_an_address_is_understood_while_it_is_typed(
    bound: Bound, plain: Client, deployment: str, address: str, words: str
) -> None:
    live = f"/w/{bound.workplace.slug}/connections/understood"
    answer = plain.get(live, {"deployment": deployment, "address": address})
    assert answer.status_code == 200
    assert words in text(answer)


@pytest.mark.parametrize(
    ("deployment", "first", "second"),
    [
        pytest.param("cloud", "Sign in with Atlassian", "E-mail and API token", id="cloud"),
        pytest.param("server", "Personal access token", "User name and password", id="server"),
    ],
)
def test_the_recommended_method_stands_first(
    bound: Bound, admin: Client, deployment: str, first: str, second: str
) -> None:
    address = {"cloud": "company", "server": "jira.company.com"}[deployment]
    page = text(
        admin.get(home(bound, "/connect"), {"deployment": deployment, "address": address})
    ).split('id="j-way"')[1]
    assert 0 < page.index(first) < page.index("Recommended") < page.index(second)


@pytest.mark.parametrize(
    ("method", "words"),
    [
        pytest.param("api_token", ("id.atlassian.com", "shows it this once", "a year"), id="token"),
        pytest.param("pat", ("Personal Access", "shows it this once", "switched"), id="pat"),
        pytest.param("basic", ("Not the e-mail", "single sign-on", "a picture"), id="basic"),
        pytest.param(
            "oauth",
            ("/connect/atlassian/callback", "manage:jira-webhook", "Client ID"),
            id="oauth without an app",
        ),
    ],
)
def test_each_method_says_step_by_step_how_to_come_by_it(
    bound: Bound, admin: Client, method: str, words: tuple[str, ...]
) -> None:
    is_server = method in {"pat", "basic"}
    where = {
        "deployment": "server" if is_server else "cloud",
        "address": "jira.company.com" if is_server else "company",
    }
    page = text(admin.get(home(bound, "/connect"), {**where, "method": method}))
    for each in words:
        assert each in page


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        pytest.param({"email": ""}, "email", "Enter the e-mail address", id="no e-mail"),
        pytest.param({"secret": " "}, "secret", "Paste the API token", id="no token"),
        pytest.param({"secret": "x"}, "secret", "Jira did not accept", id="a wrong token"),
        pytest.param({"expires_on": "2020-01-01"}, "expires_on", "This day has passed", id="ended"),
        pytest.param({"expires_on": "soon"}, "expires_on", "Enter a day", id="no day"),
        pytest.param(
            {"deployment": "server", "method": "pat"},
            "deployment",
            "This site is Jira Cloud. Choose Jira Cloud.",
            id="the other deployment",
        ),
        pytest.param(
            {"address": "http://127.0.0.1:9"}, "address", "could not be reached", id="nobody there"
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(
    bound: Bound, admin: Client, jira: Jira, changes: dict[str, str], field: str, sentence: str
) -> None:
    answer = admin.post(home(bound, "/connect"), entered(jira, **changes))
    assert answer.status_code == 422
    assert sentence in fault(answer, field)
    assert Connection.objects.count() == 1
    assert jira.service.api_token not in text(answer)


def test_what_was_typed_stays_but_for_the_secret(bound: Bound, admin: Client, jira: Jira) -> None:
    page = text(admin.post(home(bound, "/connect"), entered(jira, secret="not-it", label="Ours")))
    assert f'value="{jira.service.email}"' in page
    assert 'value="Ours"' in page
    assert "not-it" not in page


def test_a_certificate_is_read_from_its_file_and_kept_while_the_rest_is_put_right(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    given = entered(jira, deployment="server", method="pat", address="https://jira.company.com")
    path = SimpleUploadedFile("ca.pem", b"/etc/ssl/ca.pem")
    answer = admin.post(home(bound, "/connect"), given | {"ca_file": path})
    assert answer.status_code == 422
    assert "is the name of a file" in text(answer).split('id="j-ca-error"')[1]
    assert 'name="ca_certificate" value="/etc/ssl/ca.pem"' in text(answer)


def test_a_private_address_is_refused_where_the_administrator_did_not_allow_it(
    bound: Bound, admin: Client, jira: Jira, settings: Any
) -> None:
    settings.ALLOW_PRIVATE_HOSTS = False
    answer = admin.post(home(bound, "/connect"), entered(jira))
    assert answer.status_code == 422
    assert "is not reached over https" in fault(answer, "address")


def test_the_same_site_is_not_connected_twice(bound: Bound, admin: Client, jira: Jira) -> None:
    answer = admin.post(home(bound, "/connect"), entered(jira, address=jira.url))
    assert answer.status_code == 422
    assert "This site is connected already" in fault(answer, "address")


def test_a_full_gate_says_when_to_try_again(bound: Bound, admin: Client, jira: Jira) -> None:
    with GATE.passed(), GATE.passed(), GATE.passed():
        answer = admin.post(home(bound, "/connect"), entered(jira))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Nothing was changed" in text(answer)


def test_connecting_shows_who_it_is_and_what_it_may_with_its_label_escaped(
    client: Client, workplace: Workplace, jira: Jira
) -> None:
    path = f"/w/{workplace.slug}/integrations/jira/connect"
    made = client.post(path, entered(jira))
    report = text(client.get(made["Location"]))
    assert made["Location"].endswith("/set-up")
    for words in ("Duolog Sync", "Move issues through the workflow", "Agrees with ours", "1001.0"):
        assert words in report
    page = text(client.get(made["Location"].removesuffix("/set-up")))
    assert "&lt;b&gt;Second&lt;/b&gt;" in page
    assert "<b>Second</b>" not in page
    assert jira.service.api_token not in page + report
    assert jira.service.api_token[-4:] in page


def test_htmx_is_sent_on_by_a_header(client: Client, workplace: Workplace, jira: Jira) -> None:
    path = f"/w/{workplace.slug}/integrations/jira/connect"
    made = client.post(path, entered(jira), headers={"HX-Request": "true"})
    assert made["HX-Redirect"].endswith("/set-up")
