"""Time on a work item, in a real browser: logged by its own clock, changed, deleted, brought back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from journeys.cast import OTHER_EMAIL
from journeys.looking import violations
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.database, pytest.mark.browser, pytest.mark.timeout(600)]

Open = Callable[..., Page]
ITEM: Final = "/w/fernhill/items/PLAT-5"


def test_time_is_logged_changed_deleted_and_brought_back(open_page: Open) -> None:
    page, watcher = open_page(ITEM), open_page(ITEM, who=OTHER_EMAIL)
    page.get_by_role("button", name="Log time").click()
    expect(page.locator("[data-zone-name]")).to_have_text("Europe/Berlin time")
    page.get_by_label("Time spent").fill("a while")
    page.get_by_label("What you did").fill("Paired on it")
    page.locator("#log-form [type=submit]").click()
    expect(page.get_by_text("is no length of time")).to_be_visible()
    expect(page.get_by_label("What you did")).to_have_value("Paired on it")
    assert violations(page) == []
    page.get_by_label("Time spent").fill("1h 30m")
    page.locator("#log-form [type=submit]").click()
    entry = page.locator(".times li", has_text="Paired on it")
    expect(entry).to_contain_text("1h 30m")
    expect(watcher.locator(".times li", has_text="Paired on it")).to_be_visible()
    assert watcher.locator(".times li .acts").count() == 0

    entry.get_by_role("button", name="Change").click()
    page.get_by_label("Time spent").fill("45m")
    page.get_by_role("button", name="Save").click()
    expect(entry).to_contain_text("45m")
    entry.get_by_role("button", name="Delete").click()
    expect(entry).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(entry).to_contain_text("45m")
