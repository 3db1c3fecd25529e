"""What an edit does to the comments, worklogs and links of an issue, beside its fields."""

from collections.abc import Mapping

from jirasim.site import comments, links, worklogs
from jirasim.site.edits import Edits
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User
from jirasim.site.state import Site

ESTIMATES = ("adjustEstimate", "newEstimate", "reduceBy")
Json = Mapping[str, object]


def check(site: Site, actor: User, found: Edits) -> None:
    """Add complaints about links and worklogs that would be refused, before anything is done."""
    for name, _, body in found.parts:
        try:
            if name == "issuelinks":
                links.check(site, actor, _link(body, key="", id_=""))
            elif name == "worklog":
                worklogs.check(site, body)
        except Refusal as refusal:
            said = [*refusal.messages, *refusal.fields.values()]
            found.errors.setdefault(name, " ".join(said))


def apply(site: Site, actor: User, issue: Issue, found: Edits) -> Issue:
    """Do it, in the order of the request; the issue as it is then."""
    for name, verb, body in found.parts:
        now = site.state.issues[issue.id]
        if name == "comment":
            _comment(site, actor, now, (verb, body))
        elif name == "worklog":
            query = {word: str(body[word]) for word in ESTIMATES if body.get(word) is not None}
            worklogs.add(site, actor, now, body, query)
        else:
            links.create(site, actor, _link(body, key=now.key, id_=now.id))
    return site.state.issues[issue.id]


def _comment(site: Site, actor: User, issue: Issue, operation: tuple[str, Json]) -> None:
    verb, body = operation
    if verb == "add":
        comments.add(site, actor, issue, body)
    elif verb == "edit":
        comments.edit(site, actor, issue, str(body.get("id")), body)
    else:
        comments.remove(site, actor, issue, str(body.get("id")))


def _link(body: Json, *, key: str, id_: str) -> Json:
    """The request for a link: the issue itself is the end that is not named."""
    missing = "inwardIssue" if "outwardIssue" in body else "outwardIssue"
    return {**body, missing: {"key": key, "id": id_}}
