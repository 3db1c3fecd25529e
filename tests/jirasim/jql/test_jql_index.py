"""What the index answers is what looking at every issue answers: under edits, deletes and lag."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jirasim.jql import hits, parse
from jirasim.jql.context import Context
from jirasim.jql.walk import mark_of
from jirasim.site.index import Index
from jirasim.site.model import Issue, Worklog
from jirasim.site.state import State

NOW = datetime(2026, 3, 11, 15, 30, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")
"""New York's clocks changed on 8 March 2026, in the days these issues live in."""

moments = st.integers(0, 24 * 12).map(lambda hours: NOW - timedelta(hours=hours))
names = st.sampled_from(["maya", "jonas"])


@st.composite
def worklogs(draw) -> Worklog:
    author, started = draw(names), draw(moments)
    return Worklog("1", "1", author, author, started, 60, started, started)


@st.composite
def issues(draw, number: int) -> Issue:
    project_id, key = draw(st.sampled_from([("100", "ABC"), ("200", "XYZ")]))
    words = st.sampled_from(["gearbox", "Gearbox oil", "whine at noon", "OIL"])
    return Issue(
        id=str(number),
        key=f"{key}-{number}",
        project_id=project_id,
        type_id=draw(st.sampled_from(["10", "11"])),
        status_id=draw(st.sampled_from(["1", "2", "3"])),
        summary=draw(words),
        creator=draw(names),
        created=draw(moments),
        updated=draw(moments),
        status_changed=NOW,
        priority_id=draw(st.sampled_from([None, "1", "2", "3"])),
        assignee=draw(st.none() | names),
        labels=tuple(draw(st.lists(st.sampled_from(["red", "Red", "blue"]), max_size=2))),
        due_date=draw(st.none() | st.just(date(2026, 3, 9))),
        parent_id=draw(st.sampled_from([None, "1", "2"])),
        resolution_id=draw(st.sampled_from([None, "5"])),
        worklogs=tuple(draw(st.lists(worklogs(), max_size=4))),
    )


edits = st.lists(
    st.integers(1, 9).flatmap(
        lambda number: st.tuples(
            st.just(number), st.none() | issues(number), st.sampled_from([0, 0, 5])
        )
    ),
    max_size=25,
)
dates = st.sampled_from(["2026-03-07", "'2026-03-08 06:30'", "2026-03-09", "startOfDay(-1)", "-2d"])
signs = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
clauses = st.one_of(
    st.sampled_from(
        [
            "project = ABC",
            "key in (1, 3, 8)",
            "status in (Done, 'To Do')",
            "status != Done",
            "priority = Highest",
            "priority >= High",
            "assignee = currentUser()",
            "assignee is EMPTY",
            "assignee in (EMPTY, jonas)",
            "assignee not in (jonas)",
            "creator = jonas",
            "labels = RED",
            "labels is EMPTY",
            "parent = 1",
            "parent is EMPTY",
            "resolution = Unresolved",
            "resolution is not EMPTY",
            "issuetype = Bug",
            "worklogAuthor = jonas",
            "worklogAuthor is EMPTY",
            "worklogDate is EMPTY",
            "summary ~ oil",
            "summary ~ 'gear*'",
            "summary ~ '\"gearbox oil\"'",
            "text ~ 'oil -gearbox'",
            "summary ~ 'gearbx~ oil^2'",
        ]
    ),
    st.tuples(st.sampled_from(["worklogDate", "updated", "created", "due"]), signs, dates).map(
        " ".join
    ),
)
conditions = st.recursive(
    clauses,
    lambda inner: st.one_of(
        inner.map(lambda part: f"NOT ({part})"),
        st.tuples(inner, st.sampled_from(["AND", "AND", "OR"]), inner).map(
            lambda p: f"({p[0]}) {p[1]} ({p[2]})"
        ),
    ),
    max_leaves=4,
)
orders = st.lists(
    st.tuples(
        st.sampled_from(["updated", "created", "key", "id", "status", "assignee", "due"]),
        st.sampled_from(["", " ASC", " DESC"]),
    ).map("".join),
    max_size=3,
).map(lambda fields: f" ORDER BY {', '.join(fields)}" if fields else "")


def site_of(state: State, changes, *, now: datetime, few: int = 0) -> tuple[State, Index]:
    """A state after these changes, and an index that knows as much as it may by `now`."""
    current: dict[str, Issue] = {}
    index = Index((), few=few)
    for step, (number, issue, lag) in enumerate(changes):
        if issue is None:
            if current.pop(str(number), None) is None:
                continue
        else:
            current[issue.id] = issue
        index.put(str(number), issue, now=NOW + timedelta(seconds=step), lag=lag)
    index.catch_up(now)
    keep = {one.id: one for one in (*index.all(), *current.values())}
    kept = {number: keep.get(number) or stub(number) for number in map(str, range(1, 10))}
    return replace(state, issues=kept, issue_ids={}), index


def stub(number: str) -> Issue:
    return Issue(number, f"ABC-{number}", "100", "10", "1", "", "maya", NOW, NOW, NOW)


@settings(max_examples=200)
@given(
    changes=edits,
    condition=conditions,
    order=orders,
    zone=st.sampled_from(ZONES),
    visible=st.sampled_from([None, frozenset({"200"})]),
    seconds=st.integers(0, 40),
    size=st.integers(1, 4),
    few=st.sampled_from([0, 1, 3, 100]),
)
def test_the_index_finds_what_looking_at_every_issue_finds(
    changes, condition, order, zone, visible, seconds, size, few, state
):
    assume(visible is None or not any(named in condition for named in ("ABC", "key", "parent = 1")))
    known, index = site_of(state, changes, now=NOW + timedelta(seconds=seconds), few=few)
    caller = Context(known, NOW, ZoneInfo(zone), "maya")
    query = parse(condition + order)
    shown = Context(known, NOW, ZoneInfo(zone), "maya", visible)
    all_of_them = [one for one in index.all() if visible is None or one.project_id in visible]
    expected = query.run(all_of_them, caller)
    found = hits.find(query, shown, index)
    assert found[:3] == expected[:3]
    assert list(found) == expected
    assert len(hits.find(query, shown, index)) == len(expected)
    paged, page = [], hits.find(query, shown, index)
    while rows := page[:size]:
        paged += rows
        page = hits.find(query, shown, index).after(mark_of(rows[-1], query.walked(caller)))
    assert paged == expected


@given(changes=edits, later=edits)
def test_an_index_that_was_changed_equals_one_that_is_new(changes, later, state):
    known, index = site_of(state, changes, now=NOW + timedelta(hours=1))
    caller = Context(known, NOW, UTC, "maya")
    query = parse("summary ~ oil ORDER BY key")
    hits.find(query, caller, index)
    for number, issue, _ in later:
        index.put(str(number), issue, now=NOW + timedelta(hours=1), lag=0)
    fresh = Index(index.all())
    assert list(hits.find(query, caller, index)) == list(hits.find(query, caller, fresh))
    for name in ("id", "key", "created", "updated", "worklogs"):
        assert index.order(name).entries == fresh.order(name).entries
