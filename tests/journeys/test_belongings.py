"""What hangs on a work item, in a real browser: files, links to other items, addresses, estimate."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from journeys.cast import OTHER_EMAIL
from journeys.looking import DEVICES, look_at, wide_and_narrow
from playwright.sync_api import FilePayload, Page, expect

pytestmark = [pytest.mark.database, pytest.mark.browser, pytest.mark.timeout(600)]

Open = Callable[..., Page]
ITEM: Final = "/w/fernhill/items/PLAT-6"
DROP: Final = """([selector, name]) => {
  const carried = new DataTransfer();
  carried.items.add(new File(["dropped"], name, {type: "text/plain"}));
  document.querySelector(selector)
    .dispatchEvent(new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""
TOO_LARGE: Final = """field => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(Number(field.dataset.most) + 1)], "huge.bin"));
  field.files = carried.files;
  field.dispatchEvent(new Event("change", {bubbles: true}));
}"""


def a_picture() -> bytes:
    """A PNG of one blue dot."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        whole = kind + body
        return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = zlib.compress(b"\x00\x24\x5f\xd4")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dot) + chunk(b"IEND", b"")


def choose(page: Page, name: str, media_type: str = "text/plain", content: bytes = b"abc") -> None:
    """Choose a file as the button does, and see it attached."""
    payload: FilePayload = {"name": name, "mimeType": media_type, "buffer": content}
    page.locator("#add-files").set_input_files(payload)
    expect(page.locator(".files li", has_text=name).first).to_be_visible()


def test_a_file_is_added_fetched_deleted_and_brought_back(open_page: Open, tmp_path: Path) -> None:
    page, watcher = open_page(ITEM), open_page(ITEM, who=OTHER_EMAIL)
    choose(page, "report.pdf", "application/pdf", b"%PDF")
    card = page.locator(".files li", has_text="report.pdf")
    expect(card).to_contain_text("PDF")
    expect(watcher.locator(".files li", has_text="report.pdf")).to_be_visible()
    with page.expect_download() as fetched:
        card.get_by_role("link", name="report.pdf").click()
    fetched.value.save_as(tmp_path / "fetched")
    assert (fetched.value.suggested_filename, (tmp_path / "fetched").read_bytes()) == (
        "report.pdf", b"%PDF",
    )  # fmt: skip
    card.get_by_role("button", name="Delete report.pdf").click()
    expect(card).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(card).to_be_visible()
    expect(watcher.get_by_role("button", name="Delete report.pdf")).to_have_count(0)


def test_a_picture_is_shown_and_a_drawing_that_may_run_is_not(open_page: Open) -> None:
    page = open_page(ITEM)
    choose(page, "dot.png", "image/png", a_picture())
    shown = page.locator(".files li", has_text="dot.png").locator("img")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 1)
    choose(page, "dot.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    drawing = page.locator(".files li", has_text="dot.svg")
    expect(drawing).to_contain_text("SVG")
    expect(drawing.locator("img")).to_have_count(0)


def test_a_file_is_dropped_on_the_page(open_page: Open) -> None:
    page = open_page(ITEM)
    page.evaluate(DROP, ["#item-attachments", "dropped.txt"])
    expect(page.locator(".files li", has_text="dropped.txt")).to_be_visible()


def test_a_file_that_is_too_large_is_not_sent_and_the_next_one_is(open_page: Open) -> None:
    page = open_page(ITEM)
    page.locator("#add-files").evaluate(TOO_LARGE)
    expect(page.locator("#toasts")).to_contain_text("huge.bin is larger than 25 MB")
    choose(page, "small.txt")
    expect(page.locator(".files li", has_text="small.txt")).to_be_visible()
    expect(page.locator(".files li", has_text="huge.bin")).to_have_count(0)


def test_an_item_is_linked_by_the_keyboard_and_unlinked(open_page: Open) -> None:
    page, watcher = open_page(ITEM), open_page("/w/fernhill/items/PLAT-2", who=OTHER_EMAIL)
    page.get_by_role("button", name="Link an item").click()
    page.get_by_label("This item").select_option("Is blocked by")
    page.get_by_label("That item").fill("rotate")
    expect(page.locator("#relation-list [aria-selected=true]")).to_contain_text("PLAT-2")
    page.get_by_label("That item").press("Enter")
    line = page.locator("#item-relations li", has_text="PLAT-2")
    expect(line).to_contain_text("is blocked by")
    expect(page.get_by_role("heading", name="Link PLAT-6 to another item")).to_be_hidden()
    mirrored = watcher.locator("#item-relations li", has_text="PLAT-6")
    expect(mirrored).to_contain_text("blocks")
    line.get_by_role("button", name="Remove the link to PLAT-2").click()
    expect(line).to_have_count(0)
    expect(mirrored).to_have_count(0)


def test_what_contradicts_is_said_in_the_picker(open_page: Open) -> None:
    page = open_page(ITEM)
    for reading in ("Blocks", "Is blocked by"):
        page.get_by_role("button", name="Link an item").click()
        page.get_by_label("This item").select_option(reading)
        page.get_by_label("That item").fill("PLAT-1")
        page.locator("#relation-list").get_by_text("PLAT-1", exact=True).click()
        if reading == "Blocks":
            expect(page.locator("#item-relations li", has_text="PLAT-1")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("PLAT-6 blocks PLAT-1 already.")
    expect(page.get_by_label("This item")).to_have_value("is_blocked_by")


def test_an_address_is_added_and_removed(open_page: Open) -> None:
    page = open_page(ITEM)
    page.get_by_role("button", name="Add a web link").click()
    page.get_by_label("Address", exact=True).fill("example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_text("begins with https://")).to_be_visible()
    page.get_by_label("Address", exact=True).fill("https://example.com/runbook")
    page.get_by_label("Title").fill("The runbook")
    page.keyboard.press("Enter")
    line = page.locator("#item-relations li", has_text="The runbook")
    expect(line.get_by_role("link")).to_have_attribute("href", "https://example.com/runbook")
    line.get_by_role("button", name="Remove The runbook").click()
    expect(line).to_have_count(0)


def test_an_estimate_is_written_as_people_do(open_page: Open) -> None:
    page = open_page(ITEM)
    page.get_by_label("Estimate").fill("1,5")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Estimate")).to_have_value("1h 30m")
    expect(page.locator("#item-activity")).to_contain_text("set the estimate to 1h 30m")
    page.get_by_label("Estimate").fill("soon")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Write it as 1h 30m")
    expect(page.get_by_label("Estimate")).to_have_value("1h 30m")


@wide_and_narrow
@pytest.mark.parametrize("state", ["full", "picker", "address"])
def test_all_of_it_is_accessible_and_whole(
    state: str,
    device: str,
    open_page: Open,
) -> None:
    page = open_page("/w/fernhill/items/PLAT-7", **DEVICES[device])
    choose(page, "dot.png", "image/png", a_picture())
    choose(page, f"{'a rather long name ' * 8}.pdf")
    page.get_by_role("button", name="Link an item").click()
    page.get_by_label("That item").fill("invoice")
    expect(page.locator("#relation-list [role=option]").first).to_be_visible()
    match state:
        case "full":
            page.get_by_label("That item").press("Enter")
            expect(page.locator("#item-relations li")).to_have_count(1)
            expect(page.locator("#dialog")).to_be_hidden()
            page.evaluate("document.getElementById('item-attachments').scrollIntoView()")
        case "address":
            page.keyboard.press("Escape")
            page.get_by_role("button", name="Add a web link").click()
            expect(page.get_by_label("Address", exact=True)).to_be_visible()
    look_at(page, f"belongings-{state}", device)
