"""Small pictures for avatars and icons: SVG, and plain PNG for those who insist."""

import struct
import zlib
from hashlib import md5
from html import escape

COLOURS = ("#0b5cc4", "#1a7340", "#7a3fb0", "#b3561e", "#0f7c86", "#a6316b", "#5b6675", "#8a6d00")
PRIORITIES = {
    "highest": ("#c9372c", "M3 9l5-4 5 4M3 13l5-4 5 4"),
    "high": ("#e2483d", "M3 11l5-5 5 5"),
    "medium": ("#e06c00", "M3 6h10M3 10h10"),
    "low": ("#357de8", "M3 6l5 5 5-5"),
    "lowest": ("#1868db", "M3 3l5 4 5-4M3 8l5 4 5-4"),
}
TYPES = {
    "epic": ("#964ac0", "M9 2L4 9h4l-1 5 5-7H8z"),
    "story": ("#6a9a23", "M5 3h6v10L8 10l-3 3z"),
    "task": ("#357de8", "M4 8l3 3 5-6"),
    "bug": ("#e2483d", "M8 5a3 3 0 1 0 .1 0z"),
    "subtask": ("#357de8", "M4 4h5v5H4zM7 7h5v5H7z"),
}
PLAIN_TYPE = ("#5b6675", "M5 5h6M5 8h6M5 11h4")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="{0}" height="{0}">{1}</svg>'
)


def colour_of(what: str) -> str:
    """Always the same for the same words."""
    return COLOURS[md5(what.encode(), usedforsecurity=False).digest()[0] % len(COLOURS)]


def initials(name: str, *, size: int, round_: bool) -> bytes:
    """The first letters of a name on its colour."""
    letters = "".join(word[0] for word in name.split()[:2]).upper() or "?"
    shape = f'<rect width="16" height="16" rx="{8 if round_ else 2}" fill="{colour_of(name)}"/>'
    text = (
        '<text x="8" y="8.2" fill="#fff" font-family="system-ui,sans-serif" font-size="7" '
        f'text-anchor="middle" dominant-baseline="central">{escape(letters)}</text>'
    )
    return SVG.format(size, shape + text).encode()


def priority(name: str) -> bytes:
    """Arrows that point to how urgent something is."""
    colour, path = PRIORITIES.get(name.lower(), PRIORITIES["medium"])
    return _drawn(16, f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')


def issue_type(name: str, *, size: int = 16) -> bytes:
    """A white sign on the colour of the type."""
    colour, path = TYPES.get(name.lower().replace("-", ""), PLAIN_TYPE)
    ground = f'<rect width="16" height="16" rx="2" fill="{colour}"/>'
    sign = (
        f'<path d="{path}" fill="none" stroke="#fff" stroke-width="1.6" stroke-linejoin="round"/>'
    )
    return _drawn(size, ground + sign)


def _drawn(size: int, content: str) -> bytes:
    return SVG.format(size, content).encode()


def png(colour: str, size: int) -> bytes:
    """A square of one colour."""
    pixel = bytes.fromhex(colour.removeprefix("#"))
    rows = (b"\0" + pixel * size) * size
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
