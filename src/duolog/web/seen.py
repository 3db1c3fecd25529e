"""What a form showed when it was opened, so that saving it overwrites nothing that changed since.

Beside each field a form carries what stood in it, as `seen_…`: another tab, or Jira, may have
changed the thing while somebody typed.  Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict

FIELDS: Final = ("time_spent", "day", "clock", "comment")
SEVERAL: Final = ", "
"""What stands between the choices of a control that takes several, where they are one text."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A control of a form: what it is called, what stands in it, and how a person reads that."""

    label: str
    value: str
    words: Mapping[str, str] = field(default_factory=dict)

    def says(self, value: str) -> str:
        """A value in words, such as “One way” or nothing."""
        said = SEVERAL.join(self.words.get(it, it) for it in value.split(SEVERAL))
        return f"“{said}”" if said else "nothing"


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


def told(form: QueryDict, now: Mapping[str, Shown]) -> tuple[str, ...]:
    """The same with what each control says by now, and what was wanted."""
    return tuple(
        f"{now[name].label}: {now[name].says(now[name].value)} by now; "
        f"you wanted {now[name].says(_typed(form, name))}."
        for name in overtaken(form, values_of(now))
    )


def values_of(shown: Mapping[str, Shown]) -> dict[str, str]:
    """What stands in each control."""
    return {name: each.value for name, each in shown.items()}


def with_seen(form: QueryDict, prefix: str) -> QueryDict:
    """A form that tells in one field, `was`, what each control with the prefix showed.

    For one with very many controls: those that were empty are left out of it.
    """
    was = _was(form.get("was", ""))
    if was is None:
        return form
    whole = form.copy()
    whole.update({f"seen_{name}": was.get(name, "") for name in form if name.startswith(prefix)})
    return whole


def was_of(shown: Mapping[str, Shown]) -> str:
    """That one field."""
    return json.dumps({name: value for name, value in values_of(shown).items() if value})


def _was(text: str) -> dict[str, str] | None:
    """None where a form does not tell it, or not so that it can be read."""
    try:
        read = json.loads(text)
    except ValueError:
        return None
    is_read = isinstance(read, dict) and all(isinstance(it, str) for it in read.values())
    return read if is_read else None


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
