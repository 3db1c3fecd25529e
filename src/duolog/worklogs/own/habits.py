"""What a person keeps at hand: favourite issues, and templates of what they log again and again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta, tzinfo

from duolog.connections.queries import list_personal
from duolog.core.durations import UnreadableDuration, parse_minutes
from duolog.core.worklogs import MINUTE, Spent, begin_at, read_zone
from duolog.people.errors import Invalid, NotFound
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.worklogs.models import FavouriteIssue, JiraIssue, OwnWorklog, WorklogTemplate
from duolog.worklogs.own.zones import zone_of
from duolog.worklogs.targets import targets_between
from duolog.workplace.reading import Wrong, read_text


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """What a person wants to log again and again, as they entered it."""

    issue: JiraIssue
    weekdays: Collection[int]
    clock: time | None
    time_spent: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A template on a day on which it is not logged yet."""

    template: WorklogTemplate
    day: date

    def spent(self, zone: tzinfo) -> Spent:
        """What is to be logged."""
        started = begin_at(self.day, self.template.clock, zone)
        return Spent(started, self.template.seconds, self.template.comment)


def list_favourites(member: Member) -> Sequence[JiraIssue]:
    """The issues the member keeps at hand, of connections that they have."""
    rows = JiraIssue.objects.filter(
        pk__in=FavouriteIssue.objects.filter(member=member).values("issue"),
        connection__in=list_personal(member),
    )
    return tuple(rows.select_related("connection").order_by("key", "pk"))


def get_issue(member: Member, issue_id: int) -> JiraIssue:
    """An issue that is known over one of the member's own connections.  Raises NotFound."""
    rows = JiraIssue.objects.filter(connection__in=list_personal(member))
    found = rows.select_related("connection").filter(pk=issue_id).first()
    if found is None:
        raise NotFound("There is no such issue among those you have logged time on.")
    return found


def keep_at_hand(member: Member, issue_id: int, *, kept: bool) -> JiraIssue:
    """Make an issue a favourite, or no favourite any more."""
    require(member, Right.LOG_TIME)
    issue = get_issue(member, issue_id)
    if kept:
        FavouriteIssue.objects.get_or_create(member=member, issue=issue)
    else:
        FavouriteIssue.objects.filter(member=member, issue=issue).delete()
    return issue


def list_templates(member: Member) -> Sequence[WorklogTemplate]:
    """The member's templates, in order of their time of the day."""
    rows = WorklogTemplate.objects.filter(
        member=member, issue__connection__in=list_personal(member)
    )
    return tuple(rows.select_related("issue__connection"))


def keep_template(member: Member, new: NewTemplate) -> WorklogTemplate:
    """Keep a template.  Raises Invalid, with a sentence for each field."""
    require(member, Right.LOG_TIME)
    errors: dict[str, str] = {}
    minutes, said = 0, ""
    try:
        minutes = parse_minutes(new.time_spent)
    except UnreadableDuration as unreadable:
        errors["time_spent"] = str(unreadable)
    try:
        said = read_text(new.comment).strip()
    except Wrong as wrong:
        errors["comment"] = str(wrong)
    weekdays = sorted({day for day in new.weekdays if 0 <= day < 7})
    if not weekdays:
        errors["weekdays"] = "Choose at least one weekday."
    if new.clock is None:
        errors["clock"] = "Say when it begins, such as 09:30."
    if errors or new.clock is None:
        raise Invalid(errors)
    return WorklogTemplate.objects.create(
        member=member,
        issue=new.issue,
        weekdays=weekdays,
        clock=new.clock,
        seconds=minutes * MINUTE,
        comment=said,
    )


def drop_template(member: Member, template_id: int) -> None:
    """Forget a template; what was logged by it stays.  Raises NotFound."""
    require(member, Right.LOG_TIME)
    deleted, _ = WorklogTemplate.objects.filter(member=member, pk=template_id).delete()
    if not deleted:
        raise NotFound("There is no such template.")


def due_templates(
    member: Member, first: date, last: date, told: Iterable[OwnWorklog]
) -> tuple[Due, ...]:
    """The templates of these days that are not logged yet, holidays left out.

    One is logged where a worklog on its issue begins at its time, so that applying templates twice
    logs nothing twice.
    """
    zone = read_zone(zone_of(member))
    targets = targets_between(member, first, last)
    logged = {(each.issue_id, each.started_at) for each in told}
    templates = list_templates(member)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(
        Due(template, day)
        for day in days
        if not targets[day].holiday
        for template in templates
        if day.weekday() in template.weekdays
        and (template.issue_id, begin_at(day, template.clock, zone)) not in logged
    )
