"""Comments: who may write, edit and delete them, and what that does to the issue."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from jirasim.site import properties, watching
from jirasim.site.document import BadDocument, read
from jirasim.site.errors import Refusal
from jirasim.site.events import COMMENT_CREATED, COMMENT_DELETED, COMMENT_UPDATED, Event
from jirasim.site.model import Comment, Issue, Pin, RichText, User
from jirasim.site.permissions import may, may_read, may_see
from jirasim.site.restriction import read_visibility
from jirasim.site.state import Site

EMPTY = "Comment body can not be empty!"
MOST_COMMENTS = 5000
Json = Mapping[str, object]


def listed(site: Site, user: User | None, issue: Issue) -> tuple[Comment, ...]:
    """The comments that exist for this user, oldest first."""
    return tuple(one for one in issue.comments if may_read(site, user, issue, one))


def find(site: Site, user: User | None, issue: Issue, comment_id: str) -> Comment:
    """One comment.  Raises Refusal 404 when absent or hidden."""
    for comment in listed(site, user, issue):
        if comment.id == comment_id:
            return comment
    raise Refusal(404, f"Can not find a comment for the id: {comment_id}.")


def by_id(site: Site, user: User | None, comment_id: str) -> tuple[Issue, Comment] | None:
    """A comment and its issue, unless absent or hidden."""
    issue = site.state.issues.get(site.state.comment_homes.get(comment_id, ""))
    if issue is None or not may_see(site, user, issue):
        return None
    found = [one for one in listed(site, user, issue) if one.id == comment_id]
    return (issue, found[0]) if found else None


def add(site: Site, actor: User, issue: Issue, body: Json) -> Comment:
    """Write a comment from a request body: `body`, and perhaps visibility and properties."""
    if not may(actor, "ADD_COMMENTS", site.state.projects[issue.project_id], issue):
        raise Refusal(400, "You do not have the permission to comment on this issue.")
    if site.product.cloud and len(issue.comments) >= MOST_COMMENTS:
        raise Refusal(413, f"The issue has reached its limit of {MOST_COMMENTS} comments.")
    text, visibility = _text(site, body), read_visibility(site, actor, issue, body)
    given = properties.read_list(body.get("properties"))
    now = site.now()
    comment = Comment(
        id=site.next_id("comment"),
        issue_id=issue.id,
        author=actor.account_id,
        update_author=actor.account_id,
        body=text,
        created=now,
        updated=now,
        visibility=visibility,
        properties=given,
    )
    site.state.comment_homes[comment.id] = issue.id
    moves = site.state.settings.comment_add_moves_updated
    issue = watching.joined(site, issue, actor)
    after = _with(site, issue, (*issue.comments, comment), now=now, moves=moves)
    site.publish(Event(COMMENT_CREATED, now, actor.account_id, after, comment=comment))
    return comment


def edit(site: Site, actor: User, issue: Issue, comment_id: str, body: Json) -> Comment:
    """Change the text, and the visibility where it is named."""
    before = find(site, actor, issue, comment_id)
    if not _may_change(site, actor, issue, before, "EDIT"):
        raise Refusal(400, "You do not have the permission to edit this comment.")
    now = max(site.now(), before.updated + timedelta(milliseconds=1))
    after = replace(
        before,
        body=_text(site, body),
        visibility=read_visibility(site, actor, issue, body)
        if "visibility" in body
        else before.visibility,
        properties={**before.properties, **properties.read_list(body.get("properties"))},
        updated=now,
        update_author=actor.account_id,
    )
    moves = site.state.settings.comment_edit_moves_updated
    changed = _with(site, issue, _swapped(issue, after), now=now, moves=moves)
    site.publish(Event(COMMENT_UPDATED, now, actor.account_id, changed, comment=after))
    return after


def remove(site: Site, actor: User, issue: Issue, comment_id: str) -> None:
    """Delete a comment."""
    gone = find(site, actor, issue, comment_id)
    if not _may_change(site, actor, issue, gone, "DELETE"):
        raise Refusal(400, "You do not have the permission to delete this comment.")
    site.state.comment_homes.pop(comment_id, None)
    left = tuple(one for one in issue.comments if one.id != comment_id)
    moves = site.state.settings.comment_delete_moves_updated
    after = _with(site, issue, left, now=site.now(), moves=moves)
    site.publish(Event(COMMENT_DELETED, site.now(), actor.account_id, after, comment=gone))


def pin(site: Site, actor: User, issue: Issue, comment_id: str, *, wanted: bool) -> None:
    """Pin a comment to the top, or take it down; nothing else moves.  For those who may edit."""
    before = find(site, actor, issue, comment_id)
    if not may(actor, "EDIT_ISSUES", site.state.projects[issue.project_id], issue):
        raise Refusal(404, f"Can not find a comment for the id: {comment_id}.")
    changed = replace(before, pin=Pin(actor.account_id, site.now()) if wanted else None)
    site.store(replace(issue, comments=_swapped(issue, changed)))


def set_properties(site: Site, issue: Issue, comment: Comment, values: Json) -> None:
    """Replace all properties of a comment; nothing else moves."""
    changed = replace(comment, properties=values)
    site.store(replace(issue, comments=_swapped(issue, changed)))


def _swapped(issue: Issue, comment: Comment) -> tuple[Comment, ...]:
    return tuple(comment if one.id == comment.id else one for one in issue.comments)


def _with(
    site: Site, issue: Issue, comments: tuple[Comment, ...], *, now: datetime, moves: bool
) -> Issue:
    updated = max(now, issue.updated + timedelta(milliseconds=1)) if moves else issue.updated
    after = replace(issue, comments=comments, updated=updated)
    site.store(after)
    return after


def _may_change(site: Site, actor: User, issue: Issue, comment: Comment, verb: str) -> bool:
    project = site.state.projects[issue.project_id]
    if may(actor, f"{verb}_ALL_COMMENTS", project):
        return True
    return comment.author == actor.account_id and may(actor, f"{verb}_OWN_COMMENTS", project)


def _text(site: Site, body: Json) -> RichText:
    try:
        found = read(site.product, body.get("body"))
    except BadDocument as error:
        raise Refusal(400, fields={"comment": str(error)}) from None
    if found is None:
        raise Refusal(400, fields={"comment": EMPTY})
    return found
