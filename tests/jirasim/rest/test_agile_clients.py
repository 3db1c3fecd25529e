"""The agile calls of two clients from PyPI, against running simulators of both products."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from atlassian import Jira
from jira import JIRA, JIRAError

from jirasim.clock import VirtualClock
from jirasim.running import Simulator
from jirasim.seed import make_state
from jirasim.site.product import CLOUD, SERVER_VERSION, Deployment, Product

PRODUCTS = {
    "cloud": CLOUD,
    "server": Product(Deployment.SERVER, SERVER_VERSION, context="/jira"),
    "old server": Product(Deployment.SERVER, (8, 17, 0)),
}


@contextmanager
def running(product: Product) -> Iterator[Simulator]:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    found = Simulator(make_state(seed=11, issues=60, now=now, product=product), VirtualClock())
    thread = threading.Thread(target=found.serve)
    thread.start()
    yield found
    found.stop()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(scope="module", params=PRODUCTS)
def simulator(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    with running(PRODUCTS[request.param]) as found:
        yield found


@pytest.fixture
def pycontribs(simulator: Simulator) -> Iterator[JIRA]:
    state = simulator.site.state
    user = state.users[state.service_account]
    login = user.email if state.product.cloud else user.name
    secret = _token(simulator) if state.product.cloud else state.passwords[user.account_id]
    client = JIRA(simulator.site.base_url, basic_auth=(login, secret), max_retries=0)
    yield client
    client.close()


@pytest.fixture
def atlassian(simulator: Simulator) -> Iterator[Jira]:
    state, url = simulator.site.state, simulator.site.base_url
    user = state.users[state.service_account]
    if state.product.cloud:
        made = Jira(url, username=user.email, password=_token(simulator), cloud=True)
    else:
        made = Jira(url, token=_token(simulator), cloud=False)
    with made as client:
        yield client


def _token(simulator: Simulator) -> str:
    state = simulator.site.state
    tokens = state.tokens.values()
    return next(one.secret for one in tokens if one.account_id == state.service_account)


def _field(client: JIRA, custom: str) -> str:
    """How a client finds a field: by the type of it."""
    return str(next(one["id"] for one in client.fields() if _suffix(one) == custom))


def _suffix(field: dict[str, Any]) -> str:
    return str(field.get("schema", {}).get("custom", "")).rpartition(":")[2]


def test_jira_plans_a_sprint(pycontribs: JIRA) -> None:
    [board] = pycontribs.boards(type="scrum", projectKeyOrID="FHP")
    assert [one.name for one in pycontribs.boards(name="kanban")] == ["FHP Kanban"]
    assert [one.state for one in pycontribs.sprints(board.id)] == [
        "closed",
        "closed",
        "active",
        "future",
    ]
    sprint = pycontribs.create_sprint(
        "From the client",
        board.id,
        startDate="2026-03-02T09:00:00.000Z",
        endDate="2026-03-16T09:00:00.000Z",
        goal="Try it",
    )
    keys = [
        pycontribs.create_issue(project="FHP", summary=one, issuetype={"name": "Task"}).key
        for one in ("One", "Two", "Three")
    ]
    pycontribs.add_issues_to_sprint(sprint.id, keys)
    found = pycontribs.search_issues(f"sprint = {sprint.id} ORDER BY Rank ASC", maxResults=0)
    assert [one.key for one in found] == keys
    pycontribs.rank(keys[2], next_issue=keys[0])
    pycontribs.rank(keys[0], prev_issue=keys[1])
    found = pycontribs.search_issues(f"sprint = {sprint.id} ORDER BY Rank ASC", maxResults=0)
    assert [one.key for one in found] == [keys[2], keys[1], keys[0]]
    pycontribs.move_to_backlog([keys[0]])
    dates = {"startDate": sprint.startDate, "endDate": sprint.endDate}
    pycontribs.update_sprint(sprint.id, name="Started", state="active", **dates)
    assert pycontribs.sprint(sprint.id).state == "active"
    assert {one.id for one in pycontribs.sprints(board.id, state="active")} == {3, sprint.id}
    pycontribs.update_sprint(sprint.id, name="Started", state="closed", **dates)
    assert pycontribs.sprints_by_name(board.id, state="closed")["Started"]["state"] == "closed"
    with pytest.raises(JIRAError, match="has not been completed"):
        pycontribs.add_issues_to_sprint(sprint.id, keys)
    pycontribs.sprint(sprint.id).delete()
    with pytest.raises(JIRAError, match="We could not find the sprint"):
        pycontribs.sprint(sprint.id)


def test_jira_uses_epics(pycontribs: JIRA, simulator: Simulator) -> None:
    link, name = _field(pycontribs, "gh-epic-link"), _field(pycontribs, "gh-epic-label")
    fields = {"project": "FHP", "issuetype": {"name": "Epic"}, "summary": "Large", name: "Big"}
    epic = pycontribs.create_issue(fields)
    issue = pycontribs.create_issue(project="FHP", summary="Part", issuetype={"name": "Story"})
    pycontribs.add_issues_to_epic(epic.id, [issue.key])
    again = pycontribs.issue(issue.key)
    assert again.get_field(link) == epic.key
    assert hasattr(again.fields, "parent") is simulator.site.product.cloud
    assert [one.key for one in pycontribs.search_issues(f'"Epic Link" = {epic.key}')] == [issue.key]
    again.update(fields={link: None})
    assert pycontribs.search_issues(f'"Epic Link" = {epic.key}') == []
    other = pycontribs.create_issue(
        {"project": "FHP", "issuetype": {"name": "Task"}, "summary": "Another", link: epic.key}
    )
    assert pycontribs.issue(other.key).get_field(link) == epic.key


def test_jira_makes_a_board(pycontribs: JIRA) -> None:
    board = pycontribs.create_board("Made", "10000", location_type="project", location_id="FHP")
    assert board.type == "scrum"
    assert "Made" in [one.name for one in pycontribs.boards()]
    board.delete()
    assert "Made" not in [one.name for one in pycontribs.boards()]


def test_the_sprint_field_reads_as_each_product_writes_it(
    pycontribs: JIRA, simulator: Simulator
) -> None:
    sprint = _field(pycontribs, "gh-sprint")
    fields = {"project": "FHP", "issuetype": {"name": "Task"}, "summary": "Planned", sprint: 3}
    issue = pycontribs.create_issue(fields)
    [shown] = pycontribs.issue(issue.key).raw["fields"][sprint]
    product = simulator.site.product
    if product.cloud:
        assert shown["name"] == "FHP Sprint 3"
        return
    assert isinstance(shown, str)
    begins = "id=3,rapidViewId=1,state=ACTIVE," if product.version < (9,) else "activatedDate="
    assert shown.partition("[")[2].startswith(begins)
    assert ",name=FHP Sprint 3," in shown


def test_atlassian_plans_a_sprint(atlassian: Jira) -> None:
    boards = atlassian.get_all_agile_boards(project_key="FHP", board_type="scrum")["values"]
    assert [one["id"] for one in boards] == [1]
    assert atlassian.get_agile_board_configuration(1)["type"] == "scrum"
    made = atlassian.create_sprint("Planned", 1, goal="Less")
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Moved"}
    key = atlassian.issue_create(fields=fields)["key"]
    atlassian.add_issues_to_sprint(made["id"], [key])
    inside = atlassian.get_all_issues_for_sprint_in_board(1, made["id"])["issues"]
    assert [one["key"] for one in inside] == [key]
    future = atlassian.get_all_sprints_from_board(1, state="future")["values"]
    assert made["id"] in [one["id"] for one in future]
    atlassian.move_issues_to_backlog([key])
    waiting = atlassian.get_issues_for_board(1, jql=f"key = {key}")["issues"]
    assert waiting[0]["fields"]["sprint"] is None
    atlassian.delete_sprint(made["id"])
    with pytest.raises(OSError, match="could not find the sprint"):
        atlassian.get_sprint(made["id"])


def test_atlassian_reads_epics(atlassian: Jira) -> None:
    [epic, *_] = atlassian.get_epics(1, limit=50)["values"]
    inside = atlassian.get_issues_for_epic(1, epic["id"], limit=100)["issues"]
    assert inside
    assert {one["fields"]["epic"]["key"] for one in inside} == {epic["key"]}
    without = atlassian.get_issues_without_epic(1, limit=100)["issues"]
    assert {one["fields"]["epic"] for one in without} == {None}
    assert atlassian.get_all_projects_associated_with_board(1)["values"][0]["key"] == "FHP"
    assert atlassian.get_all_versions_from_board(1)["startAt"] == 0
