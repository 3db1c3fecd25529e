"""The pages of Jira with a real server, a simulated Jira and a real browser between them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from helpers.jirasim import Jira, running_jirasim
from journeys.cast import EMAIL
from journeys.conftest import running_site, sign_in, visiting
from journeys.looking import DEVICES, keep, look_at, wide_and_narrow
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

Open = Callable[..., Page]
LIVE_WITHIN_MS: Final = 2_000
SYNCED_WITHIN_MS: Final = 10_000
PAGES: Final = {
    "jira": "integrations/jira/1",
    "jira-connect": "integrations/jira/connect",
    "jira-account": "integrations/jira/connect?deployment=cloud&address=company&method=api_token",
    "jira-wrong-address": "integrations/jira/connect?deployment=cloud&address=not+an+address",
    "jira-team": "teams/PLAT/jira",
    "jira-choose": "teams/MOB/jira",
    "jira-propose": "teams/MOB/jira/space?connection=1&space=FHP",
    "jira-mapping": "teams/PLAT/jira/mapping",
    "jira-list": "teams/PLAT",
    "jira-board": "teams/PLAT?view=board",
    "jira-item": "items/PLAT-3?show=sync",
    "jira-inbox": "inbox",
    "jira-conflict": "inbox/conflict-3",
    "jira-hold": "inbox?show=hold",
    "jira-settled": "inbox?show=settled",
    "jira-journal": "journal",
    "jira-journal-run": "journal?run=2&item=PLAT-2",
}
STATES: Final = {
    "disconnect": "integrations/jira/1",
    "unlink": "teams/PLAT/jira",
    "popover": "items/PLAT-3",
    "how-to": PAGES["jira-account"],
}


@pytest.fixture(scope="module")
def jira() -> Iterator[Jira]:
    with running_jirasim("--issues", "3") as jira:
        yield jira


@pytest.fixture(scope="module")
def linked(jira: Jira, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose team is linked, with a conflict, a hold and a deletion waiting."""
    home = tmp_path_factory.mktemp("linked")
    ready = {
        "url": jira.url,
        "deployment": "cloud",
        "project_key": jira.project_key,
        "email": jira.service.email,
        "api_token": jira.service.api_token,
        "account_id": jira.service.account_id,
        "people": [
            {"email": p.email, "api_token": p.api_token, "account_id": p.account_id, "name": p.name}
            for p in jira.people
        ],
    }
    fill = f"fill(); import json; from journeys.linked import *; link(Jira(json.loads({json.dumps(ready)!r})))"
    with running_site(home, fill=fill, module="served", DUOLOG_ALLOW_PRIVATE_HOSTS="true") as url:
        yield url


@pytest.fixture(scope="module")
def remembered(linked: str, browser: Browser) -> dict[str, Any]:
    return {EMAIL: sign_in(browser, linked, EMAIL)}


@pytest.fixture
def open_linked(linked: str, browser: Browser, remembered: dict[str, Any]) -> Iterator[Open]:
    with visiting(browser, linked, remembered) as open_:
        yield open_


@pytest.mark.database
def test_from_nothing_to_an_item_that_follows_jira(
    tmp_path: Path, browser: Browser, jira_of_its_own: Jira
) -> None:
    jira = jira_of_its_own
    with (
        running_site(tmp_path, module="served", DUOLOG_ALLOW_PRIVATE_HOSTS="true") as site,
        visiting(browser, site, {EMAIL: sign_in(browser, site, EMAIL)}) as open_page,
    ):
        page = open_page("/w/fernhill/integrations/jira")
        connect(page, jira)
        page.get_by_role("link", name="Go to the connection").click()
        page.get_by_role("button", name="Register it for me").click()
        expect(page.locator("#webhook-head")).to_contain_text("Waiting for the first delivery")
        link_platform(page, jira)
        keep(page, "journey-progress", whole=True)
        card = page.locator("#binding-card")
        expect(card).to_contain_text("7 differ", timeout=20_000)  # their people have no account
        expect(card.locator(".pill")).to_have_text("Differs")
        page.goto("/w/fernhill/items/PLAT-3")
        badge = page.locator("#item-badge .sync")
        expect(badge).to_have_text(re.compile(jira.project_key))
        issue = badge.inner_text()
        jira.edit(issue, summary="Said in Jira")
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Said in Jira", timeout=LIVE_WITHIN_MS
        )
        page.get_by_label("Priority").select_option("Low")
        expect(page.locator("#item-jira .pill.ok")).to_be_visible(timeout=SYNCED_WITHIN_MS)
        assert jira.get(issue)["priority"]["name"] == "Low"
        page.goto("/w/fernhill/integrations/jira/1")
        expect(page.locator("#webhook-head")).to_contain_text("Receiving")
        expect(page.locator("#webhook-live")).to_contain_text("Our own change")
        keep(page, "journey-webhook", whole=True)


