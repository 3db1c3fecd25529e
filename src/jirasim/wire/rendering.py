"""Fields as people read them: `renderedFields` (recorded), HTML for rich text, days for instants."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from jirasim.site import comments, durations, worklogs
from jirasim.site.model import Comment, Issue, Worklog
from jirasim.wire import timetracking
from jirasim.wire.entities import Json
from jirasim.wire.html import rendered
from jirasim.wire.wire import Wire

RICH = ("description", "environment")
WEEK = 7
KILO = 1024
Writer = Callable[[Wire, Issue], object]


def rendered_fields(wire: Wire, issue: Issue, names: list[str]) -> Json:
    """Each named field: what is readable as it stands is null here."""
    return {name: _field(wire, issue, name) for name in names}


def readable(wire: Wire, moment: datetime) -> str:
    """Such as `Just now`, `4 days ago 1:51 PM` and `04/Apr/19 9:59 AM`, in the viewer's zone."""
    viewer = wire.viewer
    zone = ZoneInfo(viewer.time_zone if viewer is not None else wire.site.state.time_zone)
    now, then = wire.site.now().astimezone(zone), moment.astimezone(zone)
    age, days = now - then, (now.date() - then.date()).days
    if age < timedelta(minutes=1):
        return "Just now"
    if age < timedelta(hours=1):
        return _ago(age // timedelta(minutes=1), "minute")
    if days == 0:
        return _ago(age // timedelta(hours=1), "hour")
    if days == 1:
        return f"Yesterday {_clock(then)}"
    return f"{days} days ago {_clock(then)}" if days < WEEK else f"{_day(then)} {_clock(then)}"


def _ago(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


def _clock(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M} {'AM' if moment.hour < 12 else 'PM'}"


def _day(day: date) -> str:
    return f"{day:%d/%b/%y}"


def _field(wire: Wire, issue: Issue, name: str) -> object:
    writer = WRITERS.get(name)
    if writer is not None:
        return writer(wire, issue)
    field, value = wire.site.state.fields[name], issue.value(name)
    if value is None:
        return None
    if name in RICH or field.kind == "doc":
        return rendered(value) if isinstance(value, Mapping | str) else None
    if isinstance(value, datetime):
        return readable(wire, value)
    if isinstance(value, date):
        return _day(value)
    return value if field.custom is not None and field.kind == "string" else None


def _comments(wire: Wire, issue: Issue) -> Json:
    shown = [_comment(wire, one) for one in comments.listed(wire.site, wire.viewer, issue)]
    return {"comments": shown, "maxResults": len(shown), "total": len(shown), "startAt": 0}


def _comment(wire: Wire, comment: Comment) -> Json:
    return {
        **wire.comment(comment),
        "body": rendered(comment.body),
        "created": readable(wire, comment.created),
        "updated": readable(wire, comment.updated),
    }


def _worklogs(wire: Wire, issue: Issue) -> Json:
    shown = worklogs.listed(wire.site, wire.viewer, issue)
    rows = [_worklog(wire, one) for one in shown[:20]]
    return {"startAt": 0, "maxResults": 20, "total": len(shown), "worklogs": rows}


def _worklog(wire: Wire, worklog: Worklog) -> Json:
    body = {
        **{name: one for name, one in wire.worklog(worklog).items() if name != "timeSpentSeconds"},
        "timeSpent": durations.in_words(worklog.seconds),
        "created": readable(wire, worklog.created),
        "updated": readable(wire, worklog.updated),
        "started": readable(wire, worklog.started),
    }
    return body if worklog.comment is None else {**body, "comment": rendered(worklog.comment)}


def _attachments(wire: Wire, issue: Issue) -> list[Json]:
    return [
        {**wire.attachment(one), "created": readable(wire, one.created), "size": _size(one.size)}
        for one in issue.attachments
    ]


def _size(count: int) -> str:
    """Such as `0.3 kB`, `10 kB` and `8.72 MB`."""
    if count > KILO * KILO:
        return f"{count / KILO / KILO:.2f} MB"
    return f"{count / KILO:.0f} kB" if count > KILO else f"{count / KILO:.1f} kB"


def _estimates(wire: Wire, issue: Issue) -> Json:
    body = timetracking.timetracking(wire, issue)
    words = {
        name: durations.in_words(value)
        for name in ("originalEstimate", "remainingEstimate", "timeSpent")
        if isinstance(value := body.get(f"{name}Seconds"), int)
    }
    return {**body, **words}


def _duration(name: str) -> Writer:
    """One of the fields that hold seconds."""

    def write(wire: Wire, issue: Issue) -> str | None:
        seconds = timetracking.WRITERS[name](wire, issue)
        return durations.in_words(seconds) if isinstance(seconds, int) else None

    return write


SECONDS = ("timeoriginalestimate", "timeestimate", "timespent")
WRITERS: Mapping[str, Writer] = {
    "attachment": _attachments,
    "timetracking": _estimates,
    **{name: _duration(name) for one in SECONDS for name in (one, f"aggregate{one}")},
    "created": lambda wire, issue: readable(wire, issue.created),
    "updated": lambda wire, issue: readable(wire, issue.updated),
    "statuscategorychangedate": lambda wire, issue: readable(wire, issue.status_changed),
    "resolutiondate": lambda wire, issue: (
        None if issue.resolved is None else readable(wire, issue.resolved)
    ),
    "comment": _comments,
    "worklog": _worklogs,
}
