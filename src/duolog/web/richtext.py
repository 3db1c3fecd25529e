"""Markdown as safe HTML.  Knows no requests and no tables.

Raw HTML in the text is shown as text.  A chip, `[words](jira:kind/digest)`, stands for something of
a Jira description that Markdown cannot say, `[@name](member:12)` for a member who is mentioned:
both are shown locked, and are no links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.tasklists import tasklists_plugin

CHIP: Final = re.compile(r"jira:[a-z][A-Za-z0-9_-]*/[A-Za-z0-9_-]+|member:[0-9]{1,18}")
SCHEMES: Final = frozenset({"http", "https", "mailto"})
_TAG_NAMES: Final = """
    p br hr em strong s code pre blockquote h1 h2 h3 h4 h5 h6 ul ol li a span
    table thead tbody tr th td input label
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
}


def render(markdown: str) -> str:
    """HTML that may stand in any page, whatever the text holds."""
    return nh3.clean(
        _parser().render(markdown),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener nofollow",
    )


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(tasklists_plugin, label=True)
    builtin: Callable[[str], bool] = parser.validateLink
    parser.validateLink = lambda url: bool(CHIP.fullmatch(url)) or _is_followable(url, builtin)  # type: ignore[method-assign]  # the documented way
    parser.core.ruler.push("chips", _mark_chips)
    parser.add_render_rule("image", _image_as_words)
    return parser


def _is_followable(url: str, builtin: Callable[[str], bool]) -> bool:
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


def _image_as_words(
    _: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    """Pictures from elsewhere are not fetched: their words stand for them."""
    return f'<span class="jchip">{nh3.clean_text(tokens[index].content or "Image")}</span>'
