"""What recordings show beside keys: values of forms, changelogs, rendered fields and lists."""

from collections.abc import Callable
from typing import Any

from helpers.jira_caller import Api

Make = Callable[..., dict[str, Any]]


def form(api: Api, project: str = "FHP", kind: str = "10002") -> dict[str, Any]:
    path = f"/issue/createmeta/{project}/issuetypes/{kind}"
    body = api.get(path, maxResults=200).json
    return {row["fieldId"]: row for row in body["fields" if api.site.product.cloud else "values"]}


def test_a_form_says_where_to_look_things_up(api: Api, server: Api) -> None:
    cloud, ours = form(api), form(server)
    suggest = "http://jira.test/rest/api/1.0/labels/suggest?query="
    assert cloud["labels"]["autoCompleteUrl"] == ours["labels"]["autoCompleteUrl"] == suggest
    assert cloud["assignee"]["autoCompleteUrl"].endswith("/search?project=FHP&query=")
    assert ours["assignee"]["autoCompleteUrl"].endswith("/search?issueKey=null&username=")
    assert "currentIssueKey=null" in cloud["issuelinks"]["autoCompleteUrl"]
    assert "customFieldId=10050" in cloud["customfield_10050"]["autoCompleteUrl"]
    assert "fieldName=customfield_10046" in cloud["customfield_10046"]["autoCompleteUrl"]
    assert "autoCompleteUrl" not in cloud["summary"]


def test_a_form_tells_defaults_and_operations(api: Api, make: Make) -> None:
    fields = form(api)
    assert fields["priority"]["defaultValue"]["name"] == "Medium"
    assert api.put("/priority/default", {"id": "2"}).status == 204
    assert form(api)["priority"]["defaultValue"]["name"] == "High"
    assert fields["attachment"]["operations"] == ["set", "copy"]
    assert (fields["project"]["operations"], fields["issuetype"]["operations"]) == (["set"], [])
    assert not fields["summary"]["hasDefaultValue"]
    assert [
        row["id"] for row in api.get("/priority/search", onlyDefault="true").json["values"]
    ] == ["2"]


def test_nobody_is_offered_what_needs_a_permission(api: Api) -> None:
    assert "attachment" in form(api)
    assert "attachment" not in form(api, "READ")


def test_an_edit_form_of_server_says_nothing_of_defaults(server: Api) -> None:
    made = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "New"}
    key = server.post("/issue", {"fields": made}).json["key"]
    fields = server.get(f"/issue/{key}/editmeta").json["fields"]
    assert not {"hasDefaultValue", "defaultValue"} & fields["priority"].keys()
    assert f"currentIssueKey={key}" in fields["issuelinks"]["autoCompleteUrl"]


def test_what_a_caller_says_of_a_change_is_kept(api: Api, make: Make) -> None:
    key = make()["key"]
    told = {"type": "tool", "description": "by a tool", "extraData": {"run": "7"}}
    body = {"fields": {"summary": "Other"}, "historyMetadata": told}
    assert api.put(f"/issue/{key}", body).status == 204
    step = api.get(f"/issue/{key}/transitions").json["transitions"][-1]["id"]
    body = {"transition": {"id": step}, "historyMetadata": {"type": "moved"}}
    assert api.post(f"/issue/{key}/transitions", body).status == 204
    assert api.put(f"/issue/{key}", {"fields": {"summary": "Third"}}).status == 204
    shown = api.get(f"/issue/{key}/changelog").json["values"]
    assert [row.get("historyMetadata") for row in shown] == [told, {"type": "moved"}, None]
    wrong = {"fields": {"summary": "Fourth"}, "historyMetadata": "a text"}
    assert api.put(f"/issue/{key}", wrong).status == 400


def test_durations_and_files_are_rendered_in_words(api: Api, make: Make) -> None:
    key = make(timetracking={"originalEstimate": "2d 1h", "remainingEstimate": "0m"})["key"]
    assert api.post(f"/issue/{key}/worklog", {"timeSpent": "2h 25m"}).status == 201
    assert api.upload(f"/issue/{key}/attachments", ("a.txt", b"x" * 10260)).status == 200
    shown = api.get(f"/issue/{key}", expand="renderedFields").json["renderedFields"]
    assert shown["timeoriginalestimate"] == "2 days, 1 hour"
    assert shown["timeestimate"] == "0 minutes"
    assert shown["timespent"] == shown["aggregatetimespent"] == "2 hours, 25 minutes"
    assert shown["timetracking"]["timeSpent"] == "2 hours, 25 minutes"
    assert shown["timetracking"]["timeSpentSeconds"] == 8700
    assert shown["worklog"]["worklogs"][0]["timeSpent"] == "2 hours, 25 minutes"
    assert shown["attachment"][0]["size"] == "10 kB"


def test_a_list_names_fields_once(api: Api, make: Make) -> None:
    make()
    query = {"jql": "project = FHP", "fields": "summary", "expand": "names,schema,changelog"}
    body = api.get("/search/jql", **query).json
    assert body["names"] == {"summary": "Summary"}
    assert not {"names", "schema"} & body["issues"][0].keys()
    assert "changelog" in body["issues"][0]
    assert not {"names", "schema"} & set(body["issues"][0]["expand"].split(","))


def test_custom_fields_are_deleted_in_bulk(server: Api) -> None:
    reply = server.delete("/customFields", ids="customfield_10031,customfield_99999,summary")
    assert reply.status == 200
    assert reply.json["deletedCustomFields"] == ["customfield_10031"]
    assert set(reply.json["notDeletedCustomFields"]) == {"customfield_99999", "summary"}
    assert "customfield_10031" not in [row["id"] for row in server.get("/field").json]
    assert server.delete("/customFields", ids="customfield_10031").status == 400


def test_projects_show_the_properties_that_are_asked_for(api: Api) -> None:
    assert api.put("/project/FHP/properties/tool", {"id": 7}).status == 201
    asked = {"properties": "tool,other"}
    assert api.get("/project/FHP", **asked).json["properties"] == {"tool": {"id": 7}}
    rows = api.get("/project/search", keys="FHP", **asked).json["values"]
    assert [row["properties"] for row in rows] == [{"tool": {"id": 7}}]
    assert api.get("/project/search", keys="FHP").json["values"][0]["properties"] == {}


def test_a_board_names_fields_once(api: Api, make: Make) -> None:
    make()
    board = api.get("/rest/agile/1.0/board", type="kanban").json["values"][0]["id"]
    path = f"/rest/agile/1.0/board/{board}/issue"
    body = api.get(path, fields="summary", expand="names").json
    assert body["names"] == {"summary": "Summary"}
    assert "names" not in body["issues"][0]
