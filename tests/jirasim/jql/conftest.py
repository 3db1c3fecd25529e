"""A small site by hand, for questions whose answers one can count."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jirasim.jql.context import Context
from jirasim.site.fields import Field, Option
from jirasim.site.model import (
    ChangeItem,
    Comment,
    History,
    Issue,
    IssueType,
    Priority,
    Project,
    Resolution,
    Status,
    StatusCategory,
    User,
    Workflow,
    Worklog,
)
from jirasim.site.state import State

NOW = datetime(2026, 3, 11, 15, 30, tzinfo=UTC)
NEW = StatusCategory(2, "new", "To Do", "blue-gray")
DOING = StatusCategory(4, "indeterminate", "In Progress", "yellow")
DONE = StatusCategory(3, "done", "Done", "green")


def adf(text: str) -> dict[str, object]:
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


def project(number: str, key: str, name: str) -> Project:
    workflow = Workflow("simple", "1", ("1", "2", "3"), ())
    return Project(number, key, name, "maya", workflow, ("10", "11"), {}, {})


def status_change(at: datetime, author: str, before: str, after: str) -> History:
    names = {"1": "To Do", "2": "In Progress", "3": "Done"}
    item = ChangeItem("status", "status", before, names[before], after, names[after])
    return History(f"{at:%s}", author, at, (item,))


def worklog(number: str, author: str, started: datetime, comment: str = "") -> Worklog:
    text = adf(comment) if comment else None
    return Worklog(number, "10002", author, author, started, 3600, NOW, NOW, text)


def issue(number: int, key: str, project_id: str, **more: object) -> Issue:
    at = NOW - timedelta(days=10 - number)
    base = {
        "type_id": "10",
        "status_id": "1",
        "summary": f"Issue {number}",
        "creator": "maya",
        "created": at,
        "updated": at,
        "status_changed": at,
    }
    return Issue(str(10000 + number), key, project_id, **{**base, **more})


def issues() -> list[Issue]:
    early = NOW - timedelta(days=5)
    first = Comment("1", "10001", "jonas", "jonas", adf("Needs a torque wrench"), early, early)
    return [
        issue(
            1,
            "ABC-1",
            "100",
            assignee="maya",
            priority_id="1",
            labels=("Blue", "red"),
            due_date=date(2026, 3, 11),
            comments=(first,),
            custom={"customfield_10016": 5.0, "customfield_10030": "20"},
        ),
        issue(
            2,
            "ABC-2",
            "100",
            type_id="11",
            status_id="3",
            assignee="jonas",
            priority_id="3",
            resolution_id="5",
            resolved=NOW - timedelta(days=1),
            worklogs=(
                worklog("1", "maya", datetime(2026, 3, 2, 9, tzinfo=UTC)),
                worklog("2", "jonas", datetime(2026, 3, 3, 23, 30, tzinfo=UTC), "Changed the oil"),
            ),
            description=adf("The gearbox rattles, loudly."),
            history=(
                status_change(NOW - timedelta(days=4), "maya", "1", "2"),
                status_change(NOW - timedelta(days=1), "jonas", "2", "3"),
            ),
        ),
        issue(3, "ABC-10", "100", priority_id="2", labels=("red",), parent_id="10001"),
        issue(4, "XYZ-1", "200", status_id="2", summary="Gearbox: whine at 3,000 rpm"),
    ]


@pytest.fixture(scope="session")
def state() -> State:
    found = State(seed=1, cloud_id="c")
    for user in (User("maya", "Maya Lind", "maya@x.example"), User("jonas", "Jonas Weber", "j@x")):
        found.users[user.account_id] = user
    for status in (
        Status("1", "To Do", NEW),
        Status("2", "In Progress", DOING),
        Status("3", "Done", DONE),
    ):
        found.statuses[status.id] = status
    for rank, name in enumerate(("Highest", "High", "Low"), start=1):
        found.priorities[str(rank)] = Priority(str(rank), name, rank)
    found.resolutions["5"] = Resolution("5", "Fixed")
    found.issue_types = {"10": IssueType("10", "Task"), "11": IssueType("11", "Bug")}
    found.projects = {"100": project("100", "ABC", "Alphabet"), "200": project("200", "XYZ", "End")}
    found.fields = {
        "customfield_10016": Field("customfield_10016", "Points", "number", custom="x:float"),
        "customfield_10030": Field(
            "customfield_10030",
            "Colour",
            "option",
            custom="x:select",
            options=(Option("20", "Red"), Option("21", "Green")),
        ),
    }
    for one in issues():
        found.issues[one.id] = one
        found.issue_ids[one.key] = one.id
    return found


@pytest.fixture
def caller(state: State) -> Context:
    return Context(state, NOW, ZoneInfo("Europe/Berlin"), "maya")
