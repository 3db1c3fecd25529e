"""How many requests may wait for Jira at once, so that the others are still answered.

Knows nothing of Jira or HTTP: whoever answers a request and asks Jira within it passes here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PLACES: Final = 3
PATIENCE_SECONDS: Final = 5.0
RETRY_AFTER_SECONDS: Final = 5


class GateFull(Exception):
    """No place became free in time.  Nothing was asked; the message is for people."""

    retry_after_seconds: Final = RETRY_AFTER_SECONDS

    def __init__(self) -> None:
        super().__init__(
            "Several requests are waiting for Jira already. Nothing was changed; "
            f"try again in {RETRY_AFTER_SECONDS} seconds."
        )


class Gate:
    """Lets so many through at once; whoever waits longer than the patience is turned away."""

    def __init__(self, places: int = PLACES, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._free = threading.BoundedSemaphore(places)
        self._patience_seconds = patience_seconds

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Hold one place for the block.  Raises GateFull."""
        if not self._free.acquire(timeout=self._patience_seconds):
            raise GateFull
        try:
            yield
        finally:
            self._free.release()

    @contextmanager
    def passed_at_once(self) -> Iterator[bool]:
        """Hold a place for the block if one is free now, and say so.  Never waits."""
        is_through = self._free.acquire(blocking=False)
        try:
            yield is_through
        finally:
            if is_through:
                self._free.release()


GATE: Final = Gate()
"""The one gate of this process."""
