"""My time in a real browser, with a simulated Jira behind: typed, moved, dragged, brought back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

import pytest
from journeys.cast import EMAIL
from journeys.conftest import running_site, sign_in, visiting
from journeys.looking import DEVICES, look_at, violations
from playwright.sync_api import Browser, Locator, Page, expect

from jirasim.testing import JiraSite
from jirasim.testing import running_site as running_jira

pytestmark = [pytest.mark.database, pytest.mark.browser, pytest.mark.timeout(600)]

Open = Callable[..., Page]
TIME: Final = "/w/fernhill/time"
PAGES: Final = {
    "time-week": TIME,
    "time-day": f"{TIME}?view=day",
    "time-month": f"{TIME}?view=month",
    "time-reports": f"{TIME}/reports",
    "time-hours": f"{TIME}/hours",
}


@pytest.fixture(scope="module")
def jira() -> Iterator[JiraSite]:
    with running_jira(issues=3) as site:
        yield site


@pytest.fixture(scope="module")
def own(jira: JiraSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An installation with the background work, where Maya has her own way into Jira."""
    maya = jira.ready["people"][0]
    entered = (jira.url, maya["email"], maya["api_token"])
    fill = f"from journeys.own_site import fill_own; fill_own{entered!r}"
    home = tmp_path_factory.mktemp("own")
    with running_site(home, fill=fill, module="served", DUOLOG_ALLOW_PRIVATE_HOSTS="true") as url:
        yield url


@pytest.fixture
def open_own(own: str, browser: Browser) -> Iterator[Open]:
    with visiting(browser, own, {EMAIL: sign_in(browser, own, EMAIL)}) as open_:
        yield open_


def seconds_in(jira: JiraSite, key: str) -> list[int]:
    issues = jira.simulator.site.state.issues.values()
    issue = next(each for each in issues if each.key == key)
    return [each.seconds for each in issue.worklogs]


def is_saved(cell: Locator, shown: str) -> None:
    expect(cell).to_have_text(shown)
    expect(cell).not_to_have_class(re.compile("pending|saving"))


