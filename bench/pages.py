"""Weight of a list of 100 rows over the wire, and how long the server takes for it."""

import re
import statistics
import time
from http.client import HTTPConnection
from typing import Final
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from bench.ground import Ground, make_ground
from bench.intake import serving
from bench.report import milliseconds, tell

ROWS: Final = 120
VISITS: Final = 20
FIRST_VISIT: Final = 80 * 1024
LATER_VISIT: Final = 30 * 1024
_REFERENCES: Final = (
    re.compile(r"""<link[^>]+href="([^"]+\.(?:css|woff2|svg|ico|png)[^"]*)\""""),
    re.compile(r"""<script[^>]+src="([^"]+)\""""),
    re.compile(r"""url\(["']?([^"')]+)["']?\)"""),
    re.compile(r"""\bimport\s*(?:[^"';]*\bfrom\s*)?["']([^"']+\.js[^"']*)["']"""),
)


class Browser:
    """Fetches a page with what it needs, as a browser with an empty cache does."""

    def __init__(self, cookie: str) -> None:
        self._cookie = cookie
        self._base = settings.PUBLIC_URL
        self._http = HTTPConnection("127.0.0.1", urlsplit(self._base).port or 0, timeout=20)

    def get(self, url: str, *, packed: bool = True) -> bytes:
        """The body as it travels, or unpacked for reading."""
        packing = {"Accept-Encoding": "gzip, br"} if packed else {"Accept-Encoding": "identity"}
        self._http.request("GET", urlsplit(url).path, headers={"Cookie": self._cookie, **packing})
        answer = self._http.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{url} answered {answer.status}")
        return body

    def first_visit(self, path: str) -> dict[str, int]:
        """Bytes over the wire of the page and everything that it refers to, by address."""
        weights: dict[str, int] = {}
        waiting = [urljoin(self._base, path)]
        while waiting:
            url = waiting.pop()
            if url in weights or not url.startswith(self._base):
                continue
            weights[url] = len(self.get(url))
            if url.endswith((".css", ".js")) or len(weights) == 1:
                text = self.get(url, packed=False).decode()
                found = (name for pattern in _REFERENCES for name in pattern.findall(text))
                waiting += [urljoin(url, name) for name in found if not name.startswith("data:")]
        return weights


def main() -> None:
    """Look at the list of a team."""
    ground = make_ground()
    for number in range(ROWS):
        ground.item(f"A work item with a title of the usual length, number {number}")
    path = f"/w/{ground.owner.workplace.slug}/teams/{ground.team.key_prefix}"
    cookie = signed_in(ground)
    connections.close_all()
    with serving("duolog.app", urlsplit(settings.PUBLIC_URL).port or 0):
        browser = Browser(cookie)
        weights = browser.first_visit(path)
        page = urljoin(settings.PUBLIC_URL, path)
        tell(
            "pages: a list of 100 rows",
            first_visit_bytes=sum(weights.values()),
            of_first_budget=sum(weights.values()) / FIRST_VISIT,
            files=len(weights),
            later_bytes=weights[page],
            of_later_budget=weights[page] / LATER_VISIT,
            server_ms=milliseconds(median_time(browser, page)),
        )


def signed_in(ground: Ground) -> str:
    """The cookie of the owner."""
    user = ground.owner.user
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def median_time(browser: Browser, url: str) -> float:
    """How long one visit of many takes, in seconds."""
    times = []
    for _ in range(VISITS):
        began = time.perf_counter()
        browser.get(url)
        times.append(time.perf_counter() - began)
    return statistics.median(times)
