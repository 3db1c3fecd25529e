"""Refuses an upload that is too large before any of it is read."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest

REQUEST_MAX: Final = 26 * 1024 * 1024
"""A file of the largest size, and the parts around it."""


class CappedUpload(TemporaryFileUploadHandler):
    """Keeps large files on the disk while they come in, unless the request announces too much."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        announced = request.META.get("CONTENT_LENGTH", "") if request else ""
        if announced.isdecimal() and int(announced) > REQUEST_MAX:
            raise RequestDataTooBig(f"A request has at most {REQUEST_MAX} bytes.")
