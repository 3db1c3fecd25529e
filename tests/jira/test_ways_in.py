"""Every credential over a real connection, and whom the client takes the answers to be for."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import pytest

from duolog.core.errors import Disconnected, Refused, SyncError
from duolog.jira.auth import AccessToken, ApiToken, Basic, Credential, Renewed
from duolog.jira.client import JiraClient, NewWebhook, open_client
from duolog.jira.client.people import end_of_token_in_use
from duolog.jira.dialect import CLOUD, SERVER
from duolog.jira.guard import HostPolicy
from duolog.jira.transport import Options
from duolog.jira.wire import PersonalToken
from jirasim.testing import JiraSite

LOCAL = Options(HostPolicy(allow_private=True, allow_http=True))
NEEDED = ("BROWSE_PROJECTS", "EDIT_ISSUES", "ADMINISTER")

server = pytest.mark.jira_site(deployment="server", version="10.3", context="/jira")
older = pytest.mark.jira_site(deployment="server", version="9.12")
everywhere = pytest.mark.parametrize(
    "site",
    [
        pytest.param(None, id="Cloud"),
        pytest.param(None, id="Data Center 10", marks=server),
        pytest.param(None, id="Server 9", marks=older),
    ],
)


def opened(site: JiraSite, credential: Credential, *, account: str | None = None) -> JiraClient:
    dialect = SERVER if site.ready["deployment"] == "server" else CLOUD
    return open_client(site.url, credential, dialect=dialect, account=account, options=LOCAL)


def password(site: JiraSite, person: Mapping[str, Any] | None = None) -> Basic:
    who = person or site.ready
    return Basic(who["username"], who["password"])


@pytest.fixture
def admin(jira_site: JiraSite) -> Iterator[JiraClient]:
    """The service account, an administrator, by token."""
    if jira_site.ready["deployment"] == "server":
        credential: Credential = AccessToken(jira_site.api_token)
    else:
        credential = ApiToken(jira_site.email, jira_site.api_token)
    with opened(jira_site, credential) as client:
        yield client


@server
def test_a_personal_access_token_and_a_password_are_the_same_account(
    jira_site: JiraSite, admin: JiraClient
) -> None:
    with opened(jira_site, password(jira_site)) as by_password:
        assert by_password.people.myself() == admin.people.myself()
    me = admin.people.myself()
    assert me.name == jira_site.ready["username"]
    assert me.account_id != me.name, "the key stays when the login name changes"
    assert admin.people.get(me.account_id).display_name == me.display_name


@pytest.mark.parametrize(
    "credential",
    [
        pytest.param(ApiToken("ada@example.com", "s3cret"), id="API token"),
        pytest.param(AccessToken("s3cret"), id="personal access token"),
        pytest.param(Basic("ada", "s3cret"), id="password"),
        pytest.param(Renewed(lambda *, force: "s3cret"), id="OAuth"),
    ],
)
def test_no_credential_shows_its_secret(credential: Credential) -> None:
    assert "s3cret" not in repr(credential) + repr(credential.auth()) + str(credential)


def test_names_and_passwords_are_sent_as_utf_8() -> None:
    request = httpx2.Request("GET", "https://jira.example")
    next(Basic("zoë", " pässwört ").auth().sync_auth_flow(request))
    assert (
        httpx2.BasicAuth("zoë".encode(), " pässwört ".encode())._auth_header
        == (request.headers["Authorization"])
    )


class Renewals:
    """Hands out access tokens; each time it is forced, the next."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.forced = 0
        self._lock = threading.Lock()

    def __call__(self, *, force: bool) -> str:
        with self._lock:
            if force:
                self.forced += 1
                if len(self.tokens) > 1:
                    self.tokens.pop(0)
            return self.tokens[0]


@server
def test_a_refused_bearer_is_renewed_once_and_the_request_sent_again(jira_site: JiraSite) -> None:
    renewals = Renewals("expired", jira_site.api_token)
    with opened(jira_site, Renewed(renewals)) as client:
        assert client.people.myself().name == jira_site.ready["username"]
        client.people.myself()
    assert renewals.forced == 1


@server
def test_what_stays_refused_is_not_asked_for_ever(jira_site: JiraSite) -> None:
    renewals = Renewals("expired", "expired too", "never reached")
    with opened(jira_site, Renewed(renewals)) as client, pytest.raises(Disconnected):
        client.people.myself()
    assert renewals.tokens == ["expired too", "never reached"]


@server
def test_a_renewal_that_cannot_be_had_is_told_in_its_own_words(jira_site: JiraSite) -> None:
    def over(*, force: bool) -> str:
        raise Disconnected(f"The consent has ended ({force}).")

    with opened(jira_site, Renewed(over)) as client, pytest.raises(Disconnected, match="consent"):
        client.people.myself()
    assert jira_site.calls() == {}


