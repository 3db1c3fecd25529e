"""A real server in a process of its own, and browsers that look at it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.databases import migrated_database_of_a_site
from journeys.cast import EMAIL, OTHER_EMAIL, PASSWORD
from playwright.sync_api import Browser, BrowserContext, Page, expect

expect.set_options(timeout=15_000)  # a busy machine; what must be quick says so itself

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_SECONDS = 120  # a busy machine


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium.  Without it the journeys are skipped, but fail where `CI=true`."""
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "There is no chromium on this machine: apt-get install chromium."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-sync", "--font-render-hinting=none"]
    return {**browser_type_launch_args, "executable_path": chromium, "args": flags}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a filled installation."""
    with running_site(tmp_path_factory.mktemp("site")) as url:
        yield url


@contextlib.contextmanager
def running_site(
    home: Path, *, fill: str = "fill()", module: str = "wsgi", **settings: str
) -> Iterator[str]:
    """A server on a free port, its installation filled by a call of `journeys.site`.

    The module `served` also runs the background work.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DUOLOG_")},
        "DUOLOG_HOME": str(home),
        "DUOLOG_DATABASE_URL": migrated_database_of_a_site(home),
        "DUOLOG_PUBLIC_URL": url,
        "DJANGO_SETTINGS_MODULE": "duolog.app.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]),
        **settings,
    }
    filling = f"import django; django.setup(); from journeys.site import *; {fill}"
    _run(environment, "-c", filling)
    with _serving(environment, port, module):
        yield url


@contextlib.contextmanager
def _serving(environment: dict[str, str], port: int, module: str) -> Iterator[None]:
    serve = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    with (Path(environment["DUOLOG_HOME"]) / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*serve, f"duolog.app.{module}:application"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(environment["DUOLOG_PUBLIC_URL"], server)
            yield
        finally:
            server.terminate()
            server.wait(10)


@pytest.fixture
def open_page(
    site: str, browser: Browser, signed_in: dict[str, Any]
) -> Iterator[Callable[..., Page]]:
    """Opens a page as Maya, or as another; a word on any console fails the test."""
    with visiting(browser, site, signed_in) as open_:
        yield open_


@contextlib.contextmanager
def visiting(
    browser: Browser, site: str, signed_in: dict[str, Any]
) -> Iterator[Callable[..., Page]]:
    """Opens pages of a site; a word on any console fails the test."""
    contexts: list[BrowserContext] = []
    noise: list[str] = []

    def open_(path: str = "/", *, who: str = EMAIL, **look: Any) -> Page:
        state = signed_in[who] if who else None
        context = browser.new_context(
            base_url=site,
            storage_state=state,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/Berlin",
            **look,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("console", lambda said: noise.append(said.text) if _is_noise(said) else None)
        page.goto(path)
        return page

    yield open_
    heard = [*noise]  # a page that is closed while an answer comes may complain, to nobody
    for context in contexts:
        context.close()
    assert not heard, heard


@pytest.fixture(scope="session")
def signed_in(site: str, browser: Browser) -> dict[str, Any]:
    """What the browser of each person remembers after signing in."""
    return {email: sign_in(browser, site, email) for email in (EMAIL, OTHER_EMAIL)}


def sign_in(browser: Browser, site: str, email: str) -> Any:
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/w/fernhill/**")
    state = context.storage_state()
    context.close()
    return state


def _is_noise(said: Any) -> bool:
    """Chromium and htmx report each refused request; those are looked at where they are made."""
    is_refusal = said.text.startswith(("Failed to load resource", "Response Status Error Code 4"))
    return said.type in {"error", "warning"} and not is_refusal


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], env=environment, check=True, timeout=60)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < ends:
        try:
            urllib.request.urlopen(f"{url}/accounts/login/", timeout=STARTS_WITHIN_SECONDS).close()
        except (urllib.error.URLError, TimeoutError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(0.05)
                raise AssertionError("The server ended before it answered.") from None
        else:
            return
    raise AssertionError(f"The server did not answer within {STARTS_WITHIN_SECONDS} s.")
