"""Pages wide and narrow, light and dark: nothing axe objects to, nothing cut off, and pictures to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Page

ARTEFACTS: Final = Path(__file__).parents[2] / "artefacts"
DEVICES: Final[Mapping[str, Mapping[str, Any]]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
    },
}
wide_and_narrow = pytest.mark.parametrize("device", DEVICES)

AXE: Final = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS: Final = ["color-contrast"]
THEMES: Final[Sequence[tuple[Literal["light", "dark"], list[str]]]] = (
    ("light", RULES),
    ("dark", OF_COLOURS),
)
CUT: Final = """() => [...document.querySelectorAll('main *')].filter(e => {
  const box = e.getBoundingClientRect();
  if (!box.width || box.right <= innerWidth + 1) return false;
  for (let up = e; up; up = up.parentElement) {
    if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX)) return false;
    if (up.matches('.vh, svg *, [popover], dialog, .clip')) return false;
  }
  return true;
}).slice(0, 3).map(e => `${e.tagName}.${e.className} ${(e.textContent || '').slice(0, 30)}`)"""

DRAWN: Final = (
    "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
)
"""Until a picture was drawn.  A whole page is resized for its own, and Chromium does not see through
a theme that is switched at that very moment within a container."""


def look_at(page: Page, name: str, device: str, *, whole: bool = False) -> None:
    """See that the page is right in both themes, and keep a picture of each.

    The themes differ in colours alone, so that the dark one is judged by the rule of these.
    """
    for theme, rules in THEMES:
        page.emulate_media(color_scheme=theme)
        page.evaluate(DRAWN)
        keep(page, f"{name}-{device}-{theme}", whole=whole)
        found = violations(page, rules)
        assert not found, f"{name}, {theme}: {found}"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert page.evaluate(CUT) == [], name


def keep(page: Page, name: str, *, whole: bool = False) -> None:
    """A picture to look at, of the whole page or of what a screen shows."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=whole)


def violations(page: Page, rules: Sequence[str] = RULES) -> list[tuple[str, Any, str]]:
    """What axe finds on the page; run through the debugger, so that the page's CSP stays on."""
    page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules
    )
    return [
        (each["id"], each["nodes"][0]["target"], each["nodes"][0]["failureSummary"])
        for each in found["violations"]
    ]
