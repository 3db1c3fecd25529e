"""Refuses an upload that is too large before any of it is read.  Keeps nothing."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

REQUEST_MAX: Final = 26 * 1024 * 1024
"""A file of the largest size, and the parts around it."""


class CappedUpload(FileUploadHandler):
    """Stands before the handlers that keep what comes in, and leaves each file to them."""

    def handle_raw_input(self, *args: Any, **_named: Any) -> None:
        """Raise `RequestDataTooBig` for a request that announces too much."""
        _input, _headers, content_length, *_ = args
        if content_length > REQUEST_MAX:
            raise RequestDataTooBig("A request has at most 26 MB.")

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes:
        """Pass every part on."""
        return raw_data

    def file_complete(self, _file_size: int) -> None:
        """Nothing of the file is here."""