@server
def test_the_account_is_known_by_its_key_and_looked_up_once(
    jira_site: JiraSite, admin: JiraClient
) -> None:
    key = admin.people.myself().account_id
    jira_site.sim("POST", "calls/reset")
    with opened(jira_site, AccessToken(jira_site.api_token), account=key) as client:
        client.projects.get("FHP")
        client.projects.get("FHP")
    assert jira_site.calls()["GET /rest/api/2/myself"] == 1


@server
def test_a_renamed_person_stays_the_same_account(jira_site: JiraSite, admin: JiraClient) -> None:
    person = jira_site.ready["people"][0]
    with opened(jira_site, AccessToken(person["api_token"])) as client:
        me = client.people.myself()
    with opened(jira_site, AccessToken(person["api_token"]), account=me.account_id) as client:
        client.projects.get("FHP")
        rename(jira_site, me.name or "", "someone.else")
        client.projects.get("FHP")
        assert client.people.myself().name == "someone.else"


def rename(site: JiraSite, name: str, new: str) -> None:
    answer = httpx2.put(
        f"{site.url}/rest/api/2/user",
        params={"username": name},
        json={"name": new},
        headers={"Authorization": f"Bearer {site.api_token}"},
    )
    assert answer.status_code == 200, answer.text


@server
def test_the_credential_of_another_person_is_refused(
    jira_site: JiraSite, admin: JiraClient
) -> None:
    key = admin.people.myself().account_id
    other = password(jira_site, jira_site.ready["people"][0])
    with opened(jira_site, other, account=key) as client, pytest.raises(Disconnected):
        client.projects.get("FHP")


@server
def test_a_bearer_that_is_taken_for_a_visitors_is_refused(jira_site: JiraSite) -> None:
    jira_site.sim("POST", "public", {"projects": ["FHP"]})
    with opened(jira_site, AccessToken("made up")) as client, pytest.raises(Disconnected):
        client.projects.get("FHP")


@everywhere
def test_what_a_connection_looks_at_first_is_read_the_same(
    jira_site: JiraSite, admin: JiraClient, site: None
) -> None:
    info = admin.site.server_info()
    assert info.is_cloud is (jira_site.ready["deployment"] == "cloud")
    assert info.signs_webhooks is (info.is_cloud or info.version_numbers >= (10,))
    permissions = admin.site.permissions(NEEDED)
    assert tuple(permissions.permissions) == NEEDED
    assert permissions.missing() == ()
    assert admin.site.permissions(["EDIT_ISSUES"], project_key="READ").missing() == ("EDIT_ISSUES",)
    first_name = jira_site.ready["people"][0]["name"].partition(" ")[0]
    assert admin.people.search(first_name)
    assert admin.people.assignable("FHP", first_name)


@everywhere
def test_an_admin_webhook_is_made_changed_and_removed_at_every_version(
    jira_site: JiraSite, admin: JiraClient, site: None
) -> None:
    new = NewWebhook("Duolog", "http://127.0.0.1:9/a", ("comment_created",), "project = FHP", "s1")
    made = admin.webhooks.register(new)
    assert [it.id for it in admin.webhooks.list()] == [made.id]
    changed = admin.webhooks.change(
        made.id, NewWebhook("Duolog", "http://127.0.0.1:9/b", ("comment_created",), secret="s2")
    )
    assert (changed.id, changed.url) == (made.id, "http://127.0.0.1:9/b")
    assert changed.enabled
    admin.webhooks.delete(made.id)
    assert admin.webhooks.list() == ()


@server
def test_the_tokens_of_an_account_tell_when_they_end(
    jira_site: JiraSite, admin: JiraClient
) -> None:
    assert end_of_token_in_use(admin.people.personal_tokens()) is None
    jira_site.sim("POST", "settings", {"personal_tokens": False})
    with opened(jira_site, password(jira_site)) as client, pytest.raises(Refused):
        client.people.personal_tokens()


def test_an_end_is_known_only_where_all_tokens_share_it() -> None:
    ends = ("2027-01-01T00:00:00.000+0000", "2027-02-01T00:00:00.000+0000")
    first, second = (
        PersonalToken.model_validate({"id": number, "expiringAt": end})
        for number, end in enumerate(ends)
    )
    assert end_of_token_in_use((first,)) == first.expiring_at
    assert end_of_token_in_use((first, second)) is None
    assert end_of_token_in_use(()) is None


def test_a_cloud_site_tells_its_number_to_anybody(jira_site: JiraSite, admin: JiraClient) -> None:
    assert admin.site.cloud_id() == jira_site.simulator.site.state.cloud_id


def test_a_plain_token_may_not_register_dynamic_webhooks(admin: JiraClient) -> None:
    with pytest.raises(SyncError):
        admin.dynamic_webhooks.register(
            "https://duolog.example/hook", events=["jira:issue_created"], jql="project = FHP"
        )