def test_a_week_is_typed_moved_dragged_and_brought_back(open_own: Open, jira: JiraSite) -> None:
    page = open_own(TIME)
    before = seconds_in(jira, "FHP-1"), seconds_in(jira, "FHP-2")
    _pick(page, "FHP-1")
    _redraw(page)
    cell = page.locator("#time-rows .cell:focus")
    issue, day = (cell.get_attribute(f"data-{name}") for name in ("issue", "day"))
    cell = page.locator(f'.cell[data-issue="{issue}"][data-day="{day}"]')
    page.keyboard.type("a while")
    page.keyboard.press("Escape")
    page.keyboard.type("1h 30")
    page.keyboard.press("Enter")
    is_saved(cell, "1h 30m")
    assert seconds_in(jira, "FHP-1") == [*before[0], 5400]
    cell.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("soon")
    page.keyboard.press("Enter")
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("no length of time")
    expect(page.locator("[data-cell]")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Control+a")
    page.keyboard.type("45m")
    page.keyboard.press("Tab")
    is_saved(cell, "45m")
    assert seconds_in(jira, "FHP-1") == [*before[0], 2700]

    page.goto(f"{TIME}?view=day&day={day}")
    _move_to(page, "FHP-2")
    block = page.locator(".axis .block")
    expect(block).to_contain_text("FHP-2")
    assert seconds_in(jira, "FHP-1") == before[0]
    _drag_and_pull(page, block)
    expect(block).not_to_have_class(re.compile("pending"))
    assert seconds_in(jira, "FHP-2") == [*before[1], 3300]

    _delete_and_undo(page, block)
    expect(block).to_contain_text("11:00 to 11:55")
    expect(block).not_to_have_class(re.compile("pending"))
    assert seconds_in(jira, "FHP-2") == [*before[1], 3300]
    for device in DEVICES:
        _is_whole(open_own, device)


def test_what_is_typed_outlives_the_session(
    own: str, browser: Browser, open_own: Open, jira: JiraSite
) -> None:
    page, before = open_own(), seconds_in(jira, "FHP-3")
    page.goto(f"{TIME}?view=day&day=2026-03-03")  # which the other journeys leave alone
    page.get_by_role("button", name="Add").first.click()
    page.locator("#log-comment").fill("Long and precious")
    page.locator("#log-spent").fill("25m")
    page.get_by_label("Issue", exact=True).fill("FHP-3")
    page.locator("#log-picks [role=option]", has_text="FHP-3").first.click()
    page.context.clear_cookies(name="session")
    expect(page.locator("#toasts")).to_contain_text("What you typed stays here")
    send = page.locator("#dialog").get_by_role("button", name="Log time")
    send.click()
    expect(page.locator("#log-comment")).to_have_value("Long and precious")
    page.context.add_cookies(sign_in(browser, own, EMAIL)["cookies"])
    expect(page.locator("#toasts")).to_contain_text("You are signed in again")
    send.click()
    expect(page.locator("#dialog")).not_to_be_visible()
    expect(page.locator(".axis .block", has_text="FHP-3")).not_to_have_class(re.compile("pending"))
    assert seconds_in(jira, "FHP-3") == [*before, 1500]


def _drag_and_pull(page: Page, block: Locator) -> None:
    """To eleven, and to 55 minutes by the keyboard and the pointer."""
    _drag(page, block)
    expect(page.locator("#toasts")).to_contain_text("FHP-2: 11:00, 45m")
    block.focus()
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(page.locator("#toasts")).to_contain_text("FHP-2: 11:00, 50m")
    expect(block).to_contain_text("11:00 to 11:50")
    _pull(page, block, -30)
    expect(page.locator("#toasts")).to_contain_text("FHP-2: 11:00, 20m")
    expect(block).not_to_have_class(re.compile("pending"))
    _pull(page, block, 35)
    expect(page.locator("#toasts")).to_contain_text("FHP-2: 11:00, 55m")
    expect(block).to_contain_text("11:00 to 11:55")


def _pick(page: Page, key: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(key)
    listed = page.locator(f"#time-picks[data-q={key.lower()}] [role=option]", has_text=key)
    expect(listed.first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#time-rows .cell:focus")).to_be_visible()


def _redraw(page: Page) -> None:
    """The days again, as when there is news of them: a row that has no time yet stays, focused."""
    page.evaluate(
        """() => {
          document.querySelector("#time-body").dataset.old = "";
          document.querySelector("#time-seen").value = "";
          htmx.trigger("#time-poll", "refresh-now");
        }"""
    )
    expect(page.locator("#time-body:not([data-old])")).to_be_attached()
    expect(page.locator("#time-rows .cell:focus")).to_be_visible()


def _move_to(page: Page, key: str) -> None:
    page.get_by_role("button", name="Change FHP-1").click()
    page.get_by_role("button", name="Move to another issue").click()
    page.get_by_label("Issue", exact=True).fill(key)
    page.locator("#move-picks [role=option]", has_text=key).first.click()
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#dialog")).not_to_be_visible()


def _delete_and_undo(page: Page, block: Locator) -> None:
    block.get_by_role("button", name="Change FHP-2").click()
    page.locator("#time-menu").get_by_role("button", name="Delete").click()
    expect(block).to_have_count(0)
    page.locator(".toast", has_text="deleted").get_by_role("button", name="Undo").click()


def _drag(page: Page, block: Locator) -> None:
    """Two hours later than nine."""
    box = block.bounding_box()
    hour = page.locator(".axis .hours li").first.bounding_box()
    assert box
    assert hour
    x, y = box["x"] + box["width"] / 2, box["y"] + 6
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + hour["height"])
    page.mouse.move(x, y + 2 * hour["height"])
    page.mouse.up()


def _pull(page: Page, block: Locator, minutes: int) -> None:
    """The lower edge by so many minutes; a link that lies below it, in a short one, stays."""
    hour = page.locator(".axis .hours li").first.bounding_box()
    grip = block.locator("[data-grip]").bounding_box()
    assert hour
    assert grip
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    assert not block.locator("a").evaluate(
        "link => link.dispatchEvent(new DragEvent('dragstart', {bubbles: true, cancelable: true}))"
    ), "the browser would drag the link instead"
    page.mouse.move(x, y + minutes / 60 * hour["height"], steps=4)
    page.mouse.up()


def _is_whole(open_own: Open, device: str) -> None:
    page = open_own(**DEVICES[device])
    for name, path in PAGES.items():
        page.goto(path)
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        look_at(page, name, device)
