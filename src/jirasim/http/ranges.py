"""Bytes as an answer, whole or the range that was asked for (RFC 9110, section 14)."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from jirasim.http.endpoint import Answer
from jirasim.site.errors import Refusal
from jirasim.site.model import Attachment

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def served(attachment: Attachment, content: bytes, request: Mapping[str, str]) -> Answer:
    """200 with everything, or 206 with one range.  Raises Refusal 400 for no range at all."""
    headers = {
        "Content-Type": attachment.mime_type,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(attachment.filename)}",
    }
    asked = request.get("range")
    if asked is None:
        return Answer(content, 200, headers)
    bounds = _bounds(asked, len(content))
    if bounds is None:
        return Answer(b"", 416, {"Content-Range": f"bytes */{len(content)}"})
    first, last = bounds
    place = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
    return Answer(content[first : last + 1], 206, headers | place)


def _bounds(asked: str, size: int) -> tuple[int, int] | None:
    """The first and last byte; None when there is no such byte."""
    found = RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        raise Refusal(400, "The range in the Range header is malformed.")
    start, end = found.groups()
    if not start:
        first, last = max(size - int(end), 0), size - 1
    else:
        first, last = int(start), min(int(end), size - 1) if end else size - 1
    return (first, last) if first <= last else None
