"""Sprints: their life from future to closed, and issues going into and out of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from jirasim.site import boards, issues
from jirasim.site.agile_decode import SPRINT_UNSEEN, with_open
from jirasim.site.agile_fields import agile_fields
from jirasim.site.agile_model import Board, Sprint, SprintState
from jirasim.site.errors import Refusal
from jirasim.site.events import (
    SPRINT_CLOSED,
    SPRINT_CREATED,
    SPRINT_DELETED,
    SPRINT_STARTED,
    SPRINT_UPDATED,
    Event,
)
from jirasim.site.model import Issue, User
from jirasim.site.permissions import may
from jirasim.site.state import Site

Json = Mapping[str, object]
NO_SPRINTS = "The board does not support sprints"
CLOSED_SPRINT = "You must specify a sprint which has not been completed."
NAMELESS = "The sprint name is required."
ORDER = (SprintState.CLOSED, SprintState.ACTIVE, SprintState.FUTURE)


def of_board(site: Site, board: Board) -> list[Sprint]:
    """Its sprints, closed, active and future ones, each by position."""
    if board.kind != boards.SCRUM:
        raise Refusal(400, NO_SPRINTS)
    found = [one for one in site.state.sprints.values() if one.board_id == board.id]
    return sorted(found, key=lambda one: (ORDER.index(one.state), one.position))


def visible(site: Site, user: User | None, sprint_id: str) -> Sprint:
    """The sprint, for who sees its board or one of its issues.  Raises Refusal 404."""
    found = site.state.sprints.get(sprint_id)
    if found is not None and _may_view(site, user, found):
        return found
    raise Refusal(404, SPRINT_UNSEEN)


def _may_view(site: Site, user: User | None, sprint: Sprint) -> bool:
    board = site.state.boards.get(sprint.board_id)
    if board is not None and boards.may_view(site, user, board):
        return True
    inside = (site.state.issues[one].project_id for one in site.in_sprint(sprint.id))
    return any(may(user, "BROWSE_PROJECTS", site.state.projects[one]) for one in set(inside))


def create(site: Site, actor: User, body: Json) -> Sprint:
    """A future sprint of a scrum board."""
    name = _name(body)
    board = boards.visible(site, actor, str(body.get("originBoardId") or ""))
    if board.kind != boards.SCRUM:
        raise Refusal(400, NO_SPRINTS)
    check_may_manage(site, actor, board.id)
    number = site.next_id("sprint", first=1)
    sprint = Sprint(
        id=number,
        board_id=board.id,
        name=name,
        created=site.now(),
        position=int(number),
        goal=str(body.get("goal") or ""),
        start=_moment(site, body.get("startDate"), "startDate"),
        end=_moment(site, body.get("endDate"), "endDate"),
    )
    _check_dates(sprint)
    return _told(site, actor, SPRINT_CREATED, sprint)


def update(site: Site, actor: User, sprint: Sprint, body: Json, *, whole: bool) -> Sprint:
    """New values; with `whole`, what the body leaves out becomes empty.

    Of a closed sprint only name and goal change.  Another state starts or completes it.
    """
    check_may_manage(site, actor, sprint.board_id)
    named = replace(
        sprint,
        name=_name(body) if whole or body.get("name") is not None else sprint.name,
        goal=str(body.get("goal") or "") if whole or "goal" in body else sprint.goal,
    )
    if sprint.state is not SprintState.CLOSED:
        named = replace(
            named,
            start=_date(site, body, "startDate", sprint.start, whole=whole),
            end=_date(site, body, "endDate", sprint.end, whole=whole),
        )
    _check_dates(named)
    wanted = _state(body, sprint)
    if wanted is not sprint.state:
        return _in_state(site, actor, named, wanted)
    if named.state is SprintState.ACTIVE and (named.start is None or named.end is None):
        raise Refusal(400, "An active sprint must have a start date and an end date.")
    return sprint if named == sprint else _told(site, actor, SPRINT_UPDATED, named)


def _in_state(site: Site, actor: User, sprint: Sprint, wanted: SprintState) -> Sprint:
    now = site.now()
    match sprint.state, wanted:
        case SprintState.FUTURE, SprintState.ACTIVE:
            if sprint.start is None or sprint.end is None:
                raise Refusal(400, "A sprint needs a start date and an end date to be started.")
            started = replace(sprint, state=wanted, activated=now)
            return _told(site, actor, SPRINT_STARTED, started)
        case SprintState.ACTIVE, SprintState.CLOSED:
            over = replace(sprint, state=wanted, completed=now)
            return _told(site, actor, SPRINT_CLOSED, over)
        case _:
            raise Refusal(
                400,
                f"A sprint that is {sprint.state.value} cannot become {wanted.value}.",
            )


def remove(site: Site, actor: User, sprint: Sprint) -> None:
    """Delete it; its issues go back to the backlog."""
    check_may_manage(site, actor, sprint.board_id)
    field_id = agile_fields(site.product).sprint
    for issue_id in site.in_sprint(sprint.id):
        issue = site.state.issues[issue_id]
        rest = tuple(one for one in issue.sprints if one != sprint.id)
        issues.change(site, actor, issue, {field_id: rest})
    del site.state.sprints[sprint.id]
    site.revision += 1
    site.publish(Event(SPRINT_DELETED, site.now(), actor.account_id, subject=sprint))


def swap(site: Site, actor: User, one: Sprint, other: Sprint) -> None:
    """Let two sprints change places."""
    for sprint in (one, other):
        check_may_manage(site, actor, sprint.board_id)
    _told(site, actor, SPRINT_UPDATED, replace(one, position=other.position))
    _told(site, actor, SPRINT_UPDATED, replace(other, position=one.position))


def move_into(site: Site, actor: User, sprint: Sprint, moved: Sequence[Issue]) -> None:
    """Put issues into an open sprint."""
    if sprint.state is SprintState.CLOSED:
        raise Refusal(400, CLOSED_SPRINT)
    _move(site, actor, moved, sprint.id)


def move_out(site: Site, actor: User, moved: Sequence[Issue]) -> None:
    """Take issues out of the sprints that are not over: back to the backlog."""
    _move(site, actor, moved, None)


def _move(site: Site, actor: User, moved: Sequence[Issue], sprint_id: str | None) -> None:
    for issue in moved:
        project = site.state.projects[issue.project_id]
        if not (may(actor, "SCHEDULE_ISSUES", project) and may(actor, "EDIT_ISSUES", project)):
            raise Refusal(403, f"You do not have permission to schedule issue '{issue.key}'.")
        if site.state.issue_types[issue.type_id].subtask:
            raise Refusal(400, f"Issue '{issue.key}' is a sub-task: it is where its parent is.")
    field_id = agile_fields(site.product).sprint
    for issue in moved:
        issues.change(site, actor, issue, {field_id: with_open(site, issue, sprint_id)})


def keep(site: Site, sprint: Sprint) -> Sprint:
    """Store it."""
    site.state.sprints[sprint.id] = sprint
    site.revision += 1
    return sprint


def check_may_manage(site: Site, actor: User, board_id: str) -> None:
    """Raise Refusal for one who may not manage the sprints of the board."""
    board = site.state.boards.get(board_id)
    project = site.state.projects.get(board.project_id or "") if board is not None else None
    mine = board is not None and board.owner == actor.account_id
    if not mine and not may(actor, "MANAGE_SPRINTS_PERMISSION", project):
        raise Refusal(403, "You do not have permission to manage the sprints of this board.")


def states(words: Iterable[str]) -> frozenset[SprintState]:
    """The states that a filter names.  Raises Refusal 400."""
    try:
        return frozenset(SprintState(word.lower()) for word in words)
    except ValueError:
        raise Refusal(400, "The state of a sprint is future, active or closed.") from None


def _told(site: Site, actor: User, kind: str, sprint: Sprint) -> Sprint:
    keep(site, sprint)
    site.publish(Event(kind, site.now(), actor.account_id, subject=sprint))
    return sprint


def _name(body: Json) -> str:
    name = str(body.get("name") or "").strip()
    if not name:
        raise Refusal(400, fields={"name": NAMELESS})
    return name


def _state(body: Json, sprint: Sprint) -> SprintState:
    wanted = states([str(body["state"])]) if body.get("state") else {sprint.state}
    return next(iter(wanted))


def _date(
    site: Site, body: Json, name: str, before: datetime | None, *, whole: bool
) -> datetime | None:
    return _moment(site, body.get(name), name) if whole or name in body else before


def _moment(site: Site, raw: object, name: str) -> datetime | None:
    """An ISO date with or without time and offset; without one, of the site's zone."""
    if raw is None or raw == "":
        return None
    try:
        moment = datetime.fromisoformat(str(raw))
    except ValueError:
        raise Refusal(400, fields={name: f"'{raw}' is not a valid date."}) from None
    zone = ZoneInfo(site.state.time_zone)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _check_dates(sprint: Sprint) -> None:
    if sprint.start is not None and sprint.end is not None and sprint.end <= sprint.start:
        raise Refusal(400, fields={"endDate": "The end date must be after the start date."})
