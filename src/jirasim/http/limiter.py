"""Says 429, in the words of the product, and keeps count of what was asked (jira.md 3.2, 3.3).

Everything is on the simulator's clock.  To be used under the site's lock.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from jirasim.http.answer import Answer
from jirasim.http.points import points
from jirasim.http.touched import made, touched
from jirasim.http.writes import WINDOWS, Writes
from jirasim.site.limits import OFF, Bucket

if TYPE_CHECKING:
    from jirasim.http.gate import Arrival
    from jirasim.site.state import Site

BURST: Final = "jira-burst-based"
ON_WRITE: Final = "jira-per-issue-on-write"
QUOTA: Final = "jira-quota-global-based"
FOREVER: Final = 9223372036854775807
NEAR: Final = 0.2
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Spent:
    """The points that an app spent in the hour that began then."""

    since: datetime
    points: int = 0


class Limiter:
    """The counters of one running simulator."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._buckets: dict[str, Bucket] = {}
        self._spent: dict[str, Spent] = {}
        self.writes = Writes()
        self.rejected: Counter[str] = Counter()

    def refusal(self, arrival: Arrival) -> Answer | None:
        """429 where the request is one too many; else it counts."""
        if self._site.state.limits.mode != OFF:
            check = self._cloud if self._site.product.cloud else self._server
            refused = check(arrival)
            if refused is not None:
                return refused
        for issue_id in touched(self._site, arrival):
            self._write(issue_id)
        return None

    def settle(self, arrival: Arrival, answer: Answer) -> Mapping[str, str]:
        """Count what only the answer tells; the headers that go with it."""
        for issue_id in made(arrival, answer):
            self._write(issue_id)
        if self._site.state.limits.mode == OFF:
            return {}
        if not self._site.product.cloud:
            return self._server_headers(arrival)
        near = self._near_writes(arrival)
        if not arrival.caller.app:
            return near
        spent = self._spending(arrival.caller.app)
        total = Spent(spent.since, spent.points + points(arrival, answer))
        self._spent[arrival.caller.app] = total
        return {**near, **self._quota_headers(total)}

    def reset(self) -> None:
        """Begin at nothing again."""
        self._buckets.clear()
        self._spent.clear()
        self.writes = Writes()
        self.rejected.clear()

    def _write(self, issue_id: str) -> None:
        issue = self._site.state.issues.get(issue_id)
        if issue is not None:
            self.writes.add(issue_id, issue.key, self._site.now())

    def _cloud(self, arrival: Arrival) -> Answer | None:
        return self._burst(arrival) or self._per_issue(arrival) or self._quota(arrival)

    def _burst(self, arrival: Arrival) -> Answer | None:
        """One bucket per endpoint and method, for everybody together; it holds one second's."""
        method, path = arrival.endpoint.method, arrival.endpoint.path
        rate = self._site.state.limits.per_second(method, path)
        if self._take(f"{method} {path}", rate=rate, size=max(rate, 1)):
            return None
        left = self._buckets[f"{method} {path}"].tokens
        wait = (1 - left) / rate if rate else 3600.0
        return self._too_many(BURST, limit=round(rate), wait=wait)

    def _per_issue(self, arrival: Arrival) -> Answer | None:
        for issue_id in touched(self._site, arrival):
            for limit, window in self._write_limits():
                wait = self.writes.wait(issue_id, self._site.now(), limit=limit, window=window)
                if wait > 0:
                    return self._too_many(ON_WRITE, limit=limit, wait=wait)
        return None

    def _write_limits(self) -> tuple[tuple[int, timedelta], ...]:
        limits = self._site.state.limits
        return tuple(zip((limits.writes_2s, limits.writes_30s), WINDOWS, strict=True))

    def _near_writes(self, arrival: Arrival) -> Mapping[str, str]:
        now = self._site.now()
        for issue_id in touched(self._site, arrival):
            for limit, window in self._write_limits():
                left = limit - self.writes.within(issue_id, now, window)
                if left < limit * NEAR:
                    return {"X-RateLimit-NearLimit": "true"}
        return {}

    def _quota(self, arrival: Arrival) -> Answer | None:
        """Points are for OAuth apps; tokens of people are exempt."""
        if not arrival.caller.app:
            return None
        spent, limit = (
            self._spending(arrival.caller.app),
            self._site.state.limits.points_per_hour,
        )
        if spent.points < limit:
            return None
        wait = (spent.since + HOUR - self._site.now()).total_seconds()
        refused = self._too_many(QUOTA, limit=limit, wait=wait)
        return Answer(
            refused.body, refused.status, {**refused.headers, **self._quota_headers(spent)}
        )

    def _spending(self, app: str) -> Spent:
        hour = self._site.now().replace(minute=0, second=0, microsecond=0)
        found = self._spent.get(app, Spent(hour))
        return found if found.since == hour else Spent(hour)

    def _quota_headers(self, spent: Spent) -> dict[str, str]:
        limit = self._site.state.limits.points_per_hour
        left = max(limit - spent.points, 0)
        said = {"RateLimit-Policy": f'"global-app-quota";q={limit};w=3600'}
        if left >= limit * NEAR:
            return said
        ends = math.ceil((spent.since + HOUR - self._site.now()).total_seconds())
        near = f'"global-app-quota";r={left};t={ends}'
        return {**said, "RateLimit": near, "X-RateLimit-NearLimit": "true"}

    def _too_many(self, reason: str, *, limit: int, wait: float) -> Answer:
        self.rejected[reason] += 1
        seconds = max(math.ceil(wait), 1)
        again = self._site.now() + timedelta(seconds=seconds)
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": f"{again:%Y-%m-%dT%H:%M:%SZ}",
            "RateLimit-Reason": reason,
        }
        if self._site.state.limits.says_retry_after:
            headers["Retry-After"] = str(seconds)
        body = {"errorMessages": ["Rate limit exceeded."], "errors": {}}
        return Answer(body, 429, headers)

    def _server(self, arrival: Arrival) -> Answer | None:
        """One bucket per account; nobody is not limited."""
        user, limits = arrival.caller.user, self._site.state.limits
        if user is None:
            return None
        free = user.account_id not in limits.blocked
        rate = limits.fill / limits.interval_seconds
        if free and self._take(user.account_id, rate=rate, size=limits.bucket):
            return None
        self.rejected["blocked" if not free else "bucket"] += 1
        body = {"message": "Rate limit exceeded.", "status-code": 429}
        return Answer(body, 429, self._server_headers(arrival))

    def _server_headers(self, arrival: Arrival) -> dict[str, str]:
        user, limits = arrival.caller.user, self._site.state.limits
        if user is None:
            return {}
        blocked = user.account_id in limits.blocked
        bucket = self._buckets.get(user.account_id)
        left = 0.0 if bucket is None or blocked else bucket.tokens
        wait = math.ceil((1 - left) * limits.interval_seconds / limits.fill) if left < 1 else 0
        return {
            "X-RateLimit-Limit": str(0 if blocked else limits.bucket),
            "X-RateLimit-Remaining": str(math.floor(left)),
            "X-RateLimit-Interval-Seconds": str(limits.interval_seconds),
            "X-RateLimit-FillRate": str(0 if blocked else limits.fill),
            "Retry-After": str(FOREVER if blocked else wait),
        }

    def _take(self, name: str, *, rate: float, size: float) -> bool:
        now = self._site.now()
        bucket = self._buckets.get(name, Bucket(size, now)).filled(now, rate=rate, size=size)
        enough = bucket.tokens >= 1
        self._buckets[name] = bucket.less_one() if enough else bucket
        return enough
