"""Worklogs: who may log, edit and delete work, and what that does to the issue (jira.md 5)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jirasim.site import changes, durations, properties
from jirasim.site.document import BadDocument, read
from jirasim.site.errors import Refusal
from jirasim.site.estimates import Query, adjusted
from jirasim.site.events import WORKLOG_CREATED, WORKLOG_DELETED, WORKLOG_UPDATED, Event
from jirasim.site.feed import mark_of, milliseconds
from jirasim.site.model import Issue, RichText, User, Worklog
from jirasim.site.permissions import may, may_read, may_see
from jirasim.site.recording import record
from jirasim.site.restriction import read_visibility
from jirasim.site.state import Site

MOST_WORKLOGS = 10_000
MOST_AT_ONCE = 5000
FULL = f"The issue has reached its limit of {MOST_WORKLOGS} worklogs."
ASSOCIATE = "You do not have the permission to associate a worklog to this issue."
NO_CHANGE = "At least one field of the worklog must be given."
NULL = "Worklog must not be null."
NO_TIME = "You must indicate the time spent working."
INVALID_TIME = "Invalid time duration entered."
BOTH_TIMES = "A value is required for manual estimate adjustment"
STARTED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")
COUNT = re.compile(r"-?\d{1,15}(\.\d+)?")
ON_ADD = {"auto": "", "leave": "", "new": "newEstimate", "manual": "reduceBy"}
ON_EDIT = {"auto": "", "leave": "", "new": "newEstimate"}
ON_REMOVE = {"auto": "", "leave": "", "new": "newEstimate", "manual": "increaseBy"}
EDITABLE = frozenset({"comment", "visibility", "started", "timeSpent", "timeSpentSeconds"})
IN_BULK = {"auto": "", "leave": ""}
Json = Mapping[str, object]


def listed(site: Site, user: User | None, issue: Issue) -> tuple[Worklog, ...]:
    """The worklogs that exist for this user, oldest first."""
    return tuple(one for one in issue.worklogs if may_read(site, user, issue, one))


def find(site: Site, user: User | None, issue: Issue, worklog_id: str) -> Worklog:
    """One worklog.  Raises Refusal 404 when absent, hidden or of another issue."""
    for worklog in listed(site, user, issue):
        if worklog.id == worklog_id:
            return worklog
    raise Refusal(404, f"Cannot find worklog with id: '{worklog_id}'.")


def by_id(site: Site, user: User | None, worklog_id: str) -> Worklog | None:
    """A worklog of any issue, unless absent or hidden."""
    issue = site.state.issues.get(site.state.worklog_homes.get(worklog_id, ""))
    if issue is None or not may_see(site, user, issue):
        return None
    found = next(one for one in issue.worklogs if one.id == worklog_id)
    return found if may_read(site, user, issue, found) else None


def add(site: Site, actor: User, issue: Issue, body: Json, query: Query) -> Worklog:
    """Log work as the actor: nobody can log for another."""
    if not may(actor, "WORK_ON_ISSUES", site.state.projects[issue.project_id], issue):
        raise Refusal(_denial(site), ASSOCIATE)
    now = site.now()
    draft = Worklog(
        id="",
        issue_id=issue.id,
        author=actor.account_id,
        update_author=actor.account_id,
        started=_started(body) or now,
        seconds=_required_seconds(site, body),
        created=now,
        updated=now,
        comment=_comment(site, body),
        visibility=read_visibility(site, actor, issue, body),
        properties=properties.read_list(body.get("properties")),
    )
    estimate = adjusted(site.state.measure, issue, query, less=draft.seconds, ways=ON_ADD)
    if len(issue.worklogs) >= MOST_WORKLOGS:
        raise Refusal(413, FULL)
    worklog = replace(draft, id=site.next_id("worklog"))
    _keep(site, worklog)
    after = replace(issue, worklogs=(*issue.worklogs, worklog), remaining_estimate=estimate)
    after = _record(site, actor, issue, after, (None, worklog))
    site.publish(Event(WORKLOG_CREATED, now, actor.account_id, after, worklog=worklog))
    return worklog


def check(site: Site, body: Json) -> None:
    """Raise Refusal 400 for a worklog that cannot be read."""
    _started(body)
    _required_seconds(site, body)
    _comment(site, body)


def edit(
    site: Site, actor: User, issue: Issue, worklog_id: str, body: Json, query: Query
) -> Worklog:
    """Change what is named; null keeps, except that a null visibility opens it to all."""
    before = find(site, actor, issue, worklog_id)
    require(site, actor, issue, before, "EDIT")
    if not site.product.cloud and not EDITABLE & body.keys():
        raise Refusal(400, NO_CHANGE)
    seconds = _seconds(site, body)
    after = replace(
        before,
        started=_started(body) or before.started,
        seconds=before.seconds if seconds is None else seconds,
        comment=before.comment if body.get("comment") is None else _comment(site, body),
        visibility=read_visibility(site, actor, issue, body)
        if "visibility" in body
        else before.visibility,
        properties={**before.properties, **properties.read_list(body.get("properties"))},
        updated=max(site.now(), before.updated + timedelta(milliseconds=1)),
        update_author=actor.account_id,
    )
    estimate = adjusted(
        site.state.measure, issue, query, less=after.seconds - before.seconds, ways=ON_EDIT
    )
    site.worklogs.drop(mark_of(before))
    _keep(site, after)
    changed = replace(_swapped(issue, after), remaining_estimate=estimate)
    changed = _record(site, actor, issue, changed, (before, after))
    site.publish(Event(WORKLOG_UPDATED, after.updated, actor.account_id, changed, worklog=after))
    return after


def remove(site: Site, actor: User, issue: Issue, worklog_id: str, query: Query) -> None:
    """Delete one."""
    gone = find(site, actor, issue, worklog_id)
    require(site, actor, issue, gone, "DELETE")
    estimate = adjusted(site.state.measure, issue, query, less=-gone.seconds, ways=ON_REMOVE)
    _remove(site, actor, issue, gone, estimate)


def remove_many(site: Site, actor: User, issue: Issue, ids: Sequence[str], query: Query) -> None:
    """Delete several of one issue, all or none."""
    gone = _chosen(site, actor, issue, ids)
    adjusted(site.state.measure, issue, query, less=0, ways=IN_BULK)
    for worklog in gone:
        now = site.state.issues[issue.id]
        estimate = adjusted(site.state.measure, now, query, less=-worklog.seconds, ways=IN_BULK)
        _remove(site, actor, now, worklog, estimate)


def move(
    site: Site, actor: User, issue: Issue, target: Issue, ids: Sequence[str], query: Query
) -> None:
    """Bring worklogs to another issue: no event, no entry of the changelog (jira.md 5.6)."""
    moved = _chosen(site, actor, issue, ids)
    if not may(actor, "WORK_ON_ISSUES", site.state.projects[target.project_id]):
        raise Refusal(400, ASSOCIATE)
    if any(one.visibility is not None for one in moved):
        raise Refusal(400, "Worklogs that are restricted by a project role cannot be moved.")
    if target.id == issue.id:
        raise Refusal(400, "The destination must be another issue.")
    if len(target.worklogs) + len(moved) > MOST_WORKLOGS:
        raise Refusal(413, FULL)
    total = sum(one.seconds for one in moved)
    here = adjusted(site.state.measure, issue, query, less=total, ways=IN_BULK)
    there = adjusted(site.state.measure, target, query, less=-total, ways=IN_BULK)
    arrived = tuple(replace(one, issue_id=target.id) for one in moved)
    kept = tuple(one for one in issue.worklogs if one not in moved)
    both = sorted((*target.worklogs, *arrived), key=lambda one: (one.created, int(one.id)))
    for worklog in arrived:
        site.state.worklog_homes[worklog.id] = target.id
    site.store(replace(issue, worklogs=kept, remaining_estimate=here))
    site.store(replace(target, worklogs=tuple(both), remaining_estimate=there))


def set_properties(site: Site, issue: Issue, worklog: Worklog, values: Json) -> None:
    """Replace all properties of a worklog; nothing else moves."""
    site.store(_swapped(issue, replace(worklog, properties=values)))


def forget_all(site: Site, actor: str, issue: Issue) -> None:
    """The worklogs of an issue that was deleted go with it, each with an event of its own."""
    for worklog in issue.worklogs:
        _forget(site, worklog)
        event = Event(WORKLOG_DELETED, site.now(), actor, issue, worklog=worklog, cascade=True)
        site.publish(event)


def require(site: Site, actor: User, issue: Issue, worklog: Worklog, verb: str) -> None:
    """Raise Refusal without the right to EDIT or DELETE it."""
    project = site.state.projects[issue.project_id]
    own = worklog.author == actor.account_id and may(actor, f"{verb}_OWN_WORKLOGS", project)
    if not own and not may(actor, f"{verb}_ALL_WORKLOGS", project):
        words = f"You do not have the permission to {verb.lower()} this worklog."
        raise Refusal(_denial(site), words)


def _denial(site: Site) -> int:
    """The status of a missing permission (jira.md 5.5)."""
    return 400 if site.product.cloud else 403


def _chosen(site: Site, actor: User, issue: Issue, ids: Sequence[str]) -> tuple[Worklog, ...]:
    if not ids or len(ids) > MOST_AT_ONCE:
        raise Refusal(400, f"Between 1 and {MOST_AT_ONCE} worklog ids are needed.")
    if not may(actor, "DELETE_ALL_WORKLOGS", site.state.projects[issue.project_id]):
        raise Refusal(400, "You do not have the permission to delete all worklogs.")
    found = {one.id: one for one in listed(site, actor, issue)}
    missing = [one for one in ids if one not in found]
    if missing:
        raise Refusal(404, f"Cannot find worklog with id: '{missing[0]}'.")
    return tuple(found[one] for one in dict.fromkeys(ids))


def _remove(site: Site, actor: User, issue: Issue, gone: Worklog, estimate: int | None) -> None:
    _forget(site, gone)
    left = tuple(one for one in issue.worklogs if one.id != gone.id)
    after = replace(issue, worklogs=left, remaining_estimate=estimate)
    after = _record(site, actor, issue, after, (gone, None))
    site.publish(Event(WORKLOG_DELETED, site.now(), actor.account_id, after, worklog=gone))


def _record(
    site: Site,
    actor: User,
    before: Issue,
    after: Issue,
    entry: tuple[Worklog | None, Worklog | None],
) -> Issue:
    items = changes.work(before, after, entry)
    kind = {
        (True, False): "issue_work_logged",
        (False, False): "issue_worklog_updated",
        (False, True): "issue_worklog_deleted",
    }[entry[0] is None, entry[1] is None]
    return record(site, actor, after, items, kind)


def _keep(site: Site, worklog: Worklog) -> None:
    site.state.worklog_homes[worklog.id] = worklog.issue_id
    site.worklogs.add(mark_of(worklog))


def _forget(site: Site, worklog: Worklog) -> None:
    del site.state.worklog_homes[worklog.id]
    site.worklogs.drop(mark_of(worklog))
    mark = milliseconds(site.now()), int(worklog.id)
    site.state.deleted_worklogs.append(mark)
    site.deleted_worklogs.add(mark)


def _swapped(issue: Issue, worklog: Worklog) -> Issue:
    rows = (worklog if one.id == worklog.id else one for one in issue.worklogs)
    return replace(issue, worklogs=tuple(rows))


def _comment(site: Site, body: Json) -> RichText | None:
    try:
        return read(site.product, body.get("comment"))
    except BadDocument as error:
        raise Refusal(400, fields={"comment": str(error)}) from None


def _started(body: Json) -> datetime | None:
    raw = body.get("started")
    if raw is None:
        return None
    if not isinstance(raw, str) or not STARTED.fullmatch(raw):
        raise Refusal(400, fields={"started": f"Error parsing date string: {raw}"})
    try:
        return datetime.strptime(raw, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)
    except ValueError:
        raise Refusal(400, fields={"started": f"Error parsing date string: {raw}"}) from None


def _required_seconds(site: Site, body: Json) -> int:
    found = _seconds(site, body)
    if found is None:
        raise Refusal(400, NULL, fields={"timeLogged": NO_TIME})
    return found


def _counted(number: object) -> int | None:
    """A number of seconds, also as text or with a fraction, as Jira's reader takes it."""
    if isinstance(number, bool) or not COUNT.fullmatch(str(number)):
        return None
    return durations.whole_minutes(int(float(str(number))))


def _seconds(site: Site, body: Json) -> int | None:
    """Whole minutes, at least one; None when the body names no time."""
    text, number = body.get("timeSpent"), body.get("timeSpentSeconds")
    if text is not None and number is not None:
        raise Refusal(400, fields={"timeSpent": BOTH_TIMES})
    if text is None and number is None:
        return None
    found = _counted(number) if text is None else durations.read(str(text), site.state.measure)
    if found is None or found < durations.MINUTE:
        raise Refusal(400, NULL, fields={"timeLogged": INVALID_TIME})
    return found
