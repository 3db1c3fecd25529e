"""Which issues a request writes to.  Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from jirasim.http.answer import Answer
from jirasim.http.body import parsed

if TYPE_CHECKING:
    from jirasim.http.gate import Arrival
    from jirasim.site.state import Site

AT_ISSUE: Final = re.compile(r"/issue/\{(\w+)\}(?!.*/list$)")
AT_CHILD: Final = re.compile(r"/(comment|attachment|issueLink)/\{(\w+)\}")
WRITES: Final = frozenset({"POST", "PUT", "DELETE"})


def touched(site: Site, arrival: Arrival) -> tuple[str, ...]:
    """The ids of the issues that the request would change, as far as it names them."""
    if arrival.endpoint.method not in WRITES:
        return ()
    found = (site.find_issue(name) for name in _named(site, arrival))
    return tuple(dict.fromkeys(one.id for one in found if one is not None))


def made(arrival: Arrival, answer: Answer) -> tuple[str, ...]:
    """The ids of the issues that the request created."""
    body, path = answer.body, arrival.endpoint.path
    if arrival.endpoint.method != "POST" or answer.status != 201 or not isinstance(body, Mapping):
        return ()
    rows: Iterable[object] = ()
    if path == "/issue":
        rows = [body]
    elif path == "/issue/bulk":
        rows = body.get("issues", ())
    return tuple(str(one["id"]) for one in rows if isinstance(one, Mapping))


def _named(site: Site, arrival: Arrival) -> Iterable[str]:
    path, params = arrival.endpoint.path, arrival.params
    if issue := AT_ISSUE.match(path):
        return [str(params[issue[1]])]
    if path == "/issueLink":
        return _ends(arrival.body)
    child = AT_CHILD.match(path)
    if child is None:
        return ()
    number, state = str(params[child[2]]), site.state
    if child[1] == "issueLink":
        link = state.links.get(number)
        return () if link is None else (link.source, link.target)
    homes = state.comment_homes if child[1] == "comment" else state.attachment_homes
    return (homes.get(number, ""),)


def _ends(raw: bytes) -> Iterable[str]:
    try:
        body = parsed(raw)
    except ValueError:
        return
    for name in ("inwardIssue", "outwardIssue"):
        end = body.get(name) if isinstance(body, dict) else None
        if isinstance(end, dict):
            yield str(end.get("key") or end.get("id") or "")
