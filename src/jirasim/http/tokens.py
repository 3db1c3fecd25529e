"""Page tokens: opaque, bound to one query, good for seven days (jira.md 4.1)."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from jirasim.site.errors import Refusal

LIFETIME = timedelta(days=7)
INVALID = "The provided next page token is invalid or has expired."


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader of one query has come: rows read, and the last of them."""

    about: str
    offset: int = 0
    last: str = ""

    def write(self, *, now: datetime) -> str:
        """As a token."""
        lapses = (now + LIFETIME).timestamp()
        text = json.dumps([self.about, self.offset, self.last, lapses])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, token: object, *, about: str, now: datetime) -> "Cursor":
        """From a token of the same query.  Raises Refusal 400 for any other."""
        text = str(token)
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            found, offset, last, lapses = json.loads(raw)
        except (ValueError, binascii.Error, TypeError, RecursionError):
            raise Refusal(400, INVALID) from None
        if found != about or lapses < now.timestamp():
            raise Refusal(400, INVALID)
        return cls(about, int(offset), str(last))
