"""Every page in four looks: nothing axe objects to, nothing cut off, and a picture to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from journeys.cast import EMAIL
from journeys.looking import DEVICES, look_at, wide_and_narrow
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WORKPLACE: Final = {
    "list": "teams/PLAT",
    "list-filtered": "teams/PLAT?q=zzzz",
    "list-empty": "teams/MOB",
    "board": "teams/PLAT?view=board",
    "item": "items/PLAT-3",
    "mine": "mine",
    "notices": "notices",
    "projects": "projects",
    "project": "projects/1",
    "profile": "profile",
    "security": "security",
    "tokens": "tokens",
    "members": "members",
    "settings": "settings",
    "team": "teams/PLAT/settings",
    "new-team": "new-team",
    "trash": "trash",
    "nowhere": "nowhere",
}
OUTSIDE: Final = {"sign-in": "/accounts/login/", "reset": "/accounts/password/reset/"}


@wide_and_narrow
@pytest.mark.parametrize("name", [*WORKPLACE, *OUTSIDE])
def test_a_page_is_accessible_and_whole(
    name: str,
    device: str,
    open_page: Callable[..., Page],
) -> None:
    path = OUTSIDE.get(name) or f"/w/fernhill/{WORKPLACE[name]}"
    page = open_page(path, who="" if name in OUTSIDE else EMAIL, **DEVICES[device])
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    look_at(page, name, device)


@wide_and_narrow
@pytest.mark.parametrize("state", ["palette", "new-item", "keys", "menu", "editor", "title"])
def test_an_open_state_is_accessible(
    state: str,
    device: str,
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/w/fernhill/items/PLAT-3", **DEVICES[device])
    match state:
        case "palette":
            page.keyboard.press("Control+k")
            expect(page.locator("#palette-list [role=option]").first).to_be_visible()
        case "new-item":
            page.keyboard.press("c")
            expect(page.get_by_role("heading", name="New work item")).to_be_visible()
        case "keys":
            page.keyboard.press("?")
            expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
        case "menu":
            page.get_by_role("button", name="Item menu").click()
            expect(page.get_by_role("button", name="Delete", exact=True)).to_be_visible()
        case "editor":
            page.keyboard.press("e")
            expect(page.get_by_role("toolbar")).to_be_visible()
        case "title":
            page.get_by_title("Edit the title").click()
            expect(page.get_by_label("Title")).to_be_visible()
    look_at(page, f"state-{state}", device)