@pytest.fixture
def jira_of_its_own() -> Iterator[Jira]:
    with running_jirasim("--issues", "3") as jira:
        yield jira


def connect(page: Page, jira: Jira) -> None:
    """By an API token; test_connecting goes every way."""
    page.get_by_label("Address of your Jira").fill(jira.url)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("radio", name="E-mail and API token").check()
    page.get_by_label("E-mail of the account").fill(jira.service.email)
    page.get_by_label("API token", exact=True).fill(jira.service.api_token)
    page.get_by_role("button", name="Connect and test").click()
    expect(page.get_by_text("Jira answered")).to_be_visible()


def link_platform(page: Page, jira: Jira) -> None:
    page.goto("/w/fernhill/teams/PLAT/jira")
    page.get_by_label("Search by key or name").fill(jira.project_key[:2])
    page.get_by_role("radio", name=jira.project_key).check()
    page.get_by_role("button", name="Continue").click()
    summary = page.locator("#link-summary")
    expect(summary).to_contain_text("Linking now sends 7 items and brings in 3 issues.")
    page.get_by_text("One way, to Jira").click()
    expect(summary).to_contain_text("What is in the space already (3 issues) stays as it is.")
    page.get_by_text("Two way").click()
    expect(summary).to_contain_text("brings in 3 issues")
    page.get_by_role("button", name="Link team").click()
    expect(page.locator("#binding-card")).to_be_visible()


@pytest.mark.database
def test_a_conflict_is_settled_by_keys(open_linked: Open, jira: Jira) -> None:
    page = open_linked("/w/fernhill/inbox")
    inbox = page.get_by_role("link", name=re.compile("Sync inbox")).first
    waiting = int(inbox.locator(".count").inner_text().split()[0])
    page.locator("a.irow", has_text="PLAT-5").click()
    form = page.locator("#settle")
    expect(form).to_contain_text("Ours")
    page.keyboard.press("2")
    expect(page.locator("#chosen")).to_have_text("1 of 1 chosen")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Settled")
    expect(page.locator("a.irow", has_text="PLAT-5")).to_have_count(0)
    expect(inbox.locator(".count")).to_contain_text(str(waiting - 1), timeout=SYNCED_WITHIN_MS)
    page.goto("/w/fernhill/items/PLAT-5")
    expect(page.locator("#item-jira .pill")).to_have_text("Differs", timeout=SYNCED_WITHIN_MS)
    assert jira.get(page.locator("#item-badge .sync").inner_text())["summary"] == "Ours"
    page.goto("/w/fernhill/inbox?show=settled")
    expect(page.locator(".irow", has_text="PLAT-5")).to_contain_text("what was here was kept")


@pytest.mark.database
def test_a_badge_tells_its_history(open_linked: Open) -> None:
    page = open_linked("/w/fernhill/teams/PLAT")
    page.locator(".row", has_text="PLAT-1").first.locator("button.sync").click()
    popover = page.locator("#syncpop")
    expect(popover).to_contain_text("Not the same on both sides: assignee.")
    expect(popover).to_contain_text("Made the issue in Jira")
    popover.get_by_role("link", name="Full history").click()
    expect(page.locator("#item-activity")).to_contain_text("Made the issue in Jira")


@wide_and_narrow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_jira_is_accessible_and_whole(
    name: str,
    device: str,
    open_linked: Open,
) -> None:
    page = open_linked(f"/w/fernhill/{PAGES[name]}", **DEVICES[device])
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    if name == "jira-choose":
        expect(page.get_by_role("radio").first).to_be_visible()
    look_at(page, name, device, whole=True)


@wide_and_narrow
@pytest.mark.parametrize("state", STATES)
def test_an_open_state_of_jira_is_accessible(
    state: str,
    device: str,
    open_linked: Open,
) -> None:
    page = open_linked(f"/w/fernhill/{STATES[state]}", **DEVICES[device])
    match state:
        case "disconnect":
            page.get_by_role("button", name="Disconnect").click()
            expect(page.get_by_role("heading", name="Disconnect")).to_be_visible()
        case "unlink":
            page.get_by_role("button", name="Unlink team").click()
            expect(page.get_by_role("heading", name="Unlink Platform")).to_be_visible()
        case "popover":
            page.locator("#item-badge button").click()
            expect(page.locator("#syncpop .tl")).to_be_visible()
        case _:
            page.get_by_text("How to make an API token").click()
            expect(page.get_by_text("Atlassian shows it this once")).to_be_visible()
    look_at(page, f"state-jira-{state}", device, whole=True)
