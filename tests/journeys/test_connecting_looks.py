"""Every state of the pages of connections wide and narrow, light and dark: accessible, whole, and quiet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from journeys.cast import PASSWORD, owner_of
from journeys.conftest import running_site, visiting
from journeys.looking import DEVICES, look_at, wide_and_narrow
from journeys.ways import Open
from playwright.sync_api import Browser, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CONNECT: Final = "integrations/jira/connect"
PAGES: Final = {
    "connect-place": CONNECT,
    "connect-wrong-place": f"{CONNECT}?deployment=server&address=company",
    "connect-oauth": f"{CONNECT}?deployment=cloud&address=company&method=oauth",
    "connect-token": f"{CONNECT}?deployment=cloud&address=company&method=api_token",
    "connect-pat": f"{CONNECT}?deployment=server&address=jira.company.com/jira&method=pat",
    "connect-basic": f"{CONNECT}?deployment=server&address=jira.company.com&method=basic",
    "connect-set-up": "integrations/jira/2/set-up",
    "connection-oauth": "integrations/jira/1",
    "connection-ending": "integrations/jira/2",
    "connection-refused": "integrations/jira/3?replace=1",
    "connection-basic": "integrations/jira/4",
    "own": "connections",
    "consent-refused": "/connect/atlassian/callback?error=access_denied&state=gone",
}
DIALOGS: Final = {
    "own-add": ("connections", "Add connection"),
    "own-edit": ("connections", "Edit fernhill-7"),
    "own-replace": ("connections", "Replace credential of fernhill-7"),
    "own-remove": ("connections", "Remove fernhill-6"),
    "connection-disconnect": ("integrations/jira/1", "Disconnect"),
}


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    fill = "fill_ways; from journeys.site_of_connections import *; fill_states()"
    with running_site(tmp_path_factory.mktemp("states"), fill=fill) as url:
        yield url


@pytest.fixture(scope="module")
def remembered(states: str, browser: Browser) -> dict[str, Any]:
    """What the browser of the owner remembers after signing in."""
    context = browser.new_context(base_url=states)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(owner_of("looks"))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/w/looks/**")
    state = context.storage_state()
    context.close()
    return {owner_of("looks"): state}


@pytest.fixture
def open_page(states: str, browser: Browser, remembered: dict[str, Any]) -> Iterator[Open]:
    with visiting(browser, states, remembered) as open_:
        yield open_


@wide_and_narrow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_connections_is_accessible_and_whole(
    name: str,
    device: str,
    open_page: Open,
) -> None:
    path = PAGES[name] if PAGES[name].startswith("/") else f"/w/looks/{PAGES[name]}"
    page = open_page(path, who=owner_of("looks"), **DEVICES[device])
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    for summary in page.locator("details.howto > summary").all():
        if summary.is_visible():
            summary.click()
    look_at(page, name, device, whole=True)


@wide_and_narrow
@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_of_connections_is_accessible(
    name: str,
    device: str,
    open_page: Open,
) -> None:
    path, button = DIALOGS[name]
    page = open_page(f"/w/looks/{path}", who=owner_of("looks"), **DEVICES[device])
    page.get_by_role("button", name=button).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look_at(page, f"state-{name}", device, whole=True)
