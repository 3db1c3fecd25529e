"""Where people are signed in: listing and ending sessions, and noting when one was last used."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from duolog.people.devices import device_of
from duolog.people.errors import NotFound
from duolog.people.models import User

NOTE_EVERY: Final = timedelta(minutes=5)
"""How exactly a session's last use is known; noting each request would write at each."""
_MOST_NOTED: Final = 10_000


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One browser that a person is signed in with."""

    id: int
    device: str
    address: str
    since: datetime
    last_seen_at: datetime
    is_this: bool


class Noted:
    """Which sessions this process noted lately."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at: dict[str, float] = {}
        self._lock = threading.Lock()

    def is_due(self, key: str) -> bool:
        """Whether the session is to be noted now; asking counts as noting."""
        now = self._clock()
        with self._lock:
            if now - self._at.get(key, -NOTE_EVERY.total_seconds()) < NOTE_EVERY.total_seconds():
                return False
            self._at.pop(key, None)
            self._at[key] = now
            while len(self._at) > _MOST_NOTED:
                del self._at[next(iter(self._at))]
        return True


def note_session(request: HttpRequest) -> None:
    """Remember that the signed-in person's session is used, from which address and browser."""
    UserSession.objects.create_from_request(request)


def list_sessions(user: User, *, this: str | None) -> tuple[SignedIn, ...]:
    """The user's sessions that still work, this one first, then the latest used."""
    rows = UserSession.objects.purge_and_list(user)
    found = (
        SignedIn(
            id=row.pk,
            device=device_of(row.user_agent),
            address=str(row.ip),
            since=row.created_at,
            last_seen_at=row.last_seen_at,
            is_this=row.session_key == this,
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda each: (not each.is_this, -each.last_seen_at.timestamp())))


def end_session(user: User, session_id: int) -> None:
    """Sign one browser out, at once."""
    row = UserSession.objects.filter(user=user, pk=session_id).first()
    if row is None:
        raise NotFound("That session has ended already.")
    row.end()


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Sign all browsers of the user out, but the one with that session key; how many they were."""
    rows = list(UserSession.objects.filter(user=user).exclude(session_key=but or ""))
    for row in rows:
        row.end()
    return len(rows)
