"""Text that people type, made fit to store.  Pure."""

from __future__ import annotations

from duolog.people.errors import Invalid


def is_storable(text: str) -> bool:
    """Whether both databases can hold the text: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def read_name(text: str, *, most: int, field: str = "name") -> str:
    """The name on one line with single blanks, or `Invalid`."""
    name = " ".join(text.split())
    if not name or len(name) > most or not is_storable(name):
        raise Invalid({field: f"Give it a {field} of 1 to {most} characters."})
    return name
