"""What a person does to connect, and how one looks into the simulated Jira afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import httpx2
from journeys.cast import PASSWORD, owner_of
from playwright.sync_api import Page, expect

from jirasim.testing import JiraSite

Open = Callable[..., Page]
SYNCED_WITHIN_MS = 20_000


def come_in(open_page: Open, way: str, **look: Any) -> Page:
    """Sign in as the owner of a workplace."""
    page = open_page("/accounts/login/", who="", **look)
    page.get_by_label("E-mail").fill(owner_of(way))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/w/{way}/**")
    return page


def go_to_connecting(page: Page) -> None:
    """By the links of the page, as one finds it."""
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_role("link", name="Jira", exact=True).click()
    expect(page.get_by_role("heading", name="Where your Jira is")).to_be_visible()


def say_where(page: Page, site: JiraSite, deployment: str) -> None:
    """The first step: which Jira, and the address of a page in it."""
    page.get_by_role("radio", name=deployment).check()
    page.get_by_label("Address of your Jira").fill(f"{site.url}/browse/FHP-1")
    expect(page.locator("#j-understood")).to_contain_text(f"Understood as {site.url}")
    page.get_by_role("button", name="Continue").click()


def choose_method(page: Page, name: str) -> None:
    """The second step: how to sign in."""
    chosen = page.get_by_role("radio", name=name)
    chosen.check()
    expect(chosen).to_be_checked()


def enter(page: Page, fields: Mapping[str, str]) -> None:
    """Fill the fields of the method and have it tested."""
    for name, value in fields.items():
        page.get_by_label(name, exact=True).fill(value)
    page.get_by_role("button", name="Connect and test").click()


def connect_by_token(page: Page, site: JiraSite) -> None:
    """The quickest way in, up to the report."""
    go_to_connecting(page)
    say_where(page, site, "Jira Cloud")
    choose_method(page, "E-mail and API token")
    enter(page, {"E-mail of the account": site.email, "API token": site.api_token})
    expect_report(page, "Duolog Sync")


def expect_report(page: Page, who: str) -> None:
    """The third step: what the test found."""
    expect(page.get_by_text("Jira answered")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(f"Signed in as{who}", use_inner_text=False)
    expect(page.get_by_role("main")).to_contain_text("Agrees with ours")


def link_the_team(page: Page, project: str = "FHP") -> None:
    """From the report to a team that is in step with a space."""
    page.locator(".steps").get_by_role("link", name="Platform").click()
    page.get_by_role("radio", name=project).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Link team").click()
    expect(page.locator("#binding-card .pill.ok")).to_be_visible(timeout=SYNCED_WITHIN_MS)


def make_an_item(page: Page, way: str, title: str) -> str:
    """The key of the issue that a new item is in step with."""
    page.goto(f"/w/{way}/teams/PLAT")
    page.keyboard.press("c")
    page.get_by_label("Title").fill(title)
    page.keyboard.press("Enter")
    row = page.locator(".row").filter(has_text=title)
    expect(row).to_be_visible()
    row.get_by_role("link", name=title).click()
    badge = page.locator("#item-badge .sync")
    expect(badge).to_have_text(re.compile(r"FHP-\d+"), timeout=SYNCED_WITHIN_MS)
    expect(page.locator("#item-jira .pill.ok")).to_be_visible(timeout=SYNCED_WITHIN_MS)
    return badge.inner_text().strip()


def issues_titled(site: JiraSite, title: str) -> list[str]:
    """The keys of all issues in Jira with this summary."""
    is_cloud = site.ready["deployment"] == "cloud"
    who = (site.email, site.api_token)
    if not is_cloud:
        who = (str(site.ready["username"]), str(site.ready["password"]))
    path = "/rest/api/3/search/jql" if is_cloud else "/rest/api/2/search"
    asked = {"jql": "project = FHP", "fields": ["summary"], "maxResults": 100}
    answer = httpx2.post(f"{site.url}{path}", json=asked, auth=who, timeout=10)
    assert answer.status_code == 200, answer.text
    found = answer.json()["issues"]
    return [issue["key"] for issue in found if issue["fields"]["summary"] == title]


def let_in_to(site: JiraSite, callback: str) -> None:
    """Register the callback address of the installation with the app at Atlassian."""
    app = site.ready["oauth"]
    site.sim("POST", "oauth/apps", {"client_id": app["client_id"], "redirect_uris": [callback]})


def accept(page: Page, account: str) -> None:
    """Atlassian's page: the account is chosen, and Duolog let in."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Let")
    page.get_by_role("combobox").select_option(account)
    page.get_by_role("button", name="Accept").click()
