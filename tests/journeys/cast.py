"""Who is in the site that the journeys visit, and what they work on."""

from __future__ import annotations

from typing import Final

PASSWORD: Final = "correct-horse-9"
EMAIL: Final = "maya@fernhill.test"
OTHER_EMAIL: Final = "dario@fernhill.test"
TITLES: Final = (
    "Retry webhook deliveries that arrive while the worker restarts",
    "Rotate signing keys without dropping in-flight requests",
    "Move invoice PDFs to object storage",
    "Rate-limit budget per connection instead of per worker",
    "Idempotency keys for comment create calls",
    "Backfill worklogs older than 90 days in monthly slices",
    "Show which field caused a conflict in the inbox row",
    "Drop the legacy epic link field on Cloud sites",
)
DESCRIPTION: Final = """Invoice PDFs live on the app server's volume.

### Steps

1. Write both places behind `INVOICE_STORE=dual`
2. Backfill *oldest* first

| Region | Files |
| --- | --- |
| eu-north | 412,009 |

See [Panel: rollback](jira:panel/ab12cd) and <https://example.com>.
"""
WAYS: Final = ("oauth", "token", "scoped", "pat", "basic", "personal", "again", "looks")
"""Each has a workplace of this name, and an owner."""


def owner_of(way: str) -> str:
    """The e-mail address of the owner of a way's workplace."""
    return f"{way}@fernhill.test"
