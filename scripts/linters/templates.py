"""Pages carry no style, script or address of their own: the content security policy refuses them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scripts.linters.sources import Finding

PAGES: Final = "src/duolog/web/templates"

RULES: Final = (
    (re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE), "a style attribute; use a class"),
    (re.compile(r"<style[\s>]", re.IGNORECASE), "a style element; use a stylesheet"),
    (re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE), "an event attribute; use a script file"),
    (re.compile(r"<[^>]*\shx-on[:-]", re.IGNORECASE), "an hx-on attribute; use a script file"),
    (
        re.compile(r"<script(?![^>]*\ssrc\s*=)(?![^>]*type=\"application/json\")[^>]*>", re.IGNORECASE),
        "a script in the page; use a script file",
    ),
    (
        re.compile(r"<(?:script|link|img|iframe|source|form)\b[^>]*\s(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
                   re.IGNORECASE),
        "an address elsewhere; serve it ourselves",
    ),
    (re.compile(r"href\s*=\s*[\"']javascript:", re.IGNORECASE), "a script in an address"),
)  # fmt: skip

_COMMENT: Final = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->", re.DOTALL)


def check(root: Path) -> Iterator[Finding]:
    """What the browser would refuse to load or run."""
    for path in sorted((root / PAGES).rglob("*.html")):
        page = _COMMENT.sub(lambda found: "\n" * found.group().count("\n"), path.read_text())
        for pattern, what in RULES:
            for found in pattern.finditer(page):
                yield Finding(path, page.count("\n", 0, found.end()) + 1, what)
