"""What other people's files are called, made fit to show and to send.  Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from duolog.workplace.models.attachments import NAME_MAX

NAMELESS: Final = "file"
UNKNOWN_TYPE: Final = "application/octet-stream"
_TYPE_MAX: Final = 127
_EXTENSION_MAX: Final = 16
_SEPARATORS: Final = re.compile(r"[/\\]")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")  # they shape Persian words and emoji


def clean_name(name: str) -> str:
    """The last part of the path, of characters one can see, at most 255; never empty.

    Marks that turn the direction of writing go, since with them `gpj.exe` reads `exe.jpg`.
    """
    last = _SEPARATORS.split(unicodedata.normalize("NFC", name))[-1]
    seen = "".join(char for char in last if not _is_unseen(char))
    line = " ".join(seen.split()).rstrip(". ")
    return _shortened(line) or NAMELESS


def clean_media_type(media_type: str) -> str:
    """The type without its parameters, in lower case; unknown where it is none."""
    bare = media_type.partition(";")[0].strip().lower()
    fits = len(bare) <= _TYPE_MAX and _MEDIA_TYPE.fullmatch(bare)
    return bare if fits else UNKNOWN_TYPE


def extension_of(name: str) -> str:
    """What stands behind the last dot, in lower case and without it; often nothing."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if stem and dot and len(extension) < _EXTENSION_MAX else ""


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN and char not in _JOINERS and not char.isspace()


def _shortened(name: str) -> str:
    """A long name loses the end of its stem and keeps its extension."""
    if len(name) <= NAME_MAX:
        return name
    extension = extension_of(name)
    ending = f".{name[-len(extension) :]}" if extension else ""
    return name[: NAME_MAX - len(ending)] + ending
