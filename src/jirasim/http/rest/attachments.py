"""Attachments over REST: upload, metadata, content, thumbnail, deletion (jira.md 6.9)."""

from io import BytesIO
from mimetypes import guess_type
from zipfile import ZipFile, ZipInfo, is_zipfile

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.media import address
from jirasim.http.multipart import files
from jirasim.http.ranges import served
from jirasim.http.rest.issues import writable
from jirasim.site import attachments
from jirasim.site.errors import Refusal
from jirasim.site.model import Attachment
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json

TOKENS = frozenset({"no-check", "nocheck"})


def upload(call: Call) -> Answer:
    """POST /issue/{id}/attachments: 200 with what was made; only with X-Atlassian-Token."""
    if call.headers.get("x-atlassian-token", "").lower() not in TOKENS:
        return Answer("XSRF check failed", 403)
    issue = writable(call)
    given = files(call.headers.get("content-type", ""), call.raw_body)
    made = attachments.add(call.site, call.user, issue, given)
    return Answer([call.wire.attachment(one) for one in made])


def settings(call: Call) -> Answer:
    """GET /attachment/meta: the limit in bytes."""
    limit = round(call.site.state.settings.upload_limit)
    return Answer({"enabled": True, "uploadLimit": limit})


def get(call: Call) -> Answer:
    """GET the metadata, whose id is a number on Cloud and not told on Server (recorded)."""
    attachment = _found(call)
    body = call.wire.attachment(attachment)
    if call.product.cloud:
        return Answer({**body, "id": int(attachment.id)})
    return Answer({**{key: one for key, one in body.items() if key != "id"}, "properties": {}})


def content(call: Call) -> Answer:
    """GET the file: 303 to a signed address, or the bytes with `redirect=false`."""
    return _file(call, _found(call))


def thumbnail(call: Call) -> Answer:
    """GET the picture, unscaled; 404 for a file that is none."""
    attachment = _found(call)
    if not attachment.is_picture:
        raise Refusal(404, "There is no thumbnail of this attachment.")
    return _file(call, attachment)


def entries(call: Call) -> Answer:
    """GET …/expand/raw: what is in a ZIP archive; nothing for a file that is none."""
    listed: list[Json] = [
        {
            "entryIndex": place,
            "name": row.filename,
            "size": row.file_size,
            "mediaType": _kind(row),
        }
        for place, row in _packed(call, _found(call))
    ]
    return Answer({"entries": listed, "totalEntryCount": len(listed)})


def readable_entries(call: Call) -> Answer:
    """GET …/expand/human: the same for people, with the archive itself."""
    attachment = _found(call)
    listed: list[Json] = [
        {
            "index": place,
            "path": row.filename,
            "label": row.filename.rpartition("/")[2],
            "size": _size(row.file_size),
            "mediaType": _kind(row),
        }
        for place, row in _packed(call, attachment)
    ]
    return Answer(
        {
            "id": int(attachment.id),
            "name": attachment.filename,
            "entries": listed,
            "totalEntryCount": len(listed),
            "mediaType": attachment.mime_type,
        }
    )


def _packed(call: Call, attachment: Attachment) -> list[tuple[int, ZipInfo]]:
    stored = BytesIO(call.site.state.contents[attachment.id])
    rows = ZipFile(stored).infolist() if is_zipfile(stored) else []
    return [(place, row) for place, row in enumerate(rows) if not row.is_dir()]


def _kind(row: ZipInfo) -> str:
    return guess_type(row.filename)[0] or attachments.VAGUE


def _size(size: int) -> str:
    return f"{size} B" if size < 1024 else f"{size / 1024:.1f} kB"


def delete(call: Call) -> Answer:
    """DELETE one."""
    attachments.remove(call.site, call.user, call.params["attachment_id"])
    return NO_CONTENT


def _file(call: Call, attachment: Attachment) -> Answer:
    if call.flag("redirect", default=True):
        return Answer(status=303, headers={"Location": address(call.site, attachment)})
    return served(attachment, call.site.state.contents[attachment.id], call.headers)


def _found(call: Call) -> Attachment:
    return attachments.find(call.site, call.caller, call.params["attachment_id"])[1]


ENDPOINTS = (
    Endpoint("POST", "/issue/{id}/attachments", upload, consumes="multipart/form-data"),
    Endpoint("GET", "/attachment/meta", settings, anonymous=True),
    Endpoint("GET", "/attachment/content/{attachment_id}", content, anonymous=True, on=on_cloud),
    Endpoint(
        "GET", "/attachment/thumbnail/{attachment_id}", thumbnail, anonymous=True, on=on_cloud
    ),
    Endpoint("GET", "/attachment/{attachment_id}", get, anonymous=True),
    Endpoint("GET", "/attachment/{attachment_id}/expand/raw", entries, anonymous=True),
    Endpoint("GET", "/attachment/{attachment_id}/expand/human", readable_entries, anonymous=True),
    Endpoint("DELETE", "/attachment/{attachment_id}", delete),
)
