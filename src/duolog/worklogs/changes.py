"""What may be asked of a worklog, and what a person reads of it.  Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from duolog.core.durations import UnreadableDuration, parse_minutes, render_seconds
from duolog.core.worklogs import (
    MINUTE,
    NotWhole,
    UnknownZone,
    day_of,
    name_offset,
    read_zone,
    whole_milliseconds,
    whole_minutes,
)
from duolog.workplace.reading import Wrong, read_fields, read_text

_UNSAID: Final = {"zone": ""}
FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2200, 1, 1, tzinfo=UTC)
TOO_FAR: Final = "A time begins between 1970 and 2200."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWorklog:
    """Time to be logged.

    `started` has an offset; without a `zone`, that offset alone is the zone.  `seconds` may also
    be text as people write it: 1h 30m.  `comment` is Markdown.
    """

    started: datetime | str
    seconds: int | str
    comment: str = ""
    zone: str = ""


def read_new(exact: int | None, new: NewWorklog) -> dict[str, Any]:
    """All values of a new entry; `exact` seconds are taken as they are.  Raises as below."""
    values = read_edits(exact, asdict(new))
    if "zone" not in values:
        values["zone"] = name_offset(_started(None, new.started))
    return values


def read_edits(present: int | None, asked: Mapping[str, object]) -> dict[str, Any]:
    """The values to store, or `Invalid` with a sentence for every field that is wrong.

    `present` are the seconds that the entry has already: they are taken as they are.
    """
    said = {name: value for name, value in asked.items() if value != _UNSAID.get(name)}
    values = read_fields(_READERS, present, said)
    if "started" in values:
        values["started_at"] = whole_milliseconds(values.pop("started"))
    return values


def is_too_far(day: date) -> bool:
    """Whether no time may begin on this day."""
    return not FIRST.date() <= day <= LAST.date()


def words_of(values: Mapping[str, Any]) -> str:
    """An entry in one line: 1h 30m on Mar 2, 2026."""
    day = day_of(values["started_at"], read_zone(values["zone"]))
    return f"{render_seconds(values['seconds'])} on {day:%b} {day.day}, {day.year}"


def _started(_present: int | None, value: object) -> datetime:
    started = value if isinstance(value, datetime) else _instant(str(value))
    if started.tzinfo is None:
        raise Wrong("Say when it began with its offset: 2026-01-31T09:00:00+01:00.")
    if not FIRST <= started <= LAST:
        raise Wrong(TOO_FAR)
    return started


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Wrong("Write when it began as 2026-01-31T09:00:00+01:00.") from None


def _seconds(present: int | None, value: object) -> int:
    try:
        if not isinstance(value, int):
            return parse_minutes(str(value)) * MINUTE
        return value if value == present else whole_minutes(value)
    except (UnreadableDuration, NotWhole) as wrong:
        raise Wrong(str(wrong)) from wrong


def _zone(_present: int | None, value: object) -> str:
    name = str(value)
    try:
        read_zone(name)
    except UnknownZone as unknown:
        raise Wrong(str(unknown)) from unknown
    return name


_READERS: Final[Mapping[str, Callable[[int | None, object], Any]]] = {
    "started": _started,
    "seconds": _seconds,
    "zone": _zone,
    "comment": lambda _present, value: read_text(value).strip(),
}
