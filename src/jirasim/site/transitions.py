"""Moving an issue through its workflow.  Status is changed here and nowhere else."""

from collections.abc import Mapping
from dataclasses import replace

from jirasim.site import additions, changes, edits
from jirasim.site.decode import Target
from jirasim.site.edits import Edits
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User
from jirasim.site.permissions import may, roles_of
from jirasim.site.recording import record, stamped
from jirasim.site.state import Site
from jirasim.site.workflow import GENERIC, Condition, Screen, Transition, Who, Workflow

NO_SCREEN = Screen()
WRONG_STATE = (
    "It seems that you have tried to perform a workflow operation ({}) that is not valid for the "
    "current state of this issue ({}). The likely cause is that somebody has changed the issue "
    "recently, please look at the issue history for details."
)
Json = Mapping[str, object]


def workflow_of(site: Site, issue: Issue) -> Workflow:
    """The workflow that issues of this type follow in this project."""
    return site.state.projects[issue.project_id].workflow_of(issue.type_id)


def leaving(site: Site, user: User | None, issue: Issue) -> tuple[Transition, ...]:
    """The arrows that leave the issue's status; none without TRANSITION_ISSUES."""
    if not may(user, "TRANSITION_ISSUES", site.state.projects[issue.project_id], issue):
        return ()
    arrows = workflow_of(site, issue).transitions
    return tuple(one for one in arrows if one.leads_from(issue.status_id))


def available(site: Site, user: User | None, issue: Issue) -> tuple[Transition, ...]:
    """Those of them whose conditions this user meets."""
    return tuple(one for one in leaving(site, user, issue) if meets(site, user, issue, one))


def meets(site: Site, user: User | None, issue: Issue, arrow: Transition) -> bool:
    """Whether the user meets every condition of the arrow."""
    return user is not None and all(_meets(site, user, issue, one) for one in arrow.conditions)


def take(site: Site, actor: User, issue: Issue, body: Json) -> Issue:
    """Follow an arrow, with the fields of its screen and perhaps a comment."""
    arrow = _chosen(site, actor, issue, body.get("transition"))
    target = Target(site, site.state.projects[issue.project_id], actor, issue)
    screen = arrow.screen or NO_SCREEN
    found = edits.read(target, body, settable=screen.fields.__contains__)
    _demand(site, screen, found)
    additions.check(site, actor, found)
    found.refuse_if_wrong()
    _validate(issue, arrow, found)
    told = edits.as_object(body.get("historyMetadata"))
    after = _moved(site, actor, issue, arrow, found.values, metadata=told)
    return additions.apply(site, actor, after, found)


def _meets(site: Site, user: User, issue: Issue, condition: Condition) -> bool:
    project = site.state.projects[issue.project_id]
    match condition.who:
        case Who.PERMISSION:
            return may(user, condition.value, project)
        case Who.ROLE:
            return condition.value in roles_of(project, user)
        case Who.ASSIGNEE:
            return issue.assignee == user.account_id
        case Who.REPORTER:
            return issue.reporter == user.account_id


def _chosen(site: Site, actor: User, issue: Issue, raw: object) -> Transition:
    wanted = _number(raw)
    if not wanted.isdecimal():
        if site.product.cloud:
            raise Refusal(400, "'transition' identifier must be an integer")
        raise Refusal(500, f'For input string: "{wanted}"')
    for one in available(site, actor, issue):
        if one.id == wanted:
            return one
    known = {one.id: one.name for one in workflow_of(site, issue).transitions}
    if wanted in known and not site.product.cloud:
        raise Refusal(400, WRONG_STATE.format(known[wanted], issue.key))
    raise Refusal(400, f"Transition id '{wanted}' is not valid for this issue.")


def _number(raw: object) -> str:
    """What a transition is called by: in an object, or alone as jiratui sends it."""
    written = raw.get("id") if isinstance(raw, Mapping) else raw
    if written is None or isinstance(written, (bool, list)) or written == "":
        raise Refusal(400, "Missing 'transition' identifier")
    return str(written)


def _demand(site: Site, screen: Screen, found: Edits) -> None:
    """Add a complaint for each required field of the screen that is empty."""
    for name in sorted(screen.required):
        given = found.has(name) or found.values.get(name)
        if not given and given != 0 and not found.errors.get(name):
            found.errors[name] = f"{site.state.fields[name].name} is required."


def _validate(issue: Issue, arrow: Transition, found: Edits) -> None:
    after = issue.with_values(found.values)
    failed = [one.message for one in arrow.validators if not after.value(one.field)]
    if failed:
        raise Refusal(400, *failed)


def _moved(
    site: Site, actor: User, issue: Issue, arrow: Transition, values: Json, *, metadata: Json
) -> Issue:
    now = stamped(site, issue)
    status_id = arrow.target(issue.status_id)
    statuses = site.state.statuses
    crossed = statuses[status_id].category != statuses[issue.status_id].category
    filled = issue.with_values(values)
    resolution = None if arrow.clears_resolution else arrow.resolution or filled.resolution_id
    after = replace(
        filled,
        status_id=status_id,
        resolution_id=resolution,
        resolved=None if resolution is None else issue.resolved or now,
        status_changed=now if crossed else issue.status_changed,
    )
    items = changes.differences(site, issue, after, dict.fromkeys((*values, "resolution")))
    if status_id != issue.status_id:
        items = (*items, changes.status(site, issue.status_id, status_id))
    kind = GENERIC if site.product.cloud else arrow.event
    return record(site, actor, after, items, kind, metadata=metadata)
