"""The life of a scrum master with the client `jira`, beside `test_agile_clients.py`."""

import pytest
from jira import JIRA, JIRAError


def test_boards_and_sprints_are_read_in_pages(pycontribs: JIRA) -> None:
    board = next(one for one in pycontribs.boards(type="scrum") if "FHP" in one.name)
    sprints = pycontribs.sprints(board.id, maxResults=2)
    assert len(sprints) == 2
    everything = pycontribs.sprints(board.id, maxResults=False)
    assert {one.state for one in everything} >= {"closed", "active", "future"}
    extended = pycontribs.sprints(board.id, extended=["startDate"], state="active")
    assert all(one.startDate for one in extended)
    one = everything[0]
    assert pycontribs.sprint_info(board.id, one.id)["name"] == one.name
    assert pycontribs.sprint(one.id).name == one.name
    assert one.name in pycontribs.sprints_by_name(board.id)


def test_a_sprint_is_planned_changed_and_deleted(pycontribs: JIRA, word: str) -> None:
    board = next(one for one in pycontribs.boards(type="scrum") if "FHP" in one.name)
    sprint = pycontribs.create_sprint(word, board.id, goal="Less")
    task = {"project": "FHP", "issuetype": {"name": "Task"}}
    one, two = (pycontribs.create_issue(summary=name, **task) for name in ("One", "Two"))
    pycontribs.add_issues_to_sprint(sprint.id, [one.key, two.key])
    inside = f"sprint = {sprint.id} ORDER BY Rank"
    assert [each.key for each in pycontribs.search_issues(inside)] == [one.key, two.key]
    pycontribs.rank(one.key, prev_issue=two.key)
    assert [each.key for each in pycontribs.search_issues(inside)] == [two.key, one.key]
    pycontribs.rank(one.key, next_issue=two.key)
    assert [each.key for each in pycontribs.search_issues(inside)] == [one.key, two.key]
    pycontribs.move_to_backlog([one.key])
    assert [each.key for each in pycontribs.search_issues(inside)] == [two.key]
    pycontribs.update_sprint(sprint.id, name=f"{word}2", goal="More")
    assert pycontribs.sprint(sprint.id).goal == "More"
    pycontribs.sprint(sprint.id).delete()
    with pytest.raises(JIRAError, match="could not find the sprint"):
        pycontribs.sprint(sprint.id)


def test_an_epic_takes_issues(pycontribs: JIRA, word: str) -> None:
    fields = {
        one["schema"].get("custom", ""): one["id"] for one in pycontribs.fields() if "schema" in one
    }
    name = fields["com.pyxis.greenhopper.jira:gh-epic-label"]
    epic = pycontribs.create_issue(
        {"project": "FHP", "issuetype": {"name": "Epic"}, "summary": word, name: word}
    )
    task = pycontribs.create_issue(project="FHP", summary="Part", issuetype={"name": "Task"})
    pycontribs.add_issues_to_epic(epic.key, [task.key])
    [found] = pycontribs.search_issues(f'"Epic Link" = {epic.key}')
    assert found.key == task.key
