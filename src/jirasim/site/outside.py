"""What ties an issue to the world outside Jira, as frozen values.  No rules."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemoteLink:
    """A tie from an issue to something outside (jira.md 6.8).

    `item` and `application` are as they were sent; a link may be known by its `global_id`.
    """

    id: str
    title: str
    url: str
    item: Mapping[str, object]
    application: Mapping[str, object]
    global_id: str | None = None
    relationship: str | None = None
