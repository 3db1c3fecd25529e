"""The life of a user with the client `atlassian-python-api`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from atlassian import Jira

Place = Any
Make = Callable[..., str]


@pytest.fixture
def make(atlassian: Jira) -> Make:
    def made(summary: str = "A task", **fields: Any) -> str:
        plain = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": summary}
        return str(atlassian.issue_create(fields={**plain, **fields})["key"])

    return made


@pytest.mark.parametrize("by_password", [False, True])
def test_people_log_in_as_themselves(place: Place, by_password: bool) -> None:
    maya = place.person()
    with place.atlassian(maya, by_password=by_password) as client:
        assert client.myself()["displayName"] == maya.display_name
        told = client.get_permissions("BROWSE_PROJECTS", project_key="FHP")
        assert told["permissions"]["BROWSE_PROJECTS"]["havePermission"] is True


def test_an_issue_is_made_edited_moved_on_and_deleted(
    place: Place, atlassian: Jira, make: Make
) -> None:
    key = make("First", description="h1. Title")
    assert atlassian.issue_exists(key)
    atlassian.update_issue_field(key, {"summary": "Second"})
    labels = {"labels": [{"add": "one"}]}
    if place.product.cloud:
        atlassian.issue_update(key, {"duedate": "2030-04-04"}, update=labels)
    else:  # this client puts `notifyUsers` into the body, where Server knows no such field
        with pytest.raises(OSError, match='Unrecognized field "notifyUsers"'):
            atlassian.issue_update(key, {"duedate": "2030-04-04"}, update=labels)
        atlassian.update_issue(key, {"update": labels})
    atlassian.edit_issue(key, {"labels": [{"add": "two"}]}, notify_users=False)
    atlassian.bulk_update_issue_field([key], {"environment": "Here"})
    assert atlassian.issue_field_value(key, "summary") == "Second"
    assert atlassian.get_issue_labels(key) == ["one", "two"]
    assert "summary" in atlassian.issue_editmeta(key)["fields"]
    offered = {one["name"]: one["id"] for one in atlassian.get_issue_transitions(key)}
    assert atlassian.get_transition_id_to_status_name(key, "In Progress") == offered["In Progress"]
    atlassian.set_issue_status(key, "In Progress")
    assert atlassian.get_issue_status(key) == "In Progress"
    atlassian.set_issue_status_by_transition_id(key, offered["In Review"])
    moved = atlassian.get_issue_status_changelog(key)
    assert {(one["from"], one["to"]) for one in moved} == {
        ("Backlog", "In Progress"),
        ("In Progress", "In Review"),
    }
    atlassian.delete_issue(key)
    assert not atlassian.issue_exists(key)
    assert atlassian.issue_deleted(key)
    with pytest.raises(OSError, match=r"(?i)does not exist"):
        atlassian.issue(key)


def test_many_are_made_and_read_at_once(atlassian: Jira, make: Make, word: str) -> None:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": word}
    made = atlassian.create_issues([{"fields": fields}, {"fields": fields}])["issues"]
    keys = [one["key"] for one in made]
    found, missing = atlassian.bulk_issue([*keys, make()])
    assert len(found["issues"]) == 3
    assert missing == []
    tree = atlassian.get_issue_tree_recursive(keys[0])
    assert tree == []


def test_comments_live_and_end(atlassian: Jira, make: Make) -> None:
    key = make()
    number = atlassian.issue_add_comment(key, "A remark")["id"]
    atlassian.issue_edit_comment(key, number, "A better remark")
    assert atlassian.issue_get_comment(key, number)["body"] == "A better remark"
    for_few = {"type": "group", "value": "jira-administrators"}
    hidden = atlassian.issue_add_comment(key, "For few", visibility=for_few)
    assert hidden["visibility"]["value"] == "jira-administrators"
    assert atlassian.issue_get_comments(key)["total"] == 2
    atlassian.set_comment_property(number, "tool", {"id": 5})
    kept = {"value": {"id": 5}}  # this client wraps once more what it is given
    assert atlassian.get_comment_property(number, "tool")["value"] == kept
    assert [one["key"] for one in atlassian.get_comment_properties_keys(number)["keys"]] == ["tool"]
    atlassian.delete_comment_property(number, "tool")


def test_work_is_logged_and_told(atlassian: Jira, make: Make) -> None:
    key = make()
    atlassian.issue_worklog(key, "2026-03-02T09:00:00.000+0100", 5400, comment="Did it")
    atlassian.issue_add_json_worklog(key, {"timeSpent": "1h"})
    logs = atlassian.issue_get_worklog(key)["worklogs"]
    assert [one["timeSpent"] for one in logs] == ["1h 30m", "1h"]
    assert logs[0]["started"] == "2026-03-02T08:00:00.000+0000"
    wanted = [int(one["id"]) for one in logs]
    assert [one["timeSpentSeconds"] for one in atlassian.get_worklogs(wanted)] == [5400, 3600]
    assert "values" in atlassian.get_updated_worklogs(since=0)
    assert "values" in atlassian.get_deleted_worklogs(since=0)


def test_files_come_and_go(atlassian: Jira, make: Make, tmp_path: Path) -> None:
    key, note = make(), tmp_path / "note.txt"
    note.write_bytes(b"Grease\r\nand oil\n")
    [made] = atlassian.add_attachment(key, str(note))
    with note.open("rb") as opened:
        atlassian.add_attachment_object(key, opened)
    assert atlassian.get_attachment_content(made["id"]) == b"Grease\r\nand oil\n"
    assert atlassian.get_attachment(made["id"])["filename"] == "note.txt"
    ids = atlassian.get_attachments_ids_from_issue(key)
    assert ids[0]["attachment_id"] == made["id"]
    assert atlassian.get_attachment_meta()["enabled"]
    for number in ids:
        atlassian.remove_attachment(number["attachment_id"])
    assert atlassian.issue(key)["fields"]["attachment"] == []


def test_issues_are_linked_and_point_elsewhere(atlassian: Jira, make: Make, word: str) -> None:
    one, two = make("One"), make("Two")
    ends = {"inwardIssue": {"key": one}, "outwardIssue": {"key": two}}
    atlassian.create_issue_link({"type": {"name": "Relates"}, **ends, "comment": {"body": "Why"}})
    [link] = atlassian.issue(one)["fields"]["issuelinks"]
    assert atlassian.get_issue_link(link["id"])["outwardIssue"]["key"] == two
    atlassian.remove_issue_link(link["id"])
    made = atlassian.create_or_update_issue_remote_links(
        one, "http://x.example", "T", global_id=word
    )
    atlassian.update_issue_remote_link_by_id(one, made["id"], "http://x.example", "U", word)
    assert atlassian.get_issue_remote_links(one, global_id=word)["object"]["title"] == "U"
    assert atlassian.get_issue_remote_link_by_id(one, made["id"])["globalId"] == word
    atlassian.delete_issue_remote_link_by_id(one, made["id"])
    assert atlassian.get_issue_remote_links(one) == []


def test_people_watch_and_are_assigned(place: Place, atlassian: Jira, make: Make) -> None:
    key, maya = make(), place.person()
    atlassian.issue_add_watcher(key, place.name(maya))
    watchers = atlassian.issue_get_watchers(key)["watchers"]
    assert maya.display_name in [one["displayName"] for one in watchers]
    who = {"account_id": maya.account_id} if place.product.cloud else {"user": maya.name}
    atlassian.issue_delete_watcher(key, **who)
    atlassian.assign_issue(key, place.name(maya))
    assert atlassian.issue_field_value(key, "assignee")["displayName"] == maya.display_name
    found = [one["displayName"] for one in atlassian.get_assignable_users_for_issue(key)]
    assert maya.display_name in found


def test_issues_have_properties(atlassian: Jira, make: Make) -> None:
    key = make()
    atlassian.set_issue_property(key, "tool", {"id": 5})
    assert [one["key"] for one in atlassian.get_issue_property_keys(key)["keys"]] == ["tool"]
    assert atlassian.get_issue_property(key, "tool")["value"] == {"id": 5}
    atlassian.delete_issue_property(key, "tool")
    assert atlassian.get_issue_property_keys(key)["keys"] == []


def test_searches_go_through_all_pages(place: Place, atlassian: Jira) -> None:
    everything = "project = FHP ORDER BY key"
    if not place.product.cloud:
        page = atlassian.jql(everything, start=50, limit=5)
        assert (page["startAt"], len(page["issues"])) == (50, 5)
        found = atlassian.jql_get_list_of_tickets(everything, limit=page["total"])
        assert len(found) == page["total"]
        with pytest.raises(ValueError, match="only available for Jira Cloud"):
            atlassian.approximate_issue_count(everything)
        return
    keys, token = [], None
    while True:
        page = atlassian.enhanced_jql(everything, fields="summary", nextPageToken=token, limit=25)
        keys += [one["key"] for one in page["issues"]]
        token = page.get("nextPageToken")
        if token is None:
            break
    assert len(keys) == len(set(keys)) >= 60
    assert len(atlassian.enhanced_jql_get_list_of_tickets(everything, limit=50)) >= 50


def test_filters_are_saved_and_shared(atlassian: Jira, word: str) -> None:
    made = atlassian.create_filter(word, "project = FHP")
    atlassian.edit_filter(made["id"], f"{word}2", jql="project = LIN")
    assert atlassian.get_filter(made["id"])["jql"] == "project = LIN"
    atlassian.add_filter_share_permission(made["id"], "authenticated")
    [share] = atlassian.get_filter_share_permissions(made["id"])
    atlassian.delete_filter_share_permission(made["id"], share["id"])
    atlassian.delete_filter(made["id"])
    with pytest.raises(OSError, match="not available"):
        atlassian.get_filter(made["id"])
