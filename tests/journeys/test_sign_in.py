"""Signing in with a second factor and with a passkey, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from helpers.one_time import code_of
from journeys.cast import EMAIL, OTHER_EMAIL, PASSWORD
from journeys.conftest import running_site
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = [pytest.mark.database, pytest.mark.browser, pytest.mark.timeout(600)]

SECURITY = "/w/fernhill/security"


@pytest.fixture(scope="module")
def named_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An installation under a name: browsers give passkeys to no bare address."""
    with running_site(tmp_path_factory.mktemp("named")) as url:
        yield url.replace("127.0.0.1", "localhost")


@pytest.fixture
def page(named_site: str, browser: Browser) -> Iterator[Page]:
    """A browser with a device in it that makes passkeys and always recognises its owner."""
    context = browser.new_context(base_url=named_site, reduced_motion="reduce", locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(15_000)
    _with_authenticator(context, page)
    noise: list[str] = []
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert not [words for words in noise if not words.startswith("Failed to load resource")]


def _with_authenticator(context: BrowserContext, page: Page) -> None:
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    debugger = context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def _sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _confirm(page: Page) -> None:
    expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def _sign_out(page: Page) -> None:
    page.goto(SECURITY)
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_app_for_codes_is_set_up_and_then_asked_for(page: Page) -> None:
    _sign_in(page, EMAIL)
    page.goto(SECURITY)
    page.get_by_role("link", name="Set up an app for codes").click()
    _confirm(page)
    expect(page.get_by_role("img", name="The key below as a picture to scan")).to_be_visible()
    page.get_by_text("It cannot be scanned").click()
    secret = page.get_by_label("Type this key instead").input_value()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_text("That does not fit")).to_be_visible()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    recovery = page.locator("#recovery-codes li").first.inner_text()
    page.get_by_role("link", name="I keep them safe").click()
    expect(page.get_by_role("link", name="Remove the app")).to_be_visible()
    _sign_out(page)
    _sign_in(page, EMAIL)
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/w/fernhill/teams/"))
    _sign_out(page)
    _sign_in(page, EMAIL)
    page.get_by_label("Code").fill(code_of(secret, windows_ahead=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/w/fernhill/teams/"))


def test_a_passkey_is_added_and_signs_in_alone(page: Page) -> None:
    _sign_in(page, OTHER_EMAIL)
    page.goto(SECURITY)
    page.get_by_role("link", name="Add a passkey").click()
    _confirm(page)
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="I keep them safe").click()
    expect(page.get_by_role("link", name="Remove Work laptop")).to_be_visible()
    _sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/w/fernhill/teams/"))
    _sign_out(page)
    _sign_in(page, OTHER_EMAIL)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page).to_have_url(re.compile("/w/fernhill/teams/"))


def test_a_browser_without_the_passkey_says_what_to_do(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was used")
