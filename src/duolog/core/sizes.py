"""Sizes of files as people say them.  Pure."""

from __future__ import annotations

from typing import Final

_UNITS: Final = ("bytes", "KB", "MB", "GB", "TB")
_STEP: Final = 1024


def size_in_words(size: int) -> str:
    """The size in the largest unit of which there is one at least: `1.5 MB`, `1 byte`."""
    if size == 1:
        return "1 byte"
    tenths, unit = size * 10, 0
    while tenths >= _STEP * 10 and unit < len(_UNITS) - 1:
        tenths, unit = tenths // _STEP, unit + 1
    whole, tenth = divmod(tenths, 10)
    return f"{whole}{f'.{tenth}' if tenth and unit else ''} {_UNITS[unit]}"


def beside(size: int, most: int) -> tuple[str, str]:
    """Two different sizes in words that differ too: in bytes where they would not."""
    words = size_in_words(size), size_in_words(most)
    return words if words[0] != words[1] else (f"{size:,} bytes", f"{most:,} bytes")
