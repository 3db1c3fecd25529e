"""Moving an issue through its workflow.  Status is changed here and nowhere else."""

from collections.abc import Mapping
from dataclasses import replace

from jirasim.site import changes, comments, edits
from jirasim.site.decode import Target
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, Screen, Transition, User
from jirasim.site.permissions import may
from jirasim.site.recording import record, stamped
from jirasim.site.state import Site

NO_SCREEN = Screen()
GENERIC = "issue_generic"
Json = Mapping[str, object]


def available(site: Site, user: User | None, issue: Issue) -> tuple[Transition, ...]:
    """The arrows that leave the issue's status; none without TRANSITION_ISSUES."""
    project = site.state.projects[issue.project_id]
    if not may(user, "TRANSITION_ISSUES", project):
        return ()
    return tuple(
        one
        for one in project.workflow.transitions
        if one.sources is None or issue.status_id in one.sources
    )


def take(site: Site, actor: User, issue: Issue, body: Json) -> Issue:
    """Follow an arrow, with the fields of its screen and perhaps a comment."""
    arrow = _chosen(site, actor, issue, body.get("transition"))
    target = Target(site, site.state.projects[issue.project_id], actor, issue)
    screen = arrow.screen or NO_SCREEN
    found = edits.read(target, body, settable=screen.fields.__contains__)
    for name in sorted(screen.required):
        if found.values.get(name) is None and not found.errors.get(name):
            found.errors[name] = f"{site.state.fields[name].name} is required."
    found.refuse_if_wrong()
    after = _moved(site, actor, issue, arrow, found.values)
    for comment in found.comments:
        comments.add(site, actor, site.state.issues[after.id], comment)
    return site.state.issues[after.id]


def _chosen(site: Site, actor: User, issue: Issue, raw: object) -> Transition:
    if not isinstance(raw, Mapping) or raw.get("id") is None:
        raise Refusal(400, "Missing 'transition' identifier")
    wanted = str(raw["id"])
    if not site.product.cloud and not wanted.isdigit():
        raise Refusal(500, f'For input string: "{wanted}"')
    for one in available(site, actor, issue):
        if one.id == wanted:
            return one
    raise Refusal(400, f"Transition id '{wanted}' is not valid for this issue.")


def _moved(site: Site, actor: User, issue: Issue, arrow: Transition, values: Json) -> Issue:
    now = stamped(site, issue)
    category = site.state.statuses[arrow.to_status].category
    crossed = category != site.state.statuses[issue.status_id].category
    resolution = issue.with_values(values).resolution_id or arrow.resolution
    done = category.key == "done"
    after = replace(
        issue.with_values(values),
        status_id=arrow.to_status,
        resolution_id=resolution if done else None,
        resolved=(issue.resolved or now) if done else None,
        status_changed=now if crossed else issue.status_changed,
    )
    items = changes.differences(site, issue, after, (*values, "resolution"))
    if after.status_id != issue.status_id:
        items = (*items, changes.status(site, issue.status_id, after.status_id))
    return record(site, actor, after, items, GENERIC if site.product.cloud else arrow.event)
