"""One caller's view of the site as JSON: version 2 with wiki text, version 3 with ADF."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import cast
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

from jirasim.site import durations
from jirasim.site.fields import Field
from jirasim.site.model import (
    Attachment,
    ChangeItem,
    Comment,
    History,
    IssueLink,
    LinkType,
    RichText,
    User,
    Visibility,
    Worklog,
)
from jirasim.site.state import Site
from jirasim.text import as_wiki
from jirasim.wire.entities import Entities, Json, Shared
from jirasim.wire.sheet import Sheet
from jirasim.wire.stamps import stamp

USER_FIELDS = frozenset({"assignee", "reporter"})


@dataclass(frozen=True, slots=True)
class Wire:
    """Writes for one viewer, in one version of the API.

    Remembers small objects that it wrote, and which fields words such as `*all` mean: for one
    answer, in which many issues repeat them.
    """

    site: Site
    version: int
    viewer: User | None
    base_url: str = ""
    api: str = field(init=False)
    entities: Entities = field(init=False)
    zone: tzinfo = field(init=False)
    sheets: dict[tuple[str, ...], Sheet] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        base = self.base_url or self.site.base_url
        api = f"{base}/rest/api/{self.version}"
        viewer = self.viewer.account_id if self.viewer is not None else None
        entities = Entities(base, api, viewer, self.site.product.cloud)
        object.__setattr__(self, "api", api)
        object.__setattr__(self, "entities", entities)
        object.__setattr__(self, "zone", ZoneInfo(self.site.state.time_zone))

    def stamp(self, moment: datetime) -> str:
        """An instant in the site's zone, whatever the caller's is (jira.md 4.5)."""
        return stamp(moment, self.zone)

    def rich(self, document: object) -> object:
        """Rich text in the form of this version; None when empty."""
        if document is None or self.version >= 3:
            return document
        return as_wiki(cast("RichText", document))

    def user(self, account_id: str | None) -> Shared | None:
        """A user inside another object."""
        return None if account_id is None else self.entities.user(self.site.state.users[account_id])

    def status(self, status_id: str) -> Shared:
        """A status inside another object."""
        return self.entities.status(self.site.state.statuses[status_id])

    def comment(self, comment: Comment, *, with_properties: bool = False) -> Json:
        """A comment, as the embedded list and the comment resource give it."""
        body: Json = {
            "self": f"{self.api}/issue/{comment.issue_id}/comment/{comment.id}",
            "id": comment.id,
            "author": self.user(comment.author),
            "body": self.rich(comment.body),
            "updateAuthor": self.user(comment.update_author),
            "created": self.stamp(comment.created),
            "updated": self.stamp(comment.updated),
        }
        if self.site.product.cloud:
            body["jsdPublic"] = comment.jsd_public
        body |= self.visibility(comment.visibility)
        if with_properties:
            body["properties"] = properties_list(comment.properties)
        return body

    def worklog(self, worklog: Worklog, *, with_properties: bool = False) -> Json:
        """A worklog; without a comment the key is missing, as recorded (jira.md 5.1)."""
        body: Json = {
            "self": f"{self.api}/issue/{worklog.issue_id}/worklog/{worklog.id}",
            "author": self.user(worklog.author),
            "updateAuthor": self.user(worklog.update_author),
        }
        if worklog.comment is not None:
            body["comment"] = self.rich(worklog.comment)
        body |= {
            "created": self.stamp(worklog.created),
            "updated": self.stamp(worklog.updated),
            "started": self.stamp(worklog.started),
            "timeSpent": durations.written(worklog.seconds, self.site.state.measure),
            "timeSpentSeconds": worklog.seconds,
            "id": worklog.id,
            "issueId": worklog.issue_id,
        }
        body |= self.visibility(worklog.visibility)
        if with_properties:
            body["properties"] = properties_list(worklog.properties)
        return body

    def visibility(self, shown: Visibility | None) -> Json:
        """To whom something is restricted; nothing where all may see it."""
        if shown is None:
            return {}
        body: Json = {"type": shown.kind, "value": shown.value}
        if self.site.product.cloud:
            body["identifier"] = shown.identifier
        return {"visibility": body}

    def attachment(self, attachment: Attachment) -> Json:
        """A file; pictures have a thumbnail (jira.md 6.9)."""
        place = f"{self.api}/attachment"
        content, thumbnail = self._files(attachment)
        body: Json = {
            "self": f"{place}/{attachment.id}",
            "id": attachment.id,
            "filename": attachment.filename,
            "author": self.user(attachment.author),
            "created": self.stamp(attachment.created),
            "size": attachment.size,
            "mimeType": attachment.mime_type,
            "content": content,
        }
        if attachment.is_picture:
            body["thumbnail"] = thumbnail
        return body

    def _files(self, attachment: Attachment) -> tuple[str, str]:
        """Where the file and its thumbnail are: on Server beside the API, under its name."""
        if self.site.product.cloud:
            place = f"{self.api}/attachment"
            return f"{place}/content/{attachment.id}", f"{place}/thumbnail/{attachment.id}"
        place, name = f"{self.site.base_url}/secure", quote_plus(attachment.filename)
        thumbnail = f"{place}/thumbnail/{attachment.id}/_thumb_{attachment.id}.png"
        return f"{place}/attachment/{attachment.id}/{name}", thumbnail

    def link_type(self, kind: LinkType) -> Json:
        """A type of link, with its words for either direction."""
        return {
            "id": kind.id,
            "name": kind.name,
            "inward": kind.inward,
            "outward": kind.outward,
            "self": f"{self.api}/issueLinkType/{kind.id}",
        }

    def link(self, link: IssueLink) -> Json:
        """A link without its issues."""
        return {
            "id": link.id,
            "self": f"{self.api}/issueLink/{link.id}",
            "type": self.link_type(self.site.state.link_types[link.type_id]),
        }

    def history(self, history: History) -> Json:
        """An entry of the changelog."""
        body: Json = {
            "id": history.id,
            "author": self.user(history.author),
            "created": self.stamp(history.created),
            "items": [self.change(item) for item in history.items],
        }
        return body if history.metadata is None else {**body, "historyMetadata": history.metadata}

    def change(self, item: ChangeItem) -> Json:
        """One item of a changelog entry; accounts are named for user fields."""
        if not self.site.product.cloud:
            return self._server_change(item)
        body: Json = {"field": item.field, "fieldtype": item.fieldtype}
        if item.field_id is not None:
            body["fieldId"] = item.field_id
        body |= {
            "from": item.from_id,
            "fromString": item.from_string,
            "to": item.to_id,
            "toString": item.to_string,
        }
        if item.field_id in USER_FIELDS:
            body |= {"tmpFromAccountId": item.from_id, "tmpToAccountId": item.to_id}
        return body

    def _server_change(self, item: ChangeItem) -> Json:
        """As recorded: no id of the field, people by their key."""
        old, new = item.from_id, item.to_id
        if item.field_id in USER_FIELDS:
            users = self.site.state.users
            old, new = (users[one].key if one in users else one for one in (old, new))
        return {
            "field": item.field,
            "fieldtype": item.fieldtype,
            "from": old,
            "fromString": item.from_string,
            "to": new,
            "toString": item.to_string,
        }


def field_schema(found: Field) -> Json:
    """What kind of value a field holds, in Jira's words; rich text counts as a string."""
    body: Json = {"type": "string" if found.kind == "doc" else found.kind}
    if found.items is not None:
        body["items"] = found.items
    if found.custom is None:
        return {**body, "system": found.id}
    return {**body, "custom": found.custom, "customId": int(found.number)}


def properties_list(properties: Mapping[str, object]) -> list[Json]:
    """Entity properties as a list of key and value."""
    return [{"key": key, "value": value} for key, value in properties.items()]
