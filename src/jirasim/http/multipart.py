"""Files out of a multipart/form-data body, byte for byte.  Stores nothing."""

import re
from email import message_from_string
from email.policy import HTTP

from jirasim.site.attachments import Upload
from jirasim.site.errors import Refusal

FILE = "file"
NOT_MULTIPART = "The request must be multipart/form-data."
BROKEN = "The multipart body is broken."
UNKNOWN_TYPE = "application/octet-stream"
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


def files(content_type: str, body: bytes) -> list[Upload]:
    """The parts named `file`.  Raises Refusal 415 for another kind of body, 400 for a broken one."""
    head = message_from_string(f"Content-Type: {content_type}\r\n\r\n", policy=HTTP)
    boundary = head.get_boundary()
    if head.get_content_type() != "multipart/form-data" or boundary is None:
        raise Refusal(415, NOT_MULTIPART)
    _, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if not parts or not parts[-1].startswith(b"--"):
        raise Refusal(400, BROKEN)
    found = (_part(one) for one in parts[:-1])
    return [one for one in found if one is not None]


def _part(raw: bytes) -> Upload | None:
    head, blank, content = raw.partition(b"\r\n\r\n")
    if not blank:
        raise Refusal(400, BROKEN)
    message = message_from_string(head.decode("utf-8", "replace").lstrip(), policy=HTTP)
    if message.get_param("name", header="content-disposition") != FILE:
        return None
    said = message.get_content_type() if "content-type" in message else ""
    kind = said if MEDIA_TYPE.fullmatch(said) else UNKNOWN_TYPE
    return Upload(message.get_filename() or FILE, kind, content)
