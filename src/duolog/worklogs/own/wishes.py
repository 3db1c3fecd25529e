"""What may be asked of a person's own worklog, as values to store.  Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from duolog.core.worklog_edits import on_day
from duolog.core.worklogs import Spent, read_zone
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.worklogs.changes import TOO_FAR, is_too_far, read_edits
from duolog.worklogs.own.zones import zone_of
from duolog.workplace.reading import Wrong, read_day


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOwn:
    """Time to log: `started` with its offset, `seconds` or a text such as 1h 30m, Markdown."""

    started: datetime | str
    seconds: int | str
    comment: str = ""


def read_new_own(new: NewOwn) -> Spent:
    """What is to be logged.  Raises Invalid with a sentence for every field that is wrong."""
    asked = {"started": new.started, "seconds": new.seconds, "comment": new.comment}
    values = read_edits(None, asked)
    return Spent(values["started_at"], values["seconds"], values["comment"])


def read_changes(held: Spent, asked: Mapping[str, object], member: Member) -> Spent:
    """What the worklog is to say.  Fields: started, seconds (or a text), comment, day.

    `day` moves it to another day at the same time of the day, by the member's clocks.  What is not
    named stays, to the second.
    """
    said = {name: value for name, value in asked.items() if name != "day"}
    if "zone" in said:
        raise Invalid({"zone": "There is no field zone."})
    values = read_edits(held.seconds, said)
    wanted = replace(
        held,
        started=values.get("started_at", held.started),
        seconds=values.get("seconds", held.seconds),
        comment=values.get("comment", held.comment),
    )
    if asked.get("day"):
        wanted = on_day(wanted, _day(asked["day"]), read_zone(zone_of(member)))
    return wanted


def _day(value: object) -> date:
    try:
        day = read_day(value)
    except Wrong as wrong:
        raise Invalid({"day": str(wrong)}) from wrong
    if day is None:
        raise Invalid({"day": "Name a day."})
    if is_too_far(day):
        raise Invalid({"day": TOO_FAR})
    return day
