"""What a form showed when it was opened, so that saving it overwrites nothing that changed since.

Beside each field a form carries what stood in it, as `seen_…`: another tab, or Jira, may have
changed the thing while somebody typed.  Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import QueryDict

FIELDS: Final = ("time_spent", "day", "clock", "comment")


def caught_up(form: QueryDict, now: Mapping[str, str]) -> QueryDict:
    """The form as if it were opened now: what was changed in it, and else what is there by now."""
    kept = form.copy()
    for name, there in now.items():
        if _typed(form, name) == _seen(form, name, there):
            kept[name] = there
    return kept


def overtaken(form: QueryDict, now: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each field that was changed in the form, and otherwise elsewhere meanwhile."""
    return {
        name: _says(there)
        for name, there in now.items()
        if there not in {_seen(form, name, there), _typed(form, name)}
        and _typed(form, name) != _seen(form, name, there)
    }


def lines(text: str) -> str:
    """Forms send CRLF; texts are stored with LF."""
    return text.replace("\r\n", "\n").strip()


def _typed(form: QueryDict, name: str) -> str:
    return lines(form.get(name, ""))


def _seen(form: QueryDict, name: str, otherwise: str) -> str:
    """What it showed; what is there now where the form does not tell."""
    return lines(form.get(f"seen_{name}", otherwise))


def _says(there: str) -> str:
    now = (
        f"It was changed meanwhile and says “{there}” now."
        if there
        else "It was emptied meanwhile."
    )
    return f"{now} Save again to have it say what you typed."
