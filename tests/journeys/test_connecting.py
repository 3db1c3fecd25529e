"""Every way into Jira as a person goes it: from signing in here to the first item in step there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from journeys.conftest import running_site, visiting
from journeys.ways import (
    Open,
    accept,
    choose_method,
    come_in,
    connect_by_token,
    enter,
    expect_report,
    go_to_connecting,
    issues_titled,
    let_in_to,
    link_the_team,
    make_an_item,
    say_where,
)
from playwright.sync_api import Browser, expect

from jirasim.testing import JiraSite
from jirasim.testing import running_site as running_jira

pytestmark = [pytest.mark.database, pytest.mark.browser, pytest.mark.timeout(600)]

CLOUD: Final = "Jira Cloud"
SERVER: Final = "Server or Data Center"
SERVICE: Final = "Duolog Sync"


@pytest.fixture(scope="module")
def cloud() -> Iterator[JiraSite]:
    with running_jira() as site:
        yield site


@pytest.fixture
def other_cloud() -> Iterator[JiraSite]:
    with running_jira(seed=2) as site:
        yield site


@pytest.fixture
def server() -> Iterator[JiraSite]:
    with running_jira(deployment="server", version="10.3", context="/jira") as site:
        yield site


@pytest.fixture(scope="module")
def duolog(cloud: JiraSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An installation with an OAuth app, a workplace for each way, and the background work."""
    app = cloud.ready["oauth"]
    settings = {
        "DUOLOG_ALLOW_PRIVATE_HOSTS": "true",
        "DUOLOG_ATLASSIAN_CLIENT_ID": app["client_id"],
        "DUOLOG_ATLASSIAN_CLIENT_SECRET": app["client_secret"],
        "DUOLOG_ATLASSIAN_AUTH_URL": cloud.url,
        "DUOLOG_ATLASSIAN_API_URL": cloud.url,
    }
    home = tmp_path_factory.mktemp("ways")
    with running_site(home, fill="fill_ways()", module="served", **settings) as url:
        let_in_to(cloud, f"{url}/connect/atlassian/callback")
        yield url


@pytest.fixture
def open_page(duolog: str, browser: Browser) -> Iterator[Open]:
    with visiting(browser, duolog, {}) as open_:
        yield open_


def test_by_signing_in_with_atlassian(open_page: Open, cloud: JiraSite) -> None:
    page = come_in(open_page, "oauth")
    go_to_connecting(page)
    say_where(page, cloud, CLOUD)
    choose_method(page, "Sign in with Atlassian")
    page.get_by_role("button", name="Connect with Atlassian").click()
    accept(page, SERVICE)
    expect_report(page, SERVICE)
    link_the_team(page)
    key = make_an_item(page, "oauth", "Made after signing in")
    assert issues_titled(cloud, "Made after signing in") == [key]


def test_by_an_api_token_with_a_wrong_one_first(open_page: Open, other_cloud: JiraSite) -> None:
    site = other_cloud
    page = come_in(open_page, "token")
    go_to_connecting(page)
    say_where(page, site, CLOUD)
    choose_method(page, "E-mail and API token")
    enter(page, {"E-mail of the account": site.email, "API token": "not-the-token"})
    expect(page.locator("#j-secret-error")).to_contain_text("Jira did not accept")
    expect(page.get_by_label("E-mail of the account")).to_have_value(site.email)
    enter(page, {"API token": site.api_token})
    expect_report(page, SERVICE)
    link_the_team(page)
    key = make_an_item(page, "token", "Made by token")
    assert issues_titled(site, "Made by token") == [key]


def test_by_a_personal_access_token(open_page: Open, server: JiraSite) -> None:
    page = come_in(open_page, "pat")
    go_to_connecting(page)
    say_where(page, server, SERVER)
    choose_method(page, "Personal access token")
    enter(page, {"Personal access token": server.api_token})
    expect_report(page, SERVICE)
    link_the_team(page)
    key = make_an_item(page, "pat", "Made by access token")
    assert issues_titled(server, "Made by access token") == [key]


def test_by_user_name_and_password(open_page: Open, server: JiraSite) -> None:
    page = come_in(open_page, "basic")
    go_to_connecting(page)
    say_where(page, server, SERVER)
    choose_method(page, "User name and password")
    known = server.ready
    enter(page, {"User name": known["username"], "Password": known["password"]})
    expect_report(page, SERVICE)
    link_the_team(page)
    key = make_an_item(page, "basic", "Made by password")
    assert issues_titled(server, "Made by password") == [key]


def test_a_connection_of_ones_own_is_added_allowed_to_write_and_removed(
    open_page: Open, cloud: JiraSite
) -> None:
    me = cloud.ready["people"][0]
    page = come_in(open_page, "personal")
    page.get_by_role("navigation", name="Personal").get_by_role("link", name="Connections").click()
    page.get_by_role("button", name="Add connection").first.click()
    say_where(page, cloud, CLOUD)
    choose_method(page, "E-mail and API token")
    enter(page, {"Your e-mail at Atlassian": me["email"], "API token": "not-the-token"})
    expect(page.locator("#j-secret-error")).to_contain_text("Jira did not accept")
    enter(page, {"API token": me["api_token"]})
    card = page.locator(".own")
    expect(card).to_contain_text(me["name"])
    card.get_by_role("switch").check()
    expect(page.locator("#toasts")).to_contain_text("appears in Jira in your name")
    page.reload()
    expect(card.get_by_role("switch")).to_be_checked()
    card.get_by_role("button", name="Test").click()
    expect(card).to_contain_text("Jira answered")
    card.get_by_role("button", name="Edit").click()
    page.get_by_label("Label").fill("My own Jira")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="My own Jira")).to_be_visible()
    card.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No connection of your own yet")).to_be_visible()


def test_disconnected_and_connected_again_nothing_is_made_twice(
    open_page: Open, other_cloud: JiraSite
) -> None:
    site = other_cloud
    page = come_in(open_page, "again")
    connect_by_token(page, site)
    link_the_team(page)
    key = make_an_item(page, "again", "Made before the break")
    page.goto("/w/again/integrations/jira")
    page.get_by_role("button", name="Disconnect").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 item and its issue no longer follow each other")
    dialog.get_by_role("button", name="Disconnect").click()
    page.get_by_role("link", name="Connect again").click()
    choose_method(page, "E-mail and API token")
    enter(page, {"E-mail of the account": site.email, "API token": site.api_token})
    expect_report(page, SERVICE)
    assert make_an_item(page, "again", "Made after the break") != key
    page.goto("/w/again/items/PLAT-1")
    expect(page.locator("#item-badge .sync")).to_contain_text(key)
    expect(page.locator("#item-jira .pill.ok")).to_be_visible()
    assert issues_titled(site, "Made before the break") == [key]


def test_by_a_token_with_scopes(open_page: Open, cloud: JiraSite) -> None:
    scopes = ["read:jira-work", "write:jira-work", "read:jira-user"]
    made = cloud.sim(
        "POST", "tokens/new", {"account_id": cloud.ready["account_id"], "scopes": scopes}
    )
    page = come_in(open_page, "scoped")
    go_to_connecting(page)
    say_where(page, cloud, CLOUD)
    choose_method(page, "E-mail and API token")
    enter(page, {"E-mail of the account": cloud.email, "API token": made["api_token"]})
    expect_report(page, SERVICE)
    link_the_team(page)
    key = make_an_item(page, "scoped", "Made by a token with scopes")
    assert issues_titled(cloud, "Made by a token with scopes") == [key]
