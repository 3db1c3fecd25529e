"""Which issues a query finds, in which order, and what is wrong with its fields and values.

The site of conftest: ABC-1 (open, Maya's), ABC-2 (bug, done), ABC-10 (child of ABC-1), XYZ-1.
It is Wednesday 11 March 2026, 15:30 UTC, 16:30 for the caller in Berlin.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jirasim.jql import JqlError, parse
from jirasim.jql.context import Context

ALL = {"ABC-1", "ABC-2", "ABC-10", "XYZ-1"}


def keys(text, caller):
    return [issue.key for issue in parse(text).run(caller.state.issues.values(), caller)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("project = abc", {"ABC-1", "ABC-2", "ABC-10"}),
        ("project = Alphabet and project = 100", {"ABC-1", "ABC-2", "ABC-10"}),
        ("project not in (ABC)", {"XYZ-1"}),
        ("key = abc-1", {"ABC-1"}),
        ("id in (10001, 10004)", {"ABC-1", "XYZ-1"}),
        ("key >= ABC-2", {"ABC-2", "ABC-10"}),
        ("issuetype = Bug", {"ABC-2"}),
        ("status = 'in progress'", {"XYZ-1"}),
        ("statusCategory != Done", {"ABC-1", "ABC-10", "XYZ-1"}),
        ("statusCategory = indeterminate", {"XYZ-1"}),
        ("priority = Highest", {"ABC-1"}),
        ("priority > Low", {"ABC-1", "ABC-10"}),
        ("priority <= High", {"ABC-10", "ABC-2"}),
        ("priority is EMPTY", {"XYZ-1"}),
        ("assignee = currentUser()", {"ABC-1"}),
        ("assignee = 'Jonas Weber' or assignee = 'maya@x.example'", {"ABC-1", "ABC-2"}),
        ("assignee != maya", {"ABC-2"}),
        ("assignee = EMPTY", {"ABC-10", "XYZ-1"}),
        ("assignee in (EMPTY, maya)", {"ABC-1", "ABC-10", "XYZ-1"}),
        ("assignee not in (EMPTY, maya)", {"ABC-2"}),
        ("assignee is not null", {"ABC-1", "ABC-2"}),
        ("labels = RED", {"ABC-1", "ABC-10"}),
        ("labels != blue", {"ABC-10"}),
        ("labels = never-seen", set()),
        ("labels is EMPTY", {"ABC-2", "XYZ-1"}),
        ("parent = ABC-1", {"ABC-10"}),
        ("resolution = Unresolved", {"ABC-1", "ABC-10", "XYZ-1"}),
        ("resolution = fixed", {"ABC-2"}),
        ("summary ~ gearbox", {"XYZ-1"}),
        ("summary ~ 'gear*'", {"XYZ-1"}),
        ("summary ~ gear", set()),
        ("summary ~ 'gearbx~'", {"XYZ-1"}),
        ("summary ~ 'gea~'", set()),
        ("summary ~ 'gearbox^4 whine'", {"XYZ-1"}),
        (r"summary ~ '\"gearbox whine\"~10'", {"XYZ-1"}),
        ("description ~ 'rattles gearbox'", {"ABC-2"}),
        (r"description ~ '\"rattles gearbox\"'", set()),
        (r"description ~ '\"rattles loudly\"'", {"ABC-2"}),
        ("description !~ gearbox", set()),
        ("description is EMPTY", {"ABC-1", "ABC-10", "XYZ-1"}),
        ("comment ~ wrench", {"ABC-1"}),
        ("worklogAuthor = maya", {"ABC-2"}),
        ("worklogAuthor = maya and worklogDate = 2026-03-04", {"ABC-2"}),
        ("worklogAuthor is EMPTY", {"ABC-1", "ABC-10", "XYZ-1"}),
        ("worklogDate = 2026-03-03", set()),
        ("worklogDate >= 2026-03-04 and worklogDate < 2026-03-05", {"ABC-2"}),
        ("worklogDate > 2026-03-04", set()),
        ("worklogDate != 2026-03-03", {"ABC-2"}),
        ("worklogDate != 2026-03-04", set()),
        ("worklogDate is EMPTY", {"ABC-1", "ABC-10", "XYZ-1"}),
        ("worklogComment ~ oil", {"ABC-2"}),
        ("text ~ gearbox", {"ABC-2", "XYZ-1"}),
        ("cf[10016] = 5", {"ABC-1"}),
        ("Points >= 5 and Points < 5.5", {"ABC-1"}),
        ("points is EMPTY", {"ABC-2", "ABC-10", "XYZ-1"}),
        ("Colour in (red, 21)", {"ABC-1"}),
        ("created >= -7d", {"ABC-10", "XYZ-1"}),
        ("created >= '-1w'", {"ABC-10", "XYZ-1"}),
        ("created < '2026-03-03 16:31'", {"ABC-1", "ABC-2"}),
        ("created <= '2026/3/3 16:30'", {"ABC-1", "ABC-2"}),
        ("created < '2026-03-03 16:30'", {"ABC-1"}),
        ("created < 2026-03-04", {"ABC-1", "ABC-2"}),
        ("updated > now()", set()),
        ("due = 2026-03-11", {"ABC-1"}),
        ("due <= now() and due >= startOfDay()", {"ABC-1"}),
        ("duedate < now()", set()),
        ("duedate is EMPTY", {"ABC-2", "ABC-10", "XYZ-1"}),
        ("resolved >= -25h", {"ABC-2"}),
        ("status was 'In Progress'", {"ABC-2", "XYZ-1"}),
        ("status was not 'In Progress'", {"ABC-1", "ABC-10"}),
        ("status was in ('In Progress', Done) before -2d", {"ABC-2", "XYZ-1"}),
        ("status was Done before -2d", set()),
        ("status was 'To Do' on -1d", {"ABC-1", "ABC-10"}),
        ("status changed", {"ABC-2"}),
        ("status changed from 'To Do' to 'In Progress' by maya", {"ABC-2"}),
        ("status changed to Done by maya", set()),
        ("status changed after -2d", {"ABC-2"}),
        ("status changed before -5d", set()),
        ("status changed during ('2026-03-07', '2026-03-08')", {"ABC-2"}),
        ("status changed on '2026-03-10'", {"ABC-2"}),
        ("assignee changed", set()),
        ("assignee was maya", {"ABC-1"}),
        ("NOT project = ABC AND (assignee = maya OR status = 2)", {"XYZ-1"}),
    ],
)
def test_a_query_finds(text, expected, caller):
    assert set(keys(text, caller)) == expected


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("key", ["ABC-1", "ABC-2", "ABC-10", "XYZ-1"]),
        ("key desc", ["XYZ-1", "ABC-10", "ABC-2", "ABC-1"]),
        ("created", ["XYZ-1", "ABC-10", "ABC-2", "ABC-1"]),
        ("created asc", ["ABC-1", "ABC-2", "ABC-10", "XYZ-1"]),
        ("priority", ["XYZ-1", "ABC-1", "ABC-10", "ABC-2"]),
        ("priority asc", ["ABC-2", "ABC-10", "ABC-1", "XYZ-1"]),
        ("assignee desc, key desc", ["XYZ-1", "ABC-10", "ABC-1", "ABC-2"]),
        ("project desc, created asc", ["XYZ-1", "ABC-1", "ABC-2", "ABC-10"]),
        ("status, summary desc", ["ABC-10", "ABC-1", "XYZ-1", "ABC-2"]),
    ],
)
def test_an_order_is_kept(order, expected, caller):
    assert keys(f"order by {order}", caller) == expected


def test_without_an_order_the_newest_issue_comes_first(caller):
    assert keys("project = ABC", caller) == ["ABC-10", "ABC-2", "ABC-1"]


FORMATS = (
    "Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', "
    "'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("universe = 1", ["Field 'universe' does not exist or you do not have permission to view it."]),
        (
            "issue.property[sync].id = 1",
            ["Field 'issue.property[sync].id' does not exist or you do not have permission to view it."],
        ),
        ("project = NOPE", ["The value 'NOPE' does not exist for the field 'project'."]),
        ("assignee = nobody", ["The value 'nobody' does not exist for the field 'assignee'."]),
        ("key = ABC-99", ["An issue with key 'ABC-99' does not exist for field 'key'."]),
        ("key is EMPTY", ["The field 'key' does not support searching for EMPTY values."]),
        ("summary = x", ["The operator '=' is not supported by the 'summary' field."]),
        ("project ~ ABC", ["The operator '~' is not supported by the 'project' field."]),
        ("project > ABC", ["The operator '>' is not supported by the 'project' field."]),
        ("comment is EMPTY", ["The operator 'is' is not supported by the 'comment' field."]),
        (
            "summary in test",
            ["The operator 'in' is not supported by the 'summary' field."],
        ),
        (
            "status in Done",
            ["Operator 'in' does not support the non-list value '\"Done\"' for field 'status'."],
        ),
        (
            "project = (ABC, XYZ)",
            ["Operator '=' does not support the list value '(\"ABC\", \"XYZ\")' for field 'project'."],
        ),
        ("summary ~ ''", ["The field 'summary' does not support searching for an empty string."]),
        ("created > BLAH", [f"Date value 'BLAH' for field 'created' is invalid. {FORMATS}"]),
        ("created > '2026-02-30'", [f"Date value '2026-02-30' for field 'created' is invalid. {FORMATS}"]),
        (
            "created > currentUser()",
            ["A date for the field 'created' provided by the function 'currentUser' is not valid."],
        ),
        ("assignee = bogus()", ["Unable to find JQL function 'bogus()'."]),
        ("assignee was bogus()", ["Unable to find JQL function 'bogus()'."]),
        ("assignee = currentUser(1)", ["Function 'currentUser' expected '0' arguments but received '1'."]),
        ("created > now(x)", ["Function 'now' expected '0' arguments but received '1'."]),
        (
            "created > startOfDay(invalid)",
            ["Duration for function 'startOfDay' should have the format (+/-)n(yMwdm), e.g -1M for 1 month earlier."],
        ),
        ("summary was x", ["History searches do not support the 'summary' field."]),
        ("status changed from fred", ["The value 'fred' does not exist for the field 'status'."]),
        (
            "status changed after '20/12/10'",
            [f"Date value '20/12/10' for predicate 'after' is invalid. {FORMATS}"],
        ),
        (
            "status changed after currentUser()",
            ["A date for the predicate 'after' provided by the function 'currentUser' is not valid."],
        ),
        ("status changed before (1, 2)", ["The BEFORE predicate must be supplied with only 1 date value."]),
        ("status changed during 11", ["The DURING predicate must be supplied with exactly 2 date values."]),
        ("project = ABC order by bogus, text", [
            "Not able to sort using field 'bogus'.",
            "Not able to sort using field 'text'.",
        ]),
        ("project = NOPE and (a = 1 or project = NOPE)", [
            "The value 'NOPE' does not exist for the field 'project'.",
            "Field 'a' does not exist or you do not have permission to view it.",
        ]),
    ],
)  # fmt: skip
def test_wrong_fields_and_values_are_named_all_at_once(text, messages, caller):
    with pytest.raises(JqlError) as refused:
        parse(text).check(caller)
    assert list(refused.value.messages) == messages


def test_a_project_that_the_caller_cannot_see_does_not_exist(caller):
    blind = replace(caller, visible_projects=frozenset({"200"}))
    for text in ("project = ABC", "key = ABC-1"):
        with pytest.raises(JqlError, match="does not exist for"):
            parse(text).check(blind)


def test_dates_are_read_in_the_zone_of_the_caller(caller):
    text = "created >= '2026-03-04 16:30' and created < '2026-03-04 16:31'"
    assert keys(text, caller) == ["ABC-10"]
    assert keys(text, replace(caller, zone=ZoneInfo("America/New_York"))) == []


@pytest.mark.parametrize(
    ("call", "moment"),
    [
        ("startOfDay()", "2026-03-11T00:00:00+01:00"),
        ("startOfDay('-1')", "2026-03-10T00:00:00+01:00"),
        ("endOfDay(-1d)", "2026-03-10T23:59:59.999000+01:00"),
        ("startOfWeek()", "2026-03-08T00:00:00+01:00"),
        ("endOfWeek('+1w')", "2026-03-21T23:59:59.999000+01:00"),
        ("startOfMonth(-1M)", "2026-02-01T00:00:00+01:00"),
        ("endOfMonth(-1)", "2026-02-28T23:59:59.999000+01:00"),
        ("startOfYear()", "2026-01-01T00:00:00+01:00"),
        ("endOfYear('1y')", "2027-12-31T23:59:59.999000+01:00"),
        ("startOfDay(1M)", "2026-04-11T00:00:00+02:00"),
    ],
)
def test_functions_name_the_edges_of_days_weeks_months_and_years(call, moment, caller):
    at = datetime.fromisoformat(moment)
    one = caller.state.issues["10001"]
    issues = [
        replace(one, id=str(n), created=at + timedelta(milliseconds=n - 2)) for n in (1, 2, 3)
    ]
    assert [issue.id for issue in parse(f"created >= {call}").run(issues, caller)] == ["3", "2"]


ATOMS = st.sampled_from(
    ["project = ABC", "key in (ABC-1, XYZ-1)", "status = Done", "labels = red", "assignee = maya"]
)
QUERIES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda part: f"NOT ({part})"),
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(
            lambda p: f"({p[0]}) {p[1]} ({p[2]})"
        ),
    ),
    max_leaves=6,
)


@given(one=QUERIES, other=QUERIES)
def test_conditions_combine_like_sets(one, other, state):
    caller = caller_of(state)
    left, right = set(keys(one, caller)), set(keys(other, caller))
    assert set(keys(f"({one}) AND ({other})", caller)) == left & right
    assert set(keys(f"({one}) OR ({other})", caller)) == left | right
    assert set(keys(f"NOT ({one})", caller)) == ALL - left


@pytest.mark.parametrize(
    ("text", "projects"),
    [
        ("project = ABC and status = Done", {"100"}),
        ("project in (ABC, XYZ) and project = XYZ", {"200"}),
        ("project = ABC or project = XYZ", {"100", "200"}),
        ("project = ABC or status = Done", None),
        ("project != ABC", None),
        ("order by key", None),
    ],
)
def test_a_query_may_name_the_projects_of_its_answers(text, projects, caller):
    assert parse(text).projects(caller) == projects


def caller_of(state):
    return Context(state, datetime(2026, 3, 11, 15, 30, tzinfo=UTC), UTC, "maya")
