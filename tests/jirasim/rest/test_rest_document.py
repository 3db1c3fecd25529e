"""Every covered operation answers as Atlassian's OpenAPI document says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from helpers.jira_caller import Api, doc
from helpers.jira_document import document
from helpers.jira_visits import visit_configuration, visit_fields, visit_parts, visit_projects
from helpers.visit_extras import visit_extras
from helpers.visit_filters import visit_filters, visit_queries
from helpers.visit_set_up import SET_UP

from jirasim.http.app import ENDPOINTS
from jirasim.site.product import CLOUD


def visit(api: Api) -> None:
    """Use each operation once, on things that exist."""
    issue = api.post(
        "/issue",
        {
            "fields": {
                "project": {"key": "FHP"},
                "issuetype": {"name": "Story"},
                "summary": "Visited",
                "description": doc("A text"),
                "labels": ["one"],
                "priority": {"name": "High"},
                "duedate": "2026-04-01",
            },
            "properties": [{"key": "tool", "value": {"id": 1}}],
            "transition": {"id": "31"},
        },
    ).json
    at = f"/issue/{issue['id']}"
    comment = api.post(f"{at}/comment", {"body": doc("Said")}).json
    me = api.get("/myself").json["accountId"]
    api.put(at, {"fields": {"summary": "Revisited"}, "update": {"labels": [{"add": "two"}]}})
    api.put(at, {"fields": {"assignee": {"accountId": me}}}, returnIssue="true")
    api.put(f"{at}/assignee", {"accountId": None})
    expand = "renderedFields,names,schema,changelog,transitions,editmeta,operations"
    api.get(at, expand=expand, properties="tool")
    api.get(f"{at}/editmeta")
    api.get(f"{at}/transitions", expand="transitions.fields")
    api.post(f"{at}/transitions", {"transition": {"id": "51"}})
    visit_children(api, at, comment["id"])
    visit_worklogs(api, at)
    visit_links(api, issue["key"])
    visit_attachments(api, at)
    visit_extras(api, at)
    visit_app_webhooks(api)
    visit_bulk(api, issue["id"])
    visit_metadata(api)
    visit_parts(api)
    visit_projects(api)
    visit_fields(api)
    visit_filters(api)
    visit_queries(api, issue["id"])
    visit_configuration(api)
    for each in SET_UP:
        each(api)
    api.delete(at)


def visit_app_webhooks(api: Api) -> None:
    settings = api.site.state.settings
    api.site.state.settings = replace(settings, anyone_registers_webhooks=True)
    hook = {"events": ["jira:issue_updated"], "jqlFilter": "project = FHP", "fieldIdsFilter": ["x"]}
    made = api.post("/webhook", {"url": "https://app.example/hook", "webhooks": [hook]}).json
    ids = {"webhookIds": [made["webhookRegistrationResult"][0]["createdWebhookId"]]}
    api.get("/webhook")
    api.put("/webhook/refresh", ids)
    assert api.get("/webhook/failed").status == 403
    api.site.state.settings = settings
    assert api.call("DELETE", "/webhook", body=ids).status == 403


def visit_children(api: Api, at: str, comment: str) -> None:
    api.get(f"{at}/comment", expand="properties,renderedBody")
    api.get(f"{at}/comment/{comment}")
    api.put(f"{at}/comment/{comment}", {"body": doc("Said better")})
    api.put(f"/comment/{comment}/properties/tool", {"id": 2})
    api.get(f"/comment/{comment}/properties")
    api.get(f"/comment/{comment}/properties/tool")
    api.post("/comment/list", {"ids": [int(comment)]}, expand="properties")
    api.delete(f"/comment/{comment}/properties/tool")
    api.delete(f"{at}/comment/{comment}")
    api.put(f"{at}/properties/other", 5)
    api.get(f"{at}/properties")
    api.get(f"{at}/properties/other")
    api.delete(f"{at}/properties/other")
    api.get(f"{at}/changelog")


def visit_worklogs(api: Api, at: str) -> None:
    properties = {"properties": [{"key": "tool", "value": {"id": 1}}]}
    body = {"timeSpent": "1h", "comment": doc("Did it"), **properties}
    first, second, third = (api.post(f"{at}/worklog", body).json["id"] for _ in range(3))
    one = f"{at}/worklog/{first}"
    api.get(f"{at}/worklog", expand="properties")
    api.get(one)
    api.put(one, {"timeSpentSeconds": 120}, expand="properties")
    api.get(f"{one}/properties")
    api.get(f"{one}/properties/tool")
    api.put(f"{one}/properties/tool", 5)
    api.delete(f"{one}/properties/tool")
    api.get(at, fields="worklog,timetracking,progress,aggregateprogress,timespent")
    api.delete(one)
    other = api.post(
        "/issue",
        {"fields": {"project": {"key": "FHP"}, "summary": "Other", "issuetype": {"name": "Task"}}},
    ).json["key"]
    moved = {"ids": [int(second)], "issueIdOrKey": other}
    assert api.post(f"{at}/worklog/move", moved).status == 204
    assert api.call("DELETE", f"{at}/worklog", body={"ids": [int(third)]}).status == 204
    api.site.clock.advance(timedelta(minutes=2))
    api.get("/worklog/updated", since=0, expand="properties")
    api.get("/worklog/deleted", since=0)
    api.post("/worklog/list", {"ids": [int(second)]}, expand="properties")


def visit_links(api: Api, key: str) -> None:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Linked"}
    other = api.post("/issue", {"fields": fields}).json["key"]
    ends = {"inwardIssue": {"key": key}, "outwardIssue": {"key": other}}
    assert api.post("/issueLink", {"type": {"name": "Blocks"}, **ends}).status == 201
    [link] = api.get(f"/issue/{other}").json["fields"]["issuelinks"]
    api.get(f"/issueLink/{link['id']}")
    api.get("/issueLinkType/10000")
    api.delete(f"/issueLink/{link['id']}")


def visit_attachments(api: Api, at: str) -> None:
    made = api.upload(f"{at}/attachments", ("a.png", b"picture"), kind="image/png").json
    place = made[0]["id"]
    api.get(at, fields="attachment")
    api.get(f"/attachment/{place}")
    api.get(f"/attachment/content/{place}")
    api.get(f"/attachment/{place}/expand/raw")
    api.get(f"/attachment/{place}/expand/human")
    api.get(f"/attachment/thumbnail/{place}", redirect="false")
    api.delete(f"/attachment/{place}")


def visit_bulk(api: Api, issue_id: str) -> None:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "One of many"}
    api.post("/issue/bulk", {"issueUpdates": [{"fields": fields}, {"fields": {}}]})
    asked = {"issueIdsOrKeys": [issue_id, "FHP-999"], "expand": ["changelog"], "properties": ["x"]}
    api.post("/issue/bulkfetch", asked)
    api.post("/changelog/bulkfetch", {"issueIdsOrKeys": [issue_id]})
    api.get("/search/jql", jql="project = FHP", fields="*all", expand="names,schema", maxResults=1)
    api.post("/search/jql", {"jql": "project = FHP", "fields": ["*navigable"]})
    api.post("/search/approximate-count", {"jql": "project = FHP"})
    api.get("/search", jql="project = FHP")
    api.post("/search", {"jql": "project = FHP"})
    api.post("/jql/parse", {"queries": ["project = FHP", "nonsense ="]})
    api.get("/jql/autocompletedata")
    api.get("/issue/picker", query="vis", currentJQL="project = FHP")
    api.get("/statuscategory/new")


def visit_metadata(api: Api) -> None:
    api.get("/issue/createmeta", projectKeys="FHP", expand="projects.issuetypes.fields")
    api.get("/issue/createmeta/REQ/issuetypes")
    api.get("/issue/createmeta/REQ/issuetypes/10002")
    lone = "project project/search project/TEAM project/FHP/statuses issuetype issuetype/10002 "
    lone += "status status/3 statuses/search statuscategory priority priority/2 priority/search "
    lone += "resolution field field/search label permissions myself users users/search serverInfo "
    lone += "configuration attachment/meta issueLinkType"
    for path in lone.split():
        assert api.get(f"/{path}").status == 200, path
    visit_people(api)


def visit_people(api: Api) -> None:
    me = api.get("/myself", expand="groups,applicationRoles").json["accountId"]
    everyone = {"accountId": me}
    for path in ("groups", "email", "email/bulk", "columns", "properties"):
        api.get(f"/user/{path}", **everyone)
    for path in ("viewissue/search", "permission/search", "picker"):
        api.get(f"/user/{path}", query="m", permissions="EDIT_ISSUES", projectKey="FHP")
    api.get("/user/assignable/multiProjectSearch", projectKeys="FHP,LIN")
    api.get("/user/bulk/migration", username="maya")
    api.get("/user/search/query", query="is assignee of FHP")
    api.get("/user/search/query/key", query="is assignee of FHP")
    api.put("/user/columns", b"columns=summary&columns=status")
    api.delete("/user/columns")
    api.put("/user/properties/tool", {"id": 1}, **everyone)
    api.get("/user/properties/tool", **everyone)
    api.delete("/user/properties/tool", **everyone)
    made = api.post("/user", {"emailAddress": "new@fernhill.example", "products": []}).json
    visit_groups(api, made["accountId"])
    api.delete("/user", accountId=made["accountId"])
    api.put("/mypreferences", b"false", key="tool")
    api.get("/mypreferences", key="tool")
    api.delete("/mypreferences", key="tool")
    api.put("/mypreferences/locale", {"locale": "de_DE"})
    api.get("/mypreferences/locale")
    api.get("/applicationrole")
    api.get("/applicationrole/jira-software")
    visit_schemes(api)
    visit_pictures(api)
    named = {"permissions": ["EDIT_ISSUES"], "projects": [10000], "issues": []}
    asked = {"globalPermissions": ["ADMINISTER"], "projectPermissions": [named]}
    api.post("/permissions/check", asked)
    api.post("/permissions/project", {"permissions": ["EDIT_ISSUES"]})
    api.get("/issuetype/project", projectId="10000")
    api.get("/mypermissions", permissions="BROWSE_PROJECTS,ADMINISTER", projectKey="FHP")
    api.get("/user", accountId=me)
    api.get("/user/search", query="maya")
    api.get("/user/assignable/search", project="FHP")
    api.get("/user/bulk", accountId=me)


def visit_schemes(api: Api) -> None:
    grant = {"permission": "EDIT_ISSUES", "holder": {"type": "anyone"}}
    made = api.post("/permissionscheme", {"name": "Open", "permissions": [grant]}).json
    at = f"/permissionscheme/{made['id']}"
    api.get("/permissionscheme", expand="all")
    api.get(at, expand="permissions")
    api.put(at, {"name": "Closed"})
    lead = {"permission": "EDIT_ISSUES", "holder": {"type": "projectLead"}}
    held = api.post(f"{at}/permission", lead).json["id"]
    api.get(f"{at}/permission")
    api.get(f"{at}/permission/{held}")
    api.delete(f"{at}/permission/{held}")
    api.get("/project/FHP/permissionscheme")
    api.put("/project/FHP/permissionscheme", {"id": 0})
    api.delete(at)


def visit_pictures(api: Api) -> None:
    for path in ("", "/avatar/10302", "/owner/10002"):
        assert api.get(f"/universal_avatar/view/type/issuetype{path}").status == 200
    api.get("/universal_avatar/type/project/owner/10000")
    api.get("/avatar/project/system")
    api.get("/instance/license")
    api.put("/announcementBanner", {"message": "Hello", "isEnabled": True})
    api.get("/announcementBanner")
    api.get("/auditing/record")
    api.get("/project/FHP/avatars")
    visit_instance(api)


def visit_instance(api: Api) -> None:
    api.get("/dashboard")
    api.get("/dashboard/10000")
    api.get("/dashboard/search", dashboardName="system")
    api.get("/application-properties", key="jira.title")
    api.get("/application-properties/advanced-settings")
    api.put("/application-properties/jira.title", {"value": "Jira"})


def visit_groups(api: Api, member: str) -> None:
    made = api.post("/group", {"name": "visitors"}).json
    api.post("/group/user", {"accountId": member}, groupId=made["groupId"])
    api.get("/group", groupId=made["groupId"], expand="users")
    api.get("/group/member", groupname="visitors", maxResults=1)
    api.get("/group/bulk", maxResults=1)
    api.get("/groups/picker", query="vis")
    api.get("/groupuserpicker", query="ma", showAvatar="true")
    api.delete("/group/user", groupId=made["groupId"], accountId=member)
    api.delete("/group", groupname="visitors")


def operations() -> set[tuple[str, str]]:
    """All that the simulator offers of Cloud's REST API."""
    return {(one.method, f"/rest/api/3{one.path}") for one in ENDPOINTS if one.on(CLOUD)}


@pytest.fixture(autouse=True)
def _needs_the_document() -> None:
    if document() is None:
        pytest.skip("Atlassian's OpenAPI document is not there (../shared/jira/openapi).")


def test_every_operation_answers_in_the_documented_form(api: Api) -> None:
    visit(api)
    assert operations() - api.asked == set()


def test_every_operation_is_one_of_the_document() -> None:
    found = document()
    assert found is not None
    assert {one for one in operations() if not found.has(*one)} == set()


def test_the_judge_sees_a_wrong_answer() -> None:
    found = document()
    assert found is not None
    assert found.complaints("GET", "/rest/api/3/myself", 200, {"accountId": 5}) != []
    assert found.complaints("GET", "/rest/api/3/issue/{id}", 200, {"nonsense": 1}) != []
