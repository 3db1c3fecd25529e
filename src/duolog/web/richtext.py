"""Markdown as safe HTML.  Knows no requests and no tables.

Raw HTML in the text is shown as text.  A chip, `[words](jira:kind/digest)`, stands for something of
a Jira description that Markdown cannot say, `[@name](member:12)` for a member who is mentioned:
both are shown locked, and are no links.  An address `attachment:42` or
`attachment:plan.png` is that of a file, by its id or name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.tasklists import tasklists_plugin

from duolog.core.markup import named_file

CHIP: Final = re.compile(r"jira:[a-z][A-Za-z0-9_-]*/[A-Za-z0-9_-]+|member:[0-9]{1,18}")
SCHEMES: Final = frozenset({"http", "https", "mailto"})
_TAG_NAMES: Final = """
    p br hr em strong s code pre blockquote h1 h2 h3 h4 h5 h6 ul ol li a span
    table thead tbody tr th td input label img
"""
TAGS: Final = frozenset(_TAG_NAMES.split())
ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "ol": {"start"},
    "span": {"class", "data-chip"},
    "li": {"class"},
    "th": {"class"},
    "td": {"class"},
    "input": {"type", "checked", "disabled", "class"},
    "img": {"src", "alt", "class", "loading"},
}


class Place(NamedTuple):
    """Where the content of a file is to be had, below our own address."""

    url: str
    is_picture: bool


NO_FILES: Final[Mapping[str, Place]] = {}


def render(markdown: str, files: Mapping[str, Place] = NO_FILES) -> str:
    """HTML that may stand in any page, whatever the text holds.

    Pictures among the `files`, given by id and by name, are shown; no other is ever fetched.
    """
    return nh3.clean(
        _parser().render(markdown, {"files": files}),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener nofollow",
        attribute_filter=_own_pictures,
    )


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(tasklists_plugin, label=True)
    builtin: Callable[[str], bool] = parser.validateLink
    parser.validateLink = lambda url: bool(CHIP.fullmatch(url)) or _is_followable(url, builtin)  # type: ignore[method-assign]  # the documented way
    parser.core.ruler.push("chips", _mark_chips)
    parser.core.ruler.push("files", _lead_to_files)
    parser.add_render_rule("image", _picture)
    return parser


def _own_pictures(tag: str, attribute: str, value: str) -> str | None:
    """Only what lies below our own address is ever drawn."""
    is_elsewhere = (tag, attribute) == ("img", "src") and not re.match(r"/(?!/)", value)
    return None if is_elsewhere else value


def _is_followable(url: str, builtin: Callable[[str], bool]) -> bool:
    if named_file(url):
        return True
    scheme, colon, _ = url.partition(":")
    has_scheme = bool(colon) and bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme))
    return builtin(url) and has_scheme and scheme.lower() in SCHEMES


def _mark_chips(state: StateCore) -> None:
    for block in state.tokens:
        _lock(block.children or ())


def _lock(tokens: Sequence[Token]) -> None:
    inside = False
    for token in tokens:
        if token.type == "link_open" and CHIP.fullmatch(str(token.attrGet("href") or "")):
            token.tag, token.attrs, inside = (
                "span",
                {"class": "jchip", "data-chip": str(token.attrs["href"])},
                True,
            )
        elif token.type == "link_close" and inside:
            token.tag, inside = "span", False


def _lead_to_files(state: StateCore) -> None:
    """Links to files lead to their contents; one to a file that is not here is no link."""
    for block in state.tokens:
        inside = False
        for token in block.children or ():
            name = named_file(str(token.attrGet("href") or ""))
            if token.type == "link_open" and name is not None:
                place = _places(state.env).get(name)
                inside = place is None
                token.tag = "a" if place else "span"
                token.attrs = {"href": place.url} if place else {"class": "jchip"}
            elif token.type == "link_close" and inside:
                token.tag, inside = "span", False


def _places(env: EnvType) -> Mapping[str, Place]:
    found = env.get("files")
    return found if isinstance(found, Mapping) else NO_FILES


def _picture(
    _: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, env: EnvType
) -> str:
    """A picture of the item's; those from elsewhere are not fetched: words stand for them."""
    token = tokens[index]
    name = named_file(str(token.attrGet("src") or ""))
    place = _places(env).get(name or "")
    words = escapeHtml(token.content)
    if place is None or not place.is_picture:
        return f'<span class="jchip">{words or "Image"}</span>'
    return f'<img class="inpic" src="{escapeHtml(place.url)}" alt="{words}" loading="lazy">'
