"""Where one is signed in: what a session is called, and how often it is noted."""

from __future__ import annotations

import pytest

from duolog.people.devices import device_of
from duolog.people.sessions import Noted

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (f"{WINDOWS} {CHROME}", "Chrome on Windows"),
        (f"{WINDOWS} {CHROME} Edg/139.0.0.0", "Edge on Windows"),
        (f"{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{IPHONE} CriOS/139.0.1 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 15) " + CHROME, "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605", "Safari on Mac"),
        ("curl/8.14.1", "Unknown device"),
        ("", "Unknown device"),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_people_know_it(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device


def test_a_session_is_noted_every_five_minutes() -> None:
    now = 1000.0
    noted = Noted(clock=lambda: now)
    assert noted.is_due("a")
    assert noted.is_due("b")
    now += 299
    assert not noted.is_due("a")
    now += 1
    assert noted.is_due("a")
    assert not noted.is_due("a")
