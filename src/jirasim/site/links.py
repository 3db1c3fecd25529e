"""Links between issues: who may tie and untie them, and what both issues tell of it (jira.md 6.7).

The source is the issue that the request calls `inwardIssue`: *source blocks target*.
"""

from collections.abc import Mapping

from jirasim.site import comments
from jirasim.site.errors import Refusal, issue_unseen
from jirasim.site.events import LINK_CREATED, LINK_DELETED, Event
from jirasim.site.link_types import named
from jirasim.site.model import ChangeItem, Issue, IssueLink, LinkType, User
from jirasim.site.permissions import may, may_see
from jirasim.site.recording import record
from jirasim.site.remote_links import require_linking
from jirasim.site.state import Site

MOST_LINKS = 2000
Json = Mapping[str, object]


def find(site: Site, user: User | None, link_id: str) -> IssueLink:
    """One link.  Raises Refusal 404 unless the user sees both issues."""
    require_linking(site, status=404)
    link = site.state.links.get(link_id)
    if link is None or not all(may_see(site, user, one) for one in ends(site, link)):
        raise _no_link(link_id)
    return link


def ends(site: Site, link: IssueLink) -> tuple[Issue, Issue]:
    """The source and the target as they are now."""
    return site.state.issues[link.source], site.state.issues[link.target]


def check(site: Site, actor: User, body: Json) -> None:
    """Raise what making this link would raise; one of its ends may be yet to come."""
    require_linking(site, status=404)
    _type(site, body.get("type"))
    for name in ("inwardIssue", "outwardIssue"):
        end = body.get(name)
        if not isinstance(end, Mapping) or end.get("key") or end.get("id"):
            _end(site, actor, end)


def create(site: Site, actor: User, body: Json) -> None:
    """Tie two issues.  A link that is there already stays the only one of its kind."""
    require_linking(site, status=404)
    kind = _type(site, body.get("type"))
    source = _end(site, actor, body.get("inwardIssue"))
    target = _end(site, actor, body.get("outwardIssue"))
    if not may(actor, "LINK_ISSUES", site.state.projects[source.project_id]):
        raise Refusal(404, "You do not have the permission to link issues in this project.")
    if source.id == target.id:
        raise Refusal(400, "You cannot link an issue to itself.")
    _check_room(site, source, target)
    remark = body.get("comment")
    if isinstance(remark, Mapping):
        comments.add(site, actor, source, remark)
    known = {(one.type_id, one.source, one.target) for one in site.links(source)}
    if (kind.id, source.id, target.id) not in known:
        link = IssueLink(site.next_id("link"), kind.id, source.id, target.id)
        site.tie(link)
        _record(site, actor, link, made=True)
        _publish(site, actor.account_id, link, LINK_CREATED, site.state.issues[source.id])


def remove(site: Site, actor: User, link_id: str) -> None:
    """Untie; needs LINK_ISSUES at one end."""
    link = find(site, actor, link_id)
    projects = [site.state.projects[one.project_id] for one in ends(site, link)]
    if not any(may(actor, "LINK_ISSUES", one) for one in projects):
        raise _no_link(link_id)
    site.untie(link)
    _record(site, actor, link, made=False)
    _publish(site, actor.account_id, link, LINK_DELETED, site.state.issues[link.source])


def forget_all(site: Site, actor: str, issue: Issue) -> None:
    """The links of an issue that was deleted go with it; the other issues tell nothing of it."""
    for link in site.links(issue):
        site.untie(link)
        _publish(site, actor, link, LINK_DELETED, issue, cascade=True)


def _publish(
    site: Site, actor: str, link: IssueLink, kind: str, issue: Issue, *, cascade: bool = False
) -> None:
    site.publish(Event(kind, site.now(), actor, issue, link=link, cascade=cascade))


def _record(site: Site, actor: User, link: IssueLink, *, made: bool) -> None:
    source, target = ends(site, link)
    kind = site.state.link_types[link.type_id]
    for issue, words, other in ((source, kind.outward, target), (target, kind.inward, source)):
        there = (other.key, f"This issue {words} {other.key}")
        before, after = ((None, None), there) if made else (there, (None, None))
        record(site, actor, issue, (ChangeItem("Link", None, *before, *after),), "issue_updated")


def _type(site: Site, raw: object) -> LinkType:
    given = raw if isinstance(raw, Mapping) else {}
    wanted = str(given.get("id") or given.get("name") or "")
    found = named(site, wanted)
    if found is None:
        raise Refusal(404, f"No issue link type with name '{wanted}' found.")
    return found


def _end(site: Site, actor: User, raw: object) -> Issue:
    given = raw if isinstance(raw, Mapping) else {}
    found = site.find_issue(str(given.get("id") or given.get("key") or ""))
    if found is None or not may_see(site, actor, found):
        raise issue_unseen()
    return found


def _check_room(site: Site, *issues: Issue) -> None:
    if any(len(site.links(one)) >= MOST_LINKS for one in issues):
        raise Refusal(413, f"The issue has reached its limit of {MOST_LINKS} issue links.")


def _no_link(link_id: str) -> Refusal:
    return Refusal(404, f"No issue link with id '{link_id}' exists.")
