"""Which modules may talk to other machines, and why; a new one must be added here and in the docs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

SOURCES: Final = Path(__file__).parents[2] / "src" / "duolog"
TALKING: Final = frozenset(
    {
        "aiohttp", "asyncio", "ftplib", "http.client", "httpx", "httpx2", "imaplib", "multiprocessing",
        "poplib", "pycurl", "requests", "smtplib", "socket", "socketserver", "ssl", "subprocess",
        "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc",
    }
)  # fmt: skip
"""Modules by which a program reaches another machine, or another program that could."""
ALLOWED: Final[Mapping[str, str]] = {
    "jira/door.py httpx2": "the one door to Jira and Atlassian, guarded",
    "jira/door.py ssl": "whom it trusts",
    "jira/transport.py httpx2": "what goes through the door, and comes back",
    "jira/streams.py httpx2": "files that do, piece by piece",
    "jira/guard.py httpx2": "the guard itself",
    "jira/guard.py socket": "it looks names up",
    "jira/auth.py httpx2": "how requests are signed",
    "jira/errors.py httpx2": "what the errors of the client mean",
    "cli/remote.py httpx2": "the command line asks the server that its user names",
    "worker/loop.py socket": "a worker is called after its machine",
    "notifications/digest.py smtplib": "what the errors of the mail host mean",
    "app/wsgi.py multiprocessing": "whose child a process is",
    "demo/main.py subprocess": "the demo starts its own two servers",
    "demo/children.py subprocess": "the same",
    "demo/children.py socket": "the demo looks whether its servers listen",
    "demo/seeding.py httpx2": "the demo makes people in the simulator it started",
    "demo/wish.py socket": "the demo looks for free ports",
}
"""Mail leaves by Django alone, and a provider of single sign-on is asked by allauth alone: both at
hosts that the settings name."""


def test_nobody_else_talks_to_other_machines() -> None:
    found = {
        f"{path.relative_to(SOURCES)} {module}"
        for path in SOURCES.rglob("*.py")
        for module in _imported(path)
        if module in TALKING
    }
    assert found == set(ALLOWED)


def test_an_import_is_noticed_wherever_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("def f():\n    from urllib import request\n    import http.client, ssl as s\n")
    assert {"urllib.request", "http.client", "ssl"} <= set(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        for name in names:
            parts = name.split(".")
            yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))
