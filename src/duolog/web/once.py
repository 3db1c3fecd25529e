"""A form bears a number from its opening, so that sent again after a lost answer it makes one thing."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Final

from django.http import QueryDict

from duolog.people.models import Member
from duolog.people.once import make_once

ALREADY: Final = (
    "{} was made already, as it was first sent. Change that, or send this as another {}."
)
_NOT_SAID: Final = frozenset({"act", "csrfmiddlewaretoken"})


def made_once(member: Member, form: QueryDict, make: Callable[[], str]) -> str:
    """The name of what `make` made, now or when the form was sent first.  Raises SentOtherwise."""
    number = read_number(form.get("act", ""))
    return make() if number is None else make_once(member, number, said_in(form), make)


def said_in(form: QueryDict) -> str:
    """What a form says beside its number, as a digest."""
    said = sorted((name, form.getlist(name)) for name in form if name not in _NOT_SAID)
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def read_number(text: str) -> uuid.UUID | None:
    """The number of an act; None where it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
