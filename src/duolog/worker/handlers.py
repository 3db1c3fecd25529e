"""What a kind of work means: a table that `app` fills.  Contains no handler itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from duolog.work.queue import Job

Handler = Callable[[Job], None]
"""Does one run.  Its last transaction calls `finish(job)`, and rolls back if that is False.

It may run twice, after a crash, and must then find its own traces.  What it raises says what
happens next: `Retryable` waits, `Disconnected` stops the lane, anything else is a bug of ours.
"""

Handlers = Mapping[str, Handler]
"""Kind of work → the function that does it."""
