"""How the content of an attachment goes over the wire, to pages and programs alike.

Whatever it is, a browser saves it or shows it as a picture, and runs nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from duolog.people.errors import NotFound
from duolog.workplace.file_names import UNKNOWN_TYPE
from duolog.workplace.files import file_store
from duolog.workplace.models import Attachment

HARMLESS: Final = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"}
)
"""Types that are sent as what they are; whatever else somebody called a file, it is only bytes."""
_GUARDS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


def download(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The content under its name, or 304 where the caller has it; `NotFound` if it is lost."""
    tag = f'"{attachment.sha256}"'
    response = get_conditional_response(request, etag=tag) or _stream(attachment)
    for name, value in {**_GUARDS, "ETag": tag}.items():
        response[name] = value
    return response


def _stream(attachment: Attachment) -> HttpResponseBase:
    try:
        content = file_store().open(attachment.sha256)
    except FileNotFoundError:
        raise NotFound("The content of this file is no longer on the server's disk.") from None
    return FileResponse(
        content,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type if attachment.media_type in HARMLESS else UNKNOWN_TYPE,
    )
