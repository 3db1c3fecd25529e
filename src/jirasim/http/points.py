"""What a request of an OAuth app costs: one, and one for each object that it reads (jira.md 3.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from jirasim.http.answer import Answer

if TYPE_CHECKING:
    from jirasim.http.gate import Arrival

LISTS: Final = ("issues", "values", "comments", "worklogs", "histories", "transitions", "users")
PEOPLE: Final = re.compile(r"/(user|users|group|groups|myself|mypermissions|permissions)\b")
READING_POSTS: Final = re.compile(r"/search|/issue/bulkfetch|/(comment|worklog)/list")


def points(arrival: Arrival, answer: Answer) -> int:
    """Writes cost 1; people, groups and permissions cost 2 each, everything else 1 each."""
    path = arrival.endpoint.path
    reading = arrival.endpoint.method == "GET" or READING_POSTS.match(path) is not None
    if not reading or answer.status >= 400:
        return 1
    return 1 + _objects(answer.body) * (2 if PEOPLE.match(path) else 1)


def _objects(body: object) -> int:
    if isinstance(body, list):
        return len(body)
    if not isinstance(body, Mapping):
        return 1
    lists = [body[name] for name in LISTS if isinstance(body.get(name), list)]
    return len(lists[0]) if lists else 1
