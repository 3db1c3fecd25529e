"""The signature of a webhook body.  One pure function."""

from __future__ import annotations

import hashlib
import hmac


def signature(secret: str, body: bytes) -> str:
    """The value of `X-Hub-Signature`: WebSub's `method=hexdigest` over exactly these bytes."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
