"""How much a site lets itself be asked (jira.md 3.2, 3.3).  Numbers, and the bucket they fill."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

OFF, CLOUD, STRICT = "off", "cloud", "strict"
SPECIAL = {
    "GET /issue/{id}": 150.0,
    "GET /issue/{id}/changelog": 200.0,
    "POST /search/approximate-count": 150.0,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits of both products; a product looks at its own.

    Cloud: `get` to `delete` are requests per second of one endpoint, `special` those of some; an
    issue takes `writes_2s` writes in two seconds and `writes_30s` in thirty; an OAuth app has
    `points_per_hour`.  Server: each account has `bucket` requests, and gets `fill` more per
    `interval_seconds`; those who are `blocked` have none.  `says_retry_after` False leaves that
    header out, as the gateway of Cloud was seen to do.
    """

    mode: str = OFF
    get: float = 100
    post: float = 100
    put: float = 50
    delete: float = 50
    special: Mapping[str, float] = field(default_factory=lambda: SPECIAL)
    writes_2s: int = 20
    writes_30s: int = 100
    points_per_hour: int = 65_000
    bucket: int = 70
    fill: int = 5
    interval_seconds: int = 1
    blocked: tuple[str, ...] = ()
    says_retry_after: bool = True

    def per_second(self, method: str, path: str) -> float:
        """How often one endpoint of Cloud may be called."""
        usual = {"POST": self.post, "PUT": self.put, "DELETE": self.delete}
        return self.special.get(f"{method} {path}", usual.get(method, self.get))


PRESETS: Mapping[str, Limits] = {
    OFF: Limits(),
    CLOUD: Limits(CLOUD),
    STRICT: Limits(
        STRICT,
        get=5,
        post=5,
        put=3,
        delete=3,
        special={},
        writes_2s=4,
        writes_30s=10,
        points_per_hour=200,
        bucket=10,
        fill=1,
    ),
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tokens that come back with time."""

    tokens: float
    at: datetime

    def filled(self, now: datetime, *, rate: float, size: float) -> "Bucket":
        """What is in it by now."""
        gained = max((now - self.at).total_seconds(), 0) * rate
        return Bucket(min(self.tokens + gained, size), now)

    def less_one(self) -> "Bucket":
        """With one token taken out."""
        return Bucket(self.tokens - 1, self.at)
