"""What a person asks for under a number, so that asked again after a lost answer it is done once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from duolog.people.errors import Outdated
from duolog.people.models import Member
from duolog.people.once import KEPT, find_sent, remember
from duolog.worklogs.models import OwnWorklog, WorklogWrite


@dataclass(frozen=True, slots=True)
class Act:
    """By which a caller knows again what it asks for; `said` is what it asked, as a digest."""

    number: uuid.UUID
    said: str = ""


class SaidOtherwise(Outdated):
    """Asked for again in other words: `worklogs` came of the first ones, nothing of these."""

    def __init__(self, worklogs: Sequence[OwnWorklog]) -> None:
        super().__init__("This was done already, as it was first asked for.")
        self.worklogs = tuple(worklogs)


def done_before(member: Member, act: Act | None) -> tuple[OwnWorklog, ...]:
    """The worklogs of an act that the member asked for within a day, in order of asking.

    Raises SaidOtherwise where something else was asked then.
    """
    if act is None:
        return ()
    writes = WorklogWrite.objects.filter(
        act=act.number,
        asked_at__gte=timezone.now() - KEPT,
        worklog__connection__member=member,
    )
    related = ("worklog__connection", "worklog__issue__connection")
    found = tuple(write.worklog for write in writes.select_related(*related).order_by("pk"))
    if found:
        _must_say_the_same(member, act, found)
    return found


def begin(member: Member, act: Act | None) -> tuple[OwnWorklog, ...]:
    """Nothing where the act is new, else what came of it; in the transaction that stores it.

    Of two requests at once the later one waits here until the first is stored.
    """
    if act is None or _is_first(member, act):
        return ()
    return done_before(member, act)


def begin_here(member: Member, act: Act) -> bool:
    """The same for what leaves nothing in Jira: whether it is new.

    Raises SaidOtherwise where something else was asked under this number.
    """
    if _is_first(member, act):
        return True
    _must_say_the_same(member, act)
    return False


def was_done_here(member: Member, act: Act) -> bool:
    """Whether it was done, and left nothing in Jira.  Raises SaidOtherwise as above."""
    if find_sent(member, act.number) is None or done_before(member, act):
        return False
    _must_say_the_same(member, act)
    return True


def _must_say_the_same(member: Member, act: Act, made: tuple[OwnWorklog, ...] = ()) -> None:
    """Raise SaidOtherwise where something else was asked under the number of this act."""
    sent = find_sent(member, act.number)
    if sent is not None and sent.said != act.said:
        raise SaidOtherwise(made)


def _is_first(member: Member, act: Act) -> bool:
    _, is_first = remember(member, act.number, act.said)
    return is_first
