"""When each issue was written to, and the most that it had to take at once."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOWS = (timedelta(seconds=2), timedelta(seconds=30))


@dataclass(slots=True)
class Written:
    """The recent writes of one issue, and the greatest number in any window so far."""

    key: str
    moments: deque[datetime] = field(default_factory=deque)
    most: list[int] = field(default_factory=lambda: [0 for _ in WINDOWS])


class Writes:
    """All issues, by id.  A window is open at its beginning: what is as old as it is outside."""

    def __init__(self) -> None:
        self._issues: dict[str, Written] = {}

    def add(self, issue_id: str, key: str, now: datetime) -> None:
        """Count one write."""
        one = self._issues.setdefault(issue_id, Written(key))
        one.moments.append(now)
        while one.moments[0] <= now - WINDOWS[-1]:
            one.moments.popleft()
        for place, window in enumerate(WINDOWS):
            one.most[place] = max(one.most[place], self.within(issue_id, now, window))

    def within(self, issue_id: str, now: datetime, window: timedelta) -> int:
        """How many writes lie in the window that ends now."""
        one = self._issues.get(issue_id)
        return 0 if one is None else sum(moment > now - window for moment in one.moments)

    def wait(self, issue_id: str, now: datetime, *, limit: int, window: timedelta) -> float:
        """Seconds until one more write is within the limit; 0 when it is now."""
        one = self._issues.get(issue_id)
        recent = [] if one is None else [at for at in one.moments if at > now - window]
        if len(recent) < limit:
            return 0.0
        freed = recent[len(recent) - limit] if limit else recent[-1]
        return (freed + window - now).total_seconds()

    def most(self) -> dict[str, tuple[int, ...]]:
        """By key, the greatest number of writes in any two, and in any thirty seconds."""
        return {one.key: tuple(one.most) for one in self._issues.values()}
