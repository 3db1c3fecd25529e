"""Signing in with Atlassian, from the address for the browser to the renewal of what was granted."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from helpers.oauth_person import CALLBACK, LOCAL, STATE, Person

from duolog.core.errors import AnswerLost, Disconnected, Refused, Retryable, Scope, SyncError
from duolog.jira.auth import Renewed
from duolog.jira.client import open_client
from duolog.jira.oauth import (
    SCOPES,
    App,
    Complaint,
    GrantedSite,
    Hosts,
    Pkce,
    authorize_address,
    choose_site,
    refused_at_consent,
    renewal_refused,
)
from duolog.jira.oauth_calls import Atlassian
from duolog.jira.troubles import Barred, Trouble
from jirasim.testing import JiraSite


@pytest.fixture
def person(jira_site: JiraSite) -> Person:
    return Person(jira_site)


def test_the_address_for_the_browser_says_all_that_atlassian_asks() -> None:
    app = App("id&1", "not in the address", CALLBACK)
    address = authorize_address(app, state=STATE, challenge="ch")
    assert address.startswith("https://auth.atlassian.com/authorize?")
    assert dict(parse_qsl(urlsplit(address).query)) == {
        "audience": "api.atlassian.com",
        "client_id": "id&1",
        "scope": "read:jira-work write:jira-work read:jira-user manage:jira-webhook read:me "
        "offline_access",
        "redirect_uri": CALLBACK,
        "state": STATE,
        "response_type": "code",
        "prompt": "consent",
        "code_challenge": "ch",
        "code_challenge_method": "S256",
    }


def test_the_challenge_is_that_of_the_standard() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
    assert Pkce(verifier).challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    made = Pkce.new()
    assert re.fullmatch(r"[A-Za-z0-9_-]{43,128}", made.verifier)
    assert made != Pkce.new()


def test_from_the_browser_to_a_signed_call_at_the_gateway(person: Person) -> None:
    back = person.decide()
    assert back["state"] == STATE
    grant = person.atlassian.exchange(back["code"], person.pkce.verifier)
    assert set(grant.scopes) == set(SCOPES)
    assert grant.life.total_seconds() == 3600
    site = choose_site(person.atlassian.sites(grant.access_token), person.site.url)
    bearer = Renewed(lambda *, force: grant.access_token)
    with open_client(person.hosts.gateway(site.id), bearer, options=LOCAL) as client:
        assert client.people.myself().display_name == person.site.ready["people"][0]["name"]


def test_a_renewal_hands_out_a_new_pair(person: Person) -> None:
    first = person.grant()
    second = person.atlassian.renew(first.refresh_token)
    assert second.refresh_token != first.refresh_token
    assert second.access_token != first.access_token


def test_a_renewal_whose_answer_was_lost_may_be_repeated_for_ten_minutes(person: Person) -> None:
    first = person.grant()
    faults = [{"match": {"path": "/oauth/token"}, "fault": "cut_after", "times": 9}]
    person.site.sim("POST", "faults", faults)
    with pytest.raises(Retryable) as lost:
        person.atlassian.renew(first.refresh_token)
    assert not isinstance(lost.value, AnswerLost)
    assert lost.value.scope is Scope.CONNECTION
    assert "ten minutes" in lost.value.hint
    person.site.sim("POST", "faults", [])
    person.wait(minutes=9)
    assert person.atlassian.renew(first.refresh_token).access_token


def test_a_code_whose_answer_was_lost_is_never_shown_again(person: Person) -> None:
    code = person.decide()["code"]
    person.site.sim("POST", "calls/reset")
    faults = [{"match": {"path": "/oauth/token"}, "fault": "cut_after", "times": 1}]
    person.site.sim("POST", "faults", faults)
    with pytest.raises(Refused, match="did not come") as raised:
        person.atlassian.exchange(code, person.pkce.verifier)
    assert "Start the sign-in again" in raised.value.hint
    assert person.site.calls() == {"POST /oauth/token": 1}


def a_used_code(person: Person) -> SyncError | None:
    code = person.decide()["code"]
    person.atlassian.exchange(code, person.pkce.verifier)
    return refusal(lambda: person.atlassian.exchange(code, person.pkce.verifier))


def an_old_code(person: Person) -> SyncError | None:
    code = person.decide()["code"]
    person.wait(minutes=6)
    return refusal(lambda: person.atlassian.exchange(code, person.pkce.verifier))


def a_code_of_somebody_else(person: Person) -> SyncError | None:
    code = person.decide()["code"]
    return refusal(lambda: person.atlassian.exchange(code, Pkce.new().verifier))


def another_callback(person: Person) -> SyncError | None:
    app = replace(person.app, redirect_uri="https://duolog.example/elsewhere")
    code = person.decide()["code"]
    other = Atlassian(app, hosts=person.hosts, options=LOCAL)
    return refusal(lambda: other.exchange(code, person.pkce.verifier))


def a_wrong_client_secret(person: Person) -> SyncError | None:
    app = replace(person.app, client_secret="wrong")
    code = person.decide()["code"]
    other = Atlassian(app, hosts=person.hosts, options=LOCAL)
    return refusal(lambda: other.exchange(code, person.pkce.verifier))


def an_unused_grant(person: Person) -> SyncError | None:
    grant = person.grant()
    person.wait(days=91)
    return refusal(lambda: person.atlassian.renew(grant.refresh_token))


def a_grant_taken_back(person: Person) -> SyncError | None:
    grant = person.grant()
    for row in person.site.sim("GET", "oauth/grants"):
        person.site.sim("POST", "oauth/grants/revoke", {"id": row["id"]})
    return refusal(lambda: person.atlassian.renew(grant.refresh_token))


def a_stolen_refresh_token(person: Person) -> SyncError | None:
    grant = person.grant()
    person.atlassian.renew(grant.refresh_token)
    person.wait(minutes=11)
    return refusal(lambda: person.atlassian.renew(grant.refresh_token))


def no_offline_access(person: Person) -> SyncError | None:
    code = person.decide(scope="read:jira-work")["code"]
    return refusal(lambda: person.atlassian.exchange(code, person.pkce.verifier))


def an_access_token_that_has_ended(person: Person) -> SyncError | None:
    grant = person.grant()
    person.wait(minutes=61)
    return refusal(lambda: person.atlassian.sites(grant.access_token))


def refusal(act: object) -> SyncError | None:
    assert callable(act)
    try:
        act()
    except SyncError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("trouble", "kind", "sentence", "advice"),
    [
        pytest.param(a_used_code, Refused, "used already", "Start the sign-in again", id="used"),
        pytest.param(an_old_code, Refused, "too old", "Start the sign-in again", id="old"),
        pytest.param(a_code_of_somebody_else, Refused, "used already", "Start", id="no proof"),
        pytest.param(another_callback, Refused, "used already", "callback address", id="callback"),
        pytest.param(a_wrong_client_secret, Disconnected, "client secret", "anew", id="secret"),
        pytest.param(an_unused_grant, Barred, "90 days", "Connect again", id="unused"),
        pytest.param(a_grant_taken_back, Barred, "taken back", "Connect again", id="revoked"),
        pytest.param(a_stolen_refresh_token, Barred, "ended", "Connect again", id="reused"),
        pytest.param(no_offline_access, Refused, "no refresh", "offline_access", id="no offline"),
        pytest.param(an_access_token_that_has_ended, Barred, "401", "", id="ended"),
    ],
)
def test_what_a_person_is_told(
    person: Person, trouble: object, kind: type[SyncError], sentence: str, advice: str
) -> None:
    assert callable(trouble)
    error = trouble(person)
    assert type(error) is kind
    assert sentence in str(error)
    assert advice in error.hint
    assert person.app.client_secret not in f"{error} {error.hint} {error.__cause__!r}"


@pytest.mark.parametrize(
    ("status", "said", "trouble"),
    [
        pytest.param(
            403,
            {"error": "unauthorized_client", "error_description": "refresh_token is invalid"},
            Trouble.WRONG,
            id="an ended grant by its other name",
        ),
        pytest.param(403, {"error": "invalid_grant"}, Trouble.WRONG, id="without a description"),
        pytest.param(401, {"error": "access_denied"}, None, id="the app is not known"),
    ],
)
def test_the_words_of_the_token_address(
    status: int, said: dict[str, str], trouble: Trouble | None
) -> None:
    error = renewal_refused(status, Complaint.model_validate(said))
    assert isinstance(error, Disconnected)
    assert getattr(error, "trouble", None) is trouble


def test_who_says_no_is_not_asked_why(person: Person) -> None:
    back = person.decide("deny")
    error = refused_at_consent(back["error"], back["error_description"])
    assert "did not let Duolog in" in str(error)


def test_another_complaint_is_passed_on() -> None:
    error = refused_at_consent("invalid_scope", "The scope is not enabled.")
    assert str(error) == "Atlassian did not let us in: The scope is not enabled."
    assert "Permissions" in error.hint


def granted(*rows: tuple[str, str, tuple[str, ...]]) -> list[GrantedSite]:
    return [GrantedSite(id=number, url=url, scopes=scopes) for number, url, scopes in rows]


def test_the_site_is_found_by_its_host_whatever_its_case() -> None:
    sites = granted(
        ("1", "https://other.atlassian.net", ()), ("2", "https://Ours.atlassian.net", ())
    )
    assert choose_site(sites, "https://ours.atlassian.net").id == "2"
    assert choose_site(sites, "https://api.atlassian.com/ex/jira/1").id == "1"


def test_a_site_that_is_listed_twice_has_the_scopes_of_both() -> None:
    address = "https://ours.atlassian.net"
    site = choose_site(granted(("1", address, ("a", "b")), ("1", address, ("b", "c"))), address)
    assert site.scopes == ("a", "b", "c")


@pytest.mark.parametrize(
    ("sites", "sentence"),
    [
        pytest.param([], "no Jira site", id="none"),
        pytest.param(
            granted(("1", "https://b.atlassian.net", ()), ("2", "https://a.atlassian.net", ())),
            "You let us into a.atlassian.net, b.atlassian.net, not into ours.atlassian.net.",
            id="others",
        ),
    ],
)
def test_a_site_that_was_not_granted_is_named_with_those_that_were(
    sites: list[GrantedSite], sentence: str
) -> None:
    with pytest.raises(Disconnected) as raised:
        choose_site(sites, "https://ours.atlassian.net")
    assert sentence in str(raised.value)
    assert "Sign in once more" in raised.value.hint


def test_the_sign_in_is_kept_from_private_addresses(person: Person) -> None:
    guarded = Atlassian(person.app, hosts=Hosts("https://127.0.0.1:1", "https://127.0.0.1:1"))
    for act in (lambda: guarded.exchange("c", "v"), lambda: guarded.sites("t")):
        error = refusal(act)
        assert isinstance(error, Disconnected)
        assert "private network" in str(error)


def test_nothing_secret_is_shown(person: Person) -> None:
    grant = person.grant()
    shown = f"{grant!r} {grant} {person.app!r} {person.pkce!r} {person.atlassian!r}"
    for secret in (grant.access_token, grant.refresh_token, person.app.client_secret):
        assert secret not in shown
    assert person.pkce.verifier not in shown


def test_a_foreign_page_in_place_of_an_answer_is_not_believed(person: Person) -> None:
    faults = [{"match": {"path": "/oauth/token"}, "fault": "html", "times": 2}]
    person.site.sim("POST", "faults", faults)
    with pytest.raises(Retryable):
        person.atlassian.renew("x")
    with pytest.raises(Refused, match="did not come"):
        person.atlassian.exchange("x", "y")
