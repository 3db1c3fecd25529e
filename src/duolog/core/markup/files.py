"""Where pictures and links of a text lead, made to lead elsewhere; for files of either side.  Pure.

Files are named by addresses of their own: `attachment:42` is a file here by its id, and
`attachment:plan.png` one of the issue (or item) by its name, which is how wiki text names them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias
from urllib.parse import quote, unquote

from duolog.core.markup.lines_changed import changed
from duolog.core.markup.tree import Image, Inline, Link, Text

FILE: Final = "attachment:"

PICTURE: Final = "Picture"
"""Stands for a picture that nobody described."""

Renaming: TypeAlias = Callable[[str], str | None]


def file_address(name: str) -> str:
    """The address of a file by its id or its name."""
    return FILE + quote(name, safe="")


def named_file(address: str) -> str | None:
    """The id or the name in an address of a file; None for any other address."""
    return unquote(address.removeprefix(FILE)) if address.startswith(FILE) else None


def repoint(text: str, rename: Renaming) -> str:
    """Canonical Markdown whose pictures and links lead where `rename` says; None leaves them.

    Chips are locked and stay; so does the text itself where nothing leads elsewhere.
    """

    def change(inline: Inline) -> Inline:
        match inline:
            case Image(url=url, link=link):
                return replace(inline, url=rename(url) or url, link=link and _link(link, rename))
            case Text(link=Link() as link):
                return replace(inline, link=_link(link, rename))
            case _:
                return inline

    return changed(text, lambda line: tuple(map(change, line)))


def without_files(text: str) -> str:
    """Canonical Markdown in which words stand for what leads to files."""

    def change(inline: Inline) -> Inline:
        match inline:
            case Image(url=url, alt=alt) if named_file(url) is not None:
                return Text(alt or PICTURE)
            case Text(text=words, marks=marks, link=Link(href=href)) if named_file(href):
                return Text(words, marks)
            case _:
                return inline

    return changed(text, lambda line: tuple(map(change, line)))


def _link(link: Link, rename: Renaming) -> Link:
    return replace(link, href=rename(link.href) or link.href)
