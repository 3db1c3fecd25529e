"""What a person does with work items, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from journeys.cast import EMAIL, OTHER_EMAIL, PASSWORD
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.database, pytest.mark.browser, pytest.mark.timeout(600)]

Open = Callable[..., Page]
LIST = "/w/fernhill/teams/PLAT"
BOARD = f"{LIST}?view=board"


def item(number: int) -> str:
    return f"/w/fernhill/items/PLAT-{number}"


def test_signing_in_with_a_wrong_password_says_so_and_then_lets_in(open_page: Open) -> None:
    page = open_page("/accounts/login/", who="")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill("not-the-password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/w/fernhill/teams/"))


def test_the_list_narrows_while_one_types_and_the_address_follows(open_page: Open) -> None:
    page = open_page(LIST)
    page.keyboard.press("/")
    page.keyboard.type("rotate")
    expect(page.locator(".row")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=rotate$"))
    page.reload()
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("textbox", name="Filter work items").fill("zzzz")
    expect(page.get_by_text("Nothing matches “zzzz”")).to_be_visible()
    expect(page.locator("form[data-dirty]")).to_have_count(0)  # else nothing here is kept true


def test_a_title_is_written_in_place(open_page: Open) -> None:
    page = open_page(item(5))
    page.get_by_title("Edit the title").click()
    field = page.get_by_label("Title")
    expect(field).to_be_focused()
    field.fill("")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Write a title.")).to_be_visible()
    page.get_by_label("Title").fill("Keys that are sent twice are done once")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Keys that are sent twice are done once"
    )


def test_a_property_saves_itself_and_is_told_in_the_activity(open_page: Open) -> None:
    page = open_page(item(5))
    page.get_by_label("Priority").select_option("Urgent")
    expect(page.locator("#item-activity")).to_contain_text("to Urgent")
    page.get_by_label("Parent").fill("PLAT-999")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("There is no such work item")
    expect(page.get_by_label("Parent")).to_have_value("")


def test_the_rich_editor_keeps_what_it_was_given(open_page: Open) -> None:
    page = open_page(item(3))
    page.keyboard.press("e")
    editor = page.get_by_role("textbox", name="Description")
    expect(page.get_by_role("toolbar")).to_be_visible()
    expect(editor.locator("[data-chip]")).to_have_text("Panel: rollback")
    page.keyboard.press("Control+End")
    page.keyboard.type(" Ask [Ann] about 2 < 7_000 first, **now**.")
    page.get_by_role("button", name="Save").click()
    shown = page.locator("#description")
    expect(shown).to_contain_text("Ask [Ann] about 2 < 7_000 first, now.")
    expect(shown.locator("strong")).to_have_text("now")
    expect(shown.locator(".jchip")).to_have_attribute("data-chip", "jira:panel/ab12cd")
    expect(shown.locator("table td").first).to_have_text("eu-north")
    expect(shown.locator("ol li")).to_have_count(2)
    expect(shown.locator("h3")).to_have_text("Steps")


def test_a_text_the_editor_cannot_say_stays_markdown(open_page: Open) -> None:
    page = open_page(item(4))
    page.keyboard.press("e")
    expect(page.get_by_role("toolbar")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    _write_description(page, 4, "- [ ] one\n- [x] two\n")
    page.reload()
    page.keyboard.press("e")
    expect(page.get_by_text("so it is edited as Markdown")).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("- [ ] one\n- [x] two\n")


def test_a_card_is_dragged_to_another_column(open_page: Open) -> None:
    page = open_page(BOARD, viewport={"width": 1900, "height": 900})
    done = page.locator(".col[data-name=Done]")
    with page.expect_response(re.compile(r"PLAT-1/move$")) as moved:
        page.locator(".kcard[data-key=PLAT-1]").drag_to(done)
    assert moved.value.status == 204
    expect(done.locator(".kcard[data-key=PLAT-1]")).to_be_visible()
    page.reload()
    expect(done.locator(".kcard[data-key=PLAT-1]")).to_be_visible()


def test_a_card_is_moved_without_a_pointer(open_page: Open) -> None:
    page = open_page(BOARD)
    page.get_by_role("button", name="Move PLAT-2", exact=True).press("Enter")
    with page.expect_response(re.compile(r"PLAT-2/move$")) as moved:
        page.locator("#movemenu").get_by_role("button", name="Done").press("Enter")
    assert moved.value.status == 204
    expect(page.locator(".col[data-name=Done] .kcard[data-key=PLAT-2]")).to_be_visible()


def test_the_palette_finds_an_item_and_opens_it(open_page: Open) -> None:
    page = open_page(LIST)
    page.keyboard.press("Control+k")
    page.keyboard.type("invoice")
    option = page.get_by_role("option").filter(has_text="PLAT-3")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/items/PLAT-3$"))


def test_an_item_is_made_by_keyboard_and_shows_up_in_the_list(open_page: Open) -> None:
    page = open_page(LIST)
    page.keyboard.press("c")
    expect(page.get_by_label("Title")).to_be_focused()
    page.get_by_role("button", name="Create item").click()
    expect(page.get_by_text("Write a title.")).to_be_visible()
    page.get_by_label("Title").fill("Made by keyboard")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("is made")
    expect(page.locator(".row").filter(has_text="Made by keyboard")).to_be_visible()


def test_rows_are_walked_and_selected_by_keyboard(open_page: Open) -> None:
    page = open_page(LIST)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#bulk-count")).to_have_text("1 selected")
    page.get_by_label("Set the priority").select_option("Low")
    expect(page.locator("#toasts")).to_contain_text("1 item changed")
    expect(page.locator(".row input:checked")).to_have_count(0)


def test_single_keys_can_be_switched_off(open_page: Open) -> None:
    page = open_page("/w/fernhill/profile")
    page.get_by_label("Single-key shortcuts").uncheck()
    page.goto(LIST)
    page.keyboard.press("c")
    expect(page.locator("#dialog")).not_to_be_visible()


def test_what_another_writes_shows_up_without_a_reload(open_page: Open) -> None:
    reader = open_page(item(6))
    writer = open_page(item(6), who=OTHER_EMAIL)
    writer.locator("#composer-body").click()
    expect(writer.get_by_role("toolbar")).to_be_visible()
    writer.keyboard.type("This is **live**")
    writer.get_by_role("button", name="Comment", exact=True).click()
    expect(writer.locator("#item-activity")).to_contain_text("This is")
    writer.get_by_label("Status").select_option("Done")
    expect(reader.locator("#item-activity")).to_contain_text("This is", timeout=2500)
    expect(reader.get_by_label("Status").locator("option:checked")).to_have_text(
        "Done", timeout=2500
    )


def test_what_another_writes_never_disturbs_somebody_who_types(open_page: Open) -> None:
    page = open_page(item(7))
    page.get_by_title("Edit the title").click()
    page.get_by_label("Title").fill("Mine, half wri")
    other = open_page(item(7), who=OTHER_EMAIL)
    other.get_by_title("Edit the title").click()
    other.get_by_label("Title").fill("Theirs")
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", level=1)).to_have_text("Theirs")
    expect(page.locator("#item-activity")).to_contain_text("Theirs", timeout=2500)
    expect(page.get_by_label("Title")).to_have_value("Mine, half wri")
    page.get_by_label("Title").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("changed meanwhile")
    page.get_by_label("Title").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mine, half wri")


def test_a_deleted_item_comes_back_by_undo(open_page: Open) -> None:
    page = open_page(item(2))
    page.get_by_role("button", name="Item menu").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("PLAT-2 is in the trash")
    expect(page.locator("#row-2")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".row").filter(has_text="PLAT-2")).to_be_visible()


def test_a_form_whose_button_is_pressed_twice_shows_what_came_of_the_first_press(
    open_page: Open,
) -> None:
    page = open_page("/w/fernhill/tokens")
    page.get_by_label("Name").fill("Pressed twice")
    page.get_by_role("button", name="Make token").dblclick(delay=60)
    expect(page.get_by_text("Copy the token now.")).to_be_visible()
    expect(page.get_by_role("row", name="Pressed twice")).to_have_count(1)


def test_the_theme_stays_as_chosen(open_page: Open) -> None:
    page = open_page("/w/fernhill/profile", color_scheme="light")
    page.locator("main").get_by_role("button", name="Dark").click()
    page.goto(LIST)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def _write_description(page: Page, number: int, text: str) -> None:
    answer = page.evaluate(
        """async ([path, text]) => (await fetch(path, {method: "POST",
        headers: {"X-CSRFToken": document.body.dataset.csrf},
        body: new URLSearchParams({description: text, was: ""})})).status""",
        [f"{item(number)}/description", text],
    )
    assert answer == 200
