"""The seed: the same number gives the same site, plausible and quickly made."""

from dataclasses import replace
from datetime import UTC, datetime

from jirasim.clock import VirtualClock
from jirasim.seed import make_state
from jirasim.site.model import Issue
from jirasim.site.state import Site

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_the_same_number_gives_the_same_site() -> None:
    one, same, other = (make_state(seed=n, issues=60, now=NOW) for n in (3, 3, 4))
    assert one == same
    assert one.tokens.keys().isdisjoint(other.tokens)
    assert one.issues != other.issues


def test_more_issues_change_no_token() -> None:
    few, many = (make_state(seed=3, issues=count, now=NOW) for count in (0, 60))
    assert few.tokens == many.tokens
    assert few.cloud_id == many.cloud_id


def test_a_thousand_issues_are_consistent() -> None:
    state = make_state(seed=5, issues=1000, now=NOW)
    site = Site(state, VirtualClock())
    assert [one.key for one in state.issues.values()][-1] == "FHP-1000"
    assert all(consistent(site, one) for one in state.issues.values())
    assert {state.issue_types[one.type_id].name for one in state.issues.values()} == {
        "Epic",
        "Story",
        "Task",
        "Bug",
        "Sub-task",
    }


def consistent(site: Site, issue: Issue) -> bool:
    """Dates in order, parents one level up, resolved exactly when done."""
    types = site.state.issue_types
    parent = site.state.issues.get(issue.parent_id or "")
    level = types[issue.type_id].hierarchy_level
    fits = level >= 0 if parent is None else types[parent.type_id].hierarchy_level == level + 1
    done = site.state.statuses[issue.status_id].category.key == "done"
    ordered = issue.created <= issue.status_changed <= issue.updated < NOW
    return fits and ordered and done == (issue.resolution_id is not None)


def test_an_inconsistent_issue_would_be_seen() -> None:
    state = make_state(seed=5, issues=10, now=NOW)
    site = Site(state, VirtualClock())
    sound = next(iter(state.issues.values()))
    assert not consistent(site, replace(sound, updated=sound.created.replace(year=2020)))
