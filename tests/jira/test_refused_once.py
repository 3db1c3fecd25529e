"""A credential that was refused is not sent again: we never lock an account of Jira."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from duolog.core.errors import Disconnected, Retryable, SyncError
from duolog.jira.auth import AccessToken, ApiToken, Basic, Credential
from duolog.jira.client import JiraClient, open_client
from duolog.jira.dialect import CLOUD, SERVER
from duolog.jira.guard import HostPolicy
from duolog.jira.transport import Options
from duolog.jira.troubles import Barred, Trouble
from jirasim.testing import JiraSite

LOCAL = Options(HostPolicy(allow_private=True, allow_http=True))
server = pytest.mark.jira_site(deployment="server", version="10.3")


def opened(site: JiraSite, credential: Credential) -> JiraClient:
    dialect = SERVER if site.ready["deployment"] == "server" else CLOUD
    return open_client(site.url, credential, dialect=dialect, options=LOCAL)


def failed_logins(site: JiraSite) -> int:
    return sum(row["failed"] for row in site.sim("GET", "logins"))


def barred(act: Callable[[], object]) -> Barred:
    with pytest.raises(Barred) as raised:
        act()
    return raised.value


@pytest.mark.parametrize(
    "credential",
    [
        pytest.param(lambda site: Basic(site.ready["username"], "wrong"), marks=server, id="basic"),
        pytest.param(lambda _: AccessToken("wrong"), marks=server, id="PAT"),
        pytest.param(lambda site: ApiToken(site.email, "wrong"), id="API token"),
    ],
)
def test_one_refusal_is_one_call_however_often_we_ask(
    jira_site: JiraSite, credential: Callable[[JiraSite], Credential]
) -> None:
    with opened(jira_site, credential(jira_site)) as client:
        first = barred(client.people.myself)
        again = [barred(client.people.myself), barred(lambda: client.projects.get("FHP"))]
    assert {str(it) for it in again} == {str(first)}
    assert sum(jira_site.calls().values()) == 1


@server
def test_many_threads_make_one_attempt_with_a_wrong_password(jira_site: JiraSite) -> None:
    told: list[SyncError] = []

    def work(client: JiraClient) -> None:
        try:
            client.people.myself()
        except SyncError as error:
            told.append(error)

    with opened(jira_site, Basic(jira_site.ready["username"], "wrong")) as client:
        threads = [threading.Thread(target=work, args=(client,)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(told) == 16
    assert failed_logins(jira_site) == 1


@server
def test_a_password_that_became_wrong_is_tried_once(jira_site: JiraSite) -> None:
    person = jira_site.ready["people"][0]
    with opened(jira_site, Basic(person["username"], person["password"])) as client:
        client.people.myself()
        jira_site.simulator.site.state.passwords[person["account_id"]] = "changed by its owner"
        for _ in range(5):
            with pytest.raises(Disconnected):
                client.projects.get("FHP")
    assert failed_logins(jira_site) == 1


@server
def test_a_password_whose_answer_was_lost_is_not_repeated_at_once(jira_site: JiraSite) -> None:
    faults = [{"match": {"path": "/rest/api/2/myself"}, "fault": "cut_after", "times": 5}]
    jira_site.sim("POST", "faults", faults)
    wrong = Basic(jira_site.ready["username"], "wrong")
    with opened(jira_site, wrong) as client, pytest.raises(Retryable):
        client.people.myself()
    assert failed_logins(jira_site) == 1


@server
def test_a_locked_account_is_named_as_such_and_left_alone(jira_site: JiraSite) -> None:
    for attempt in range(3):
        with opened(jira_site, Basic(jira_site.ready["username"], f"wrong {attempt}")) as client:
            barred(client.people.myself)
    jira_site.sim("POST", "calls/reset")
    right = Basic(jira_site.ready["username"], jira_site.ready["password"])
    with opened(jira_site, right) as client:
        told = {barred(client.people.myself).trouble for _ in range(3)}
    assert told == {Trouble.CAPTCHA}
    assert sum(jira_site.calls().values()) == 1


@server
def test_a_person_may_have_a_token_tried_again_but_never_a_password(jira_site: JiraSite) -> None:
    token = jira_site.api_token
    jira_site.sim("POST", "tokens", {"api_token": token, "revoked": True})
    with opened(jira_site, AccessToken(token)) as client:
        barred(client.people.myself)
        jira_site.sim("POST", "tokens", {"api_token": token, "revoked": False})
        barred(client.people.myself)
        client.forget_refusal()
        assert client.people.myself().name == jira_site.ready["username"]
    with opened(jira_site, Basic(jira_site.ready["username"], "wrong")) as client:
        barred(client.people.myself)
        client.forget_refusal()
        barred(client.people.myself)
    assert failed_logins(jira_site) == 1


@server
def test_switched_off_passwords_are_not_taken_for_a_missing_right(jira_site: JiraSite) -> None:
    jira_site.sim("POST", "settings", {"basic_auth": False})
    right = Basic(jira_site.ready["username"], jira_site.ready["password"])
    with opened(jira_site, right) as client:
        assert barred(client.people.myself).trouble is Trouble.PASSWORDS_OFF
