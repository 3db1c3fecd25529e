"""Attachments over REST: upload, metadata, content, thumbnail, deletion (jira.md 6.9)."""

from io import BytesIO
from mimetypes import guess_type
from zipfile import ZipFile, is_zipfile

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.issues import found
from jirasim.http.media import address
from jirasim.http.multipart import files
from jirasim.http.ranges import served
from jirasim.site import attachments
from jirasim.site.errors import Refusal
from jirasim.site.model import Attachment
from jirasim.site.product import on_cloud

TOKENS = frozenset({"no-check", "nocheck"})


def upload(call: Call) -> Answer:
    """POST /issue/{id}/attachments: 200 with what was made; only with X-Atlassian-Token."""
    if call.headers.get("x-atlassian-token", "").lower() not in TOKENS:
        return Answer("XSRF check failed", 403)
    issue = found(call)
    given = files(call.headers.get("content-type", ""), call.raw_body)
    made = attachments.add(call.site, call.user, issue, given)
    return Answer([call.wire.attachment(one) for one in made])


def settings(call: Call) -> Answer:
    """GET /attachment/meta: the limit in bytes."""
    limit = round(call.site.state.settings.upload_limit)
    return Answer({"enabled": True, "uploadLimit": limit})


def get(call: Call) -> Answer:
    """GET the metadata, whose id is a number."""
    attachment = _found(call)
    return Answer({**call.wire.attachment(attachment), "id": int(attachment.id)})


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
    stored = BytesIO(call.site.state.contents[_found(call).id])
    rows = ZipFile(stored).infolist() if is_zipfile(stored) else []
    listed = [
        {
            "entryIndex": place,
            "name": row.filename,
            "size": row.file_size,
            "mediaType": guess_type(row.filename)[0] or attachments.VAGUE,
        }
        for place, row in enumerate(rows)
        if not row.is_dir()
    ]
    return Answer({"entries": listed, "totalEntryCount": len(listed)})


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
    Endpoint("GET", "/attachment/meta", settings),
    Endpoint("GET", "/attachment/content/{attachment_id}", content, on=on_cloud),
    Endpoint("GET", "/attachment/thumbnail/{attachment_id}", thumbnail, on=on_cloud),
    Endpoint("GET", "/attachment/{attachment_id}", get),
    Endpoint("GET", "/attachment/{attachment_id}/expand/raw", entries),
    Endpoint("DELETE", "/attachment/{attachment_id}", delete),
)
