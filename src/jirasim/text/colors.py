"""Colours as people write them, to the form ADF keeps.  Data and one function."""

from __future__ import annotations

import re
from typing import Final

NAMES: Final = {
    "red": "#ff0000",
    "green": "#008000",
    "blue": "#0000ff",
    "yellow": "#ffff00",
    "orange": "#ffa500",
    "purple": "#800080",
    "gray": "#808080",
    "grey": "#808080",
    "white": "#ffffff",
    "black": "#000000",
    "maroon": "#800000",
    "navy": "#000080",
    "teal": "#008080",
    "olive": "#808000",
    "lime": "#00ff00",
    "aqua": "#00ffff",
    "fuchsia": "#ff00ff",
    "silver": "#c0c0c0",
}
HEXADECIMAL: Final = re.compile(r"#[0-9a-f]{6}")
SHORT: Final = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])")
CHANNELS: Final = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,[\d.]+)?\)")
UNKNOWN: Final = "#000000"


def hexadecimal(color: str) -> str:
    """The colour as `#rrggbb`; black for what is no colour."""
    written = "".join(color.lower().split())
    if HEXADECIMAL.fullmatch(written):
        return written
    if short := SHORT.fullmatch(written):
        return "#" + "".join(digit * 2 for digit in short.groups())
    if channels := CHANNELS.fullmatch(written):
        return "#" + "".join(f"{min(int(value), 255):02x}" for value in channels.groups())
    return NAMES.get(written, UNKNOWN)
