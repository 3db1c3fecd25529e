"""Files at issues: who may add and delete them, how large, and what the issue tells (jira.md 6.9)."""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jirasim.site.errors import Refusal
from jirasim.site.events import ATTACHMENT_CREATED, ATTACHMENT_DELETED, Event
from jirasim.site.model import Attachment, ChangeItem, Issue, User
from jirasim.site.permissions import may, may_see
from jirasim.site.recording import record
from jirasim.site.state import Site

MOST_FILES = 60
MOST_ATTACHMENTS = 2000
VAGUE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived."""

    filename: str
    mime_type: str
    content: bytes


def find(site: Site, user: User | None, attachment_id: str) -> tuple[Issue, Attachment]:
    """An attachment and its issue.  Raises Refusal 404 when absent or hidden."""
    issue = site.state.issues.get(site.state.attachment_homes.get(attachment_id, ""))
    if issue is None or not may_see(site, user, issue):
        raise Refusal(404, f"The attachment with id '{attachment_id}' does not exist.")
    return issue, next(one for one in issue.attachments if one.id == attachment_id)


def add(site: Site, actor: User, issue: Issue, files: Sequence[Upload]) -> tuple[Attachment, ...]:
    """Keep the files, all or none.  The same name may come again: the id tells them apart."""
    if not may(actor, "CREATE_ATTACHMENTS", site.state.projects[issue.project_id], issue):
        raise Refusal(403, "You do not have permission to create attachments for this issue.")
    _check(site, issue, files)
    made = tuple(_kept(site, actor, issue, one) for one in files)
    after = replace(issue, attachments=(*issue.attachments, *made))
    items = (_item(None, one) for one in made)
    after = record(site, actor, after, items, "issue_updated")
    for one in made:
        event = Event(ATTACHMENT_CREATED, one.created, actor.account_id, after, attachment=one)
        site.publish(event)
    return made


def remove(site: Site, actor: User, attachment_id: str) -> None:
    """Delete one."""
    issue, gone = find(site, actor, attachment_id)
    project = site.state.projects[issue.project_id]
    own = gone.author == actor.account_id and may(actor, "DELETE_OWN_ATTACHMENTS", project)
    if not own and not may(actor, "DELETE_ALL_ATTACHMENTS", project):
        raise Refusal(403, "You do not have permission to delete this attachment.")
    _forget(site, gone)
    left = tuple(one for one in issue.attachments if one.id != gone.id)
    after = replace(issue, attachments=left)
    after = record(site, actor, after, [_item(gone, None)], "issue_updated")
    site.publish(Event(ATTACHMENT_DELETED, site.now(), actor.account_id, after, attachment=gone))


def forget_all(site: Site, actor: str, issue: Issue) -> None:
    """The files of an issue that was deleted go with it, each with an event of its own."""
    for gone in issue.attachments:
        _forget(site, gone)
        event = Event(ATTACHMENT_DELETED, site.now(), actor, issue, attachment=gone, cascade=True)
        site.publish(event)


def _check(site: Site, issue: Issue, files: Sequence[Upload]) -> None:
    if not files:
        raise Refusal(400, "There is no part named 'file' in the request.")
    if len(files) > MOST_FILES:
        raise Refusal(413, f"No more than {MOST_FILES} files can be uploaded at once.")
    limit = site.state.settings.upload_limit
    if any(len(one.content) > limit for one in files):
        status = 413 if site.product.cloud else 404
        raise Refusal(status, f"The file exceeds its maximum permitted size of {limit} bytes.")
    if len(issue.attachments) + len(files) > MOST_ATTACHMENTS:
        raise Refusal(413, f"The issue has reached its limit of {MOST_ATTACHMENTS} attachments.")


def _kept(site: Site, actor: User, issue: Issue, file: Upload) -> Attachment:
    guessed = mimetypes.guess_type(file.filename)[0] or VAGUE
    attachment = Attachment(
        id=site.next_id("attachment"),
        issue_id=issue.id,
        filename=file.filename,
        author=actor.account_id,
        created=site.now(),
        size=len(file.content),
        mime_type=guessed if file.mime_type == VAGUE else file.mime_type,
    )
    site.state.attachment_homes[attachment.id] = issue.id
    site.state.contents[attachment.id] = file.content
    return attachment


def _forget(site: Site, gone: Attachment) -> None:
    del site.state.attachment_homes[gone.id]
    del site.state.contents[gone.id]


def _item(before: Attachment | None, after: Attachment | None) -> ChangeItem:
    old = (None, None) if before is None else (before.id, before.filename)
    new = (None, None) if after is None else (after.id, after.filename)
    return ChangeItem("Attachment", "attachment", *old, *new)
