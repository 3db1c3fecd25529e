"""What an app for one-time codes shows (RFC 6238): six digits of thirty seconds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time


def code_of(secret: str, *, windows_ahead: int = 0) -> str:
    """The code of the present thirty seconds, or of later ones."""
    counter = int(time.time()) // 30 + windows_ahead
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
