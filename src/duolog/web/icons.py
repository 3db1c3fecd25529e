"""The icon sprite: named Lucide icons and glyphs of our own.  Knows nothing of requests."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final
from zipfile import ZipFile

_LUCIDE_NAMES: Final = """
    activity arrow-left arrow-left-right arrow-right arrow-up arrow-down bell bold briefcase bug
    calendar chart-column check chevron-down chevron-left chevron-right circle-alert circle-check
    circle-dot circle-question-mark circle-x clock cloud code copy download ellipsis external-link
    eye eye-off fingerprint-pattern flag folder git-branch heading history inbox info italic kanban key-round keyboard
    layers link list list-filter list-ordered lock log-out mail menu message-square monitor moon
    paperclip pause pencil play plus refresh-cw search send server settings shield-check
    sliders-horizontal smartphone square square-check square-code strikethrough sun tag text-quote trash-2
    triangle-alert undo-2 unplug user user-minus user-plus users webhook x zap
"""
LUCIDE: Final = tuple(_LUCIDE_NAMES.split())

THREAD_BOX: Final = "0 0 22 12"
SMALL_BOX: Final = "0 0 16 16"
_NEAR: Final = '<circle cx="4" cy="6" r="3.25" fill="currentColor"/>'
_FAR: Final = '<circle cx="18" cy="6" r="3.25" fill="currentColor"/>'
_NEAR_RING: Final = (
    '<circle cx="4" cy="6" r="2.5" fill="none" stroke="currentColor" stroke-width="1.5"/>'
)
_FAR_RING: Final = (
    '<circle cx="18" cy="6" r="2.5" fill="none" stroke="currentColor" stroke-width="1.5"/>'
)
_RING: Final = '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6"/>'
_BARS: Final = (
    '<rect x="2" y="9" width="3" height="5" rx="1"{}/>'
    '<rect x="6.5" y="6" width="3" height="8" rx="1"{}/>'
    '<rect x="11" y="3" width="3" height="11" rx="1"{}/>'
)
_PALE: Final = ' opacity=".28"'

OWN: Final = {
    "s-ok": (
        THREAD_BOX,
        f'<path d="M4 6h14" stroke="currentColor" stroke-width="2"/>{_NEAR}{_FAR}',
    ),
    "s-pending": (
        THREAD_BOX,
        f'<path d="M8.2 6h6" stroke="currentColor" stroke-width="2" stroke-dasharray="2 2"/>{_NEAR}{_FAR_RING}',
    ),
    "s-conflict": (
        THREAD_BOX,
        '<path d="M7 6h2m4 0h2M9.2 10.2l3.6-8.4" stroke="currentColor" stroke-width="1.8"'
        f' stroke-linecap="round"/>{_NEAR}{_FAR}',
    ),
    "s-error": (
        THREAD_BOX,
        f'<path d="M7 6h2.4" stroke="currentColor" stroke-width="2"/>{_NEAR}'
        '<path d="m15.4 3.4 5.2 5.2m0-5.2-5.2 5.2" stroke="currentColor" stroke-width="1.9" stroke-linecap="round"/>',
    ),
    "s-differs": (
        THREAD_BOX,
        '<path d="M8.6 4.4h4.8M8.6 7.6h4.8" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>'
        f"{_NEAR}{_FAR_RING}",
    ),
    "s-paused": (
        THREAD_BOX,
        '<path d="M9.5 3.2v5.6m3-5.6v5.6" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>'
        f"{_NEAR_RING}{_FAR_RING}",
    ),
    "s-none": (
        THREAD_BOX,
        '<circle cx="11" cy="6" r="3" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2 1.6"/>',
    ),
    "st-draft": (
        SMALL_BOX,
        '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.4 2.3"/>',
    ),
    "st-to_do": (SMALL_BOX, _RING),
    "st-in_progress": (
        SMALL_BOX,
        f'{_RING}<path d="M8 4.5a3.5 3.5 0 0 1 0 7z" fill="currentColor"/>',
    ),
    "st-done": (
        SMALL_BOX,
        '<circle cx="8" cy="8" r="6.8" fill="currentColor"/><path d="m5.2 8.2 2 2 3.7-4.2" fill="none"'
        ' stroke="var(--on-dot,#fff)" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/>',
    ),
    "st-canceled": (
        SMALL_BOX,
        '<circle cx="8" cy="8" r="6.8" fill="currentColor"/><path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4"'
        ' stroke="var(--on-dot,#fff)" stroke-width="1.7" stroke-linecap="round"/>',
    ),
    "p-none": (
        SMALL_BOX,
        '<path d="M3 8h2m2 0h2m2 0h2" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>',
    ),
    "p-low": (SMALL_BOX, f'<g fill="currentColor">{_BARS.format("", _PALE, _PALE)}</g>'),
    "p-medium": (SMALL_BOX, f'<g fill="currentColor">{_BARS.format("", "", _PALE)}</g>'),
    "p-high": (SMALL_BOX, f'<g fill="currentColor">{_BARS.format("", "", "")}</g>'),
    "p-urgent": (
        SMALL_BOX,
        '<rect x="1.5" y="1.5" width="13" height="13" rx="3.4" fill="currentColor"/>'
        '<path d="M8 4.6v4" stroke="var(--on-dot,#fff)" stroke-width="1.9" stroke-linecap="round"/>'
        '<circle cx="8" cy="11.2" r="1.1" fill="var(--on-dot,#fff)"/>',
    ),
    "logo": (
        "0 0 24 24",
        '<rect x="1" y="1" width="22" height="22" rx="6.5" fill="currentColor"/>'
        '<g stroke="var(--on-dot,#fff)" fill="var(--on-dot,#fff)"><path d="M7.6 15.4 16.4 8.6" stroke-width="2"/>'
        '<circle cx="7.2" cy="15.7" r="2.6" stroke="none"/><circle cx="16.8" cy="8.3" r="2.6" stroke="none"/></g>',
    ),
}

NAMES: Final = frozenset(LUCIDE) | OWN.keys()

FAVICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="1" y="1" width="22" height="22" rx="6.5"'
    ' fill="#245fd4"/><path d="M7.6 15.4 16.4 8.6" stroke="#fff" stroke-width="2"/><g fill="#fff">'
    '<circle cx="7.2" cy="15.7" r="2.6"/><circle cx="16.8" cy="8.3" r="2.6"/></g></svg>'
)


@cache
def sprite() -> str:
    """All symbols in one SVG.  Raises KeyError when Lucide has renamed an icon we name."""
    with files("lucide").joinpath("lucide.zip").open("rb") as packed, ZipFile(packed) as archive:
        theirs = [_lucide_symbol(name, archive.read(f"{name}.svg").decode()) for name in LUCIDE]
    ours = [
        f'<symbol id="{name}" viewBox="{box}">{body}</symbol>' for name, (box, body) in OWN.items()
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(theirs + ours)}</svg>'


def _lucide_symbol(name: str, svg: str) -> str:
    body = re.sub(r"<svg[^>]*>|</svg>|\s*\n\s*|<!--.*?-->", "", svg)
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.85"'
        f' stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
    )
