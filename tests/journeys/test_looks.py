"""Every page in four looks: nothing axe objects to, nothing cut off, and a picture to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from journeys.cast import EMAIL
from journeys.conftest import ARTEFACTS, LOOKS
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
CUT: Final = """() => [...document.querySelectorAll('main *')].filter(e => {
  const box = e.getBoundingClientRect();
  if (!box.width || box.right <= innerWidth + 1) return false;
  for (let up = e; up; up = up.parentElement) {
    if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX)) return false;
    if (up.matches('.vh, svg *, [popover], dialog, .clip')) return false;
  }
  return true;
}).slice(0, 3).map(e => `${e.tagName}.${e.className} ${(e.textContent || '').slice(0, 30)}`)"""


def look_of(look: tuple[str, int, int, str]) -> dict[str, Any]:
    device, width, height, theme = look
    return {
        "viewport": {"width": width, "height": height},
        "color_scheme": theme,
        "has_touch": device == "phone",
        "is_mobile": device == "phone",
    }


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", [*WORKPLACE, *OUTSIDE])
def test_a_page_is_accessible_and_whole(
    name: str,
    look: tuple[str, int, int, str],
    open_page: Callable[..., Page],
    violations: Callable[[Page], list[Any]],
) -> None:
    path = OUTSIDE.get(name) or f"/w/fernhill/{WORKPLACE[name]}"
    page = open_page(path, who="" if name in OUTSIDE else EMAIL, **look_of(look))
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}-{look[0]}-{look[3]}.png")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", ["palette", "new-item", "keys", "menu", "editor", "title"])
def test_an_open_state_is_accessible(
    state: str,
    look: tuple[str, int, int, str],
    open_page: Callable[..., Page],
    violations: Callable[[Page], list[Any]],
) -> None:
    page = open_page("/w/fernhill/items/PLAT-3", **look_of(look))
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
    page.screenshot(path=ARTEFACTS / f"state-{state}-{look[0]}-{look[3]}.png")
    assert violations(page) == []
    assert page.evaluate(CUT) == []
