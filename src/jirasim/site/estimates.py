"""Original and remaining estimates: setting them, and what logged work does to them (jira.md 5.4).

Every estimate is in seconds; None: nobody estimated.
"""

from collections.abc import Mapping

from jirasim.site import durations
from jirasim.site.durations import Measure
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue

NEW_ESTIMATE = "You must supply a valid new estimate."
ADJUSTMENT = "You must supply a valid amount of time to adjust the estimate by."
UNKNOWN = "The value '{}' is not one of the ways to adjust the estimate: {}."
Query = Mapping[str, str]


def adjusted(
    measure: Measure, issue: Issue, query: Query, *, less: int, ways: Mapping[str, str]
) -> int | None:
    """The remaining estimate after work on the issue.

    `less` is by how much *auto* lowers it (below zero: raises it).  `ways` maps each
    `adjustEstimate` that is allowed to the parameter that it needs, or to nothing.
    """
    way = query.get("adjustEstimate") or "auto"
    if way not in ways:
        raise Refusal(400, UNKNOWN.format(way, ", ".join(ways)))
    match way:
        case "new":
            return _amount(measure, query, ways[way], NEW_ESTIMATE)
        case "leave":
            return issue.remaining_estimate
        case "manual":
            amount = _amount(measure, query, ways[way], ADJUSTMENT)
            return lowered(issue, amount if ways[way] == "reduceBy" else -amount)
        case _:
            return lowered(issue, less)


def lowered(issue: Issue, seconds: int) -> int:
    """The remaining estimate without these seconds, never below nothing."""
    return max((issue.remaining_estimate or 0) - seconds, 0)


def _amount(measure: Measure, query: Query, name: str, complaint: str) -> int:
    found = durations.read(query.get(name) or "", measure)
    if found is None:
        raise Refusal(400, fields={name: complaint})
    return found
