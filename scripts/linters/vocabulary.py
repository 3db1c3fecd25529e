"""One word per concept: names of our own types, functions and modules, and texts of pages.

The names that Jira chose stay as they are where its wire is spoken (ruling 26).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from scripts.linters.sources import Finding, sources

VERBS: Final = frozenset({"process", "handle", "manage", "do", "perform"})
CALLED_BY_PACKAGES: Final = frozenset(
    {"handle_raw_input", "receive_data_chunk", "get_access_token_data"}
)
"""Methods that Django or allauth calls, and so named."""
INSTEAD: Final[Mapping[str, str]] = {
    "manager": "a noun for what it is",
    "util": "the name of what lives there",
    "utils": "the name of what lives there",
    "helper": "the name of what lives there",
    "helpers": "the name of what lives there",
    "common": "the name of what lives there",
    "misc": "the name of what lives there",
    "data": "the name of the thing",
    "info": "the name of the thing",
    "ticket": "work item or issue",
    "workspace": "workplace",
    "tenant": "workplace",
    "upstream": "remote",
    "downstream": "local",
    "shadow": "base",
    "ancestor": "base",
    "tombstone": "ABSENT, or an ended link",
    "dto": "snapshot",
    "changeset": "plan",
    "collision": "conflict",
    "clash": "conflict",
    "strategy": "policy",
    "resolver": "policy",
    "unidirectional": "one-way",
    "bidirectional": "two-way",
    "egress": "outbound",
    "mapper": "codec",
    "transformer": "codec",
    "serializer": "codec",
    "watermark": "cursor",
    "bookmark": "cursor",
    "resync": "sweep",
    "reindex": "sweep",
    "crawl": "sweep",
    "dirty": "due",
    "mutex": "claim",
    "quarantine": "hold",
    "timesheet": "worklog",
    "mock": "fake",
    "dummy": "fake",
    "cassette": "golden file",
    "flavour": "deployment",
    "flavor": "deployment",
}
ON_PAGES: Final = frozenset(
    {
        "ticket", "tickets", "workspace", "workspaces", "tenant", "upstream", "downstream",
        "tombstone", "collision", "clash", "unidirectional", "bidirectional", "watermark",
        "resync", "quarantine", "timesheet", "timesheets",
    }
)  # fmt: skip
VENDOR_TERMS: Final = frozenset({"info_string"})  # CommonMark's name for what follows a fence
WIRE: Final = ("src/duolog/jira/", "src/jirasim/http/", "src/jirasim/wire/")
PAGES: Final = "src/duolog/web/templates"

_WORD: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_NOT_TEXT: Final = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<!--.*?-->|<[^>]*>", re.DOTALL)


def check(root: Path) -> Iterator[Finding]:
    """Names and page texts that use a word the glossary gave away."""
    for source in sources(root, "src"):
        here = source.path.relative_to(root).as_posix()
        if here.startswith(WIRE):
            continue
        for word in banned_words(source.path.stem):
            yield Finding(source.path, 1, _advice("module", source.path.stem, word))
        for node in source.definitions():
            for word in banned_words(node.name):
                yield Finding(source.path, node.lineno, _advice("name", node.name, word))
            if is_sync_verb(node.name):
                text = f"name {node.name}: `sync_` begins sync_link alone; say what it does"
                yield Finding(source.path, node.lineno, text)
    for path in sorted((root / PAGES).rglob("*.html")):
        yield from _page(path)


def banned_words(name: str) -> list[str]:
    """The words of a name that the glossary gave away, in order."""
    if name in VENDOR_TERMS | CALLED_BY_PACKAGES:
        return []
    words = [part.lower() for part in _WORD.findall(name)]
    return [*(word for word in words[:1] if word in VERBS), *(w for w in words if w in INSTEAD)]


def is_sync_verb(name: str) -> bool:
    """Whether a name begins with sync_ as a verb would; a badge of the sync is a noun."""
    return name.startswith("sync_") and name not in {"sync_link", "sync_badge", "sync_glyph"}


def _page(path: Path) -> Iterator[Finding]:
    markup = path.read_text()
    text = _NOT_TEXT.sub(lambda found: "\n" * found.group().count("\n"), markup)
    for number, line in enumerate(text.splitlines(), 1):
        for word in sorted(ON_PAGES & set(re.findall(r"[a-z]+", line.lower()))):
            yield Finding(path, number, f"the page says {word!r}, a word of nobody's glossary")


def _advice(kind: str, name: str, word: str) -> str:
    return f"{kind} {name}: not {word!r} but {INSTEAD.get(word, 'the verb for what is done')}"
