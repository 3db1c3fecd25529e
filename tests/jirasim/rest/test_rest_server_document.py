"""Every operation of Server answers as Data Center's document says, faults of it apart."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from helpers import server_visits
from helpers.jira_caller import Api
from helpers.jira_document import SERVER, document
from helpers.server_visits import ok
from helpers.visit_set_up import SET_UP

from jirasim.http.app import ENDPOINTS
from jirasim.site.product import SERVER_VERSION, Deployment, Product

NEWEST = Product(Deployment.SERVER, SERVER_VERSION)
UNDOCUMENTED = {
    ("DELETE", "/version/{id}"): "deprecated, and left out of the document since",
}
"""What Server offers although its document does not say so, each with its ground."""
FIELDS = {"project": {"key": "FHP"}, "issuetype": {"name": "Story"}, "summary": "Visited"}


def new_issue(server: Api, **more: object) -> str:
    return str(ok(server.post("/issue", {"fields": {**FIELDS, **more}}))["key"])


def visit_issue(server: Api) -> None:
    key = new_issue(server, description="*A text*", labels=["one"], priority={"name": "High"})
    at = f"/issue/{key}"
    new_issue(server, issuetype={"name": "Sub-task"}, parent={"key": key})
    ok(server.put(at, {"fields": {"summary": "Again"}, "update": {"labels": [{"add": "two"}]}}))
    ok(server.put(f"{at}/assignee", {"name": "maya"}))
    ok(server.put(f"{at}/properties/tool", 5))
    for path in ("properties", "properties/tool", "editmeta", "subtask"):
        ok(server.get(f"{at}/{path}"))
    ok(server.get(f"{at}/transitions", expand="transitions.fields"))
    ok(server.post(f"{at}/transitions", {"transition": {"id": "51"}}))
    expand = "renderedFields,names,schema,changelog,transitions,editmeta,operations"
    ok(server.get(at, expand=expand, properties="tool"))
    ok(server.delete(f"{at}/properties/tool"))
    bulk = {"issueUpdates": [{"fields": FIELDS}, {"fields": {}}]}
    ok(server.post("/issue/bulk", bulk))
    ok(server.get("/search", jql="project = FHP", fields="*all", expand="names,schema"))
    ok(server.post("/search", {"jql": "project = FHP", "fields": ["*navigable"]}))
    ok(server.get("/search", jql="project = NOPE", validateQuery="false"))
    ok(server.get("/issue/picker", query="vis", currentJQL="project = FHP"))
    ok(server.put(f"{at}/archive"))
    ok(server.get(at))
    ok(server.put(f"{at}/restore"))
    ok(
        server.post(
            f"{at}/notify", {"subject": "x", "textBody": "y", "to": {"users": [{"name": "maya"}]}}
        )
    )
    ok(server.delete(at, deleteSubtasks="true"))


def visit_comments(server: Api) -> None:
    at = f"/issue/{new_issue(server)}/comment"
    role = {"type": "role", "value": "Administrator"}
    made = ok(server.post(at, {"body": "_Said_", "visibility": role}, expand="renderedBody"))
    ok(server.get(at, expand="renderedBody"))
    ok(server.get(f"{at}/{made['id']}"))
    ok(server.put(f"{at}/{made['id']}", {"body": "Said better"}))
    place = f"/comment/{made['id']}/properties"
    ok(server.put(f"{place}/tool", {"id": 2}))
    ok(server.get(place))
    ok(server.get(f"{place}/tool"))
    ok(server.delete(f"{place}/tool"))
    assert server.put(f"{at}/{made['id']}/pin", True).status == 204
    ok(server.get(f"{at.removesuffix('/comment')}/pinned-comments"))
    ok(server.delete(f"{at}/{made['id']}"))


def visit_worklogs(server: Api) -> None:
    key = new_issue(server)
    at = f"/issue/{key}/worklog"
    first, second = (ok(server.post(at, {"timeSpent": "1h", "comment": "x"})) for _ in range(2))
    ok(server.get(at))
    ok(server.get(f"{at}/{first['id']}"))
    ok(server.put(f"{at}/{first['id']}", {"timeSpentSeconds": 120}))
    ok(server.get(f"/issue/{key}", fields="worklog,timetracking,progress,aggregateprogress"))
    ok(server.delete(f"{at}/{second['id']}"))
    server.site.clock.advance(timedelta(minutes=2))
    ok(server.get("/worklog/updated", since=0))
    ok(server.get("/worklog/deleted", since=0))
    ok(server.post("/worklog/list", {"ids": [int(first["id"])]}))


def visit_attachments(server: Api) -> None:
    key = new_issue(server)
    [made] = ok(server.upload(f"/issue/{key}/attachments", ("a.png", b"dots"), kind="image/png"))
    place = f"/attachment/{made['id']}"
    for path in ("/attachment/meta", place, f"{place}/expand/raw", f"{place}/expand/human"):
        ok(server.get(path))
    ok(server.get(f"/issue/{key}", fields="attachment"))
    ok(server.delete(place))


def visit_ties(server: Api) -> None:
    one, two = new_issue(server), new_issue(server)
    ends = {"inwardIssue": {"key": one}, "outwardIssue": {"key": two}}
    ok(server.post("/issueLink", {"type": {"name": "Blocks"}, **ends}))
    [link] = ok(server.get(f"/issue/{one}"))["fields"]["issuelinks"]
    ok(server.get(f"/issueLink/{link['id']}"))
    ok(server.delete(f"/issueLink/{link['id']}"))
    kind = {"name": "Follows", "inward": "is followed by", "outward": "follows"}
    made = ok(server.post("/issueLinkType", kind))
    ok(server.get("/issueLinkType"))
    ok(server.get(f"/issueLinkType/{made['id']}"))
    ok(server.put(f"/issueLinkType/{made['id']}", {"name": "Trails"}))
    ok(server.delete(f"/issueLinkType/{made['id']}"))
    at = f"/issue/{one}/remotelink"
    remote = {"globalId": "tool=1", "object": {"url": "https://x.example", "title": "X"}}
    place = f"{at}/{ok(server.post(at, remote))['id']}"
    ok(server.get(at))
    ok(server.get(place))
    ok(server.put(place, remote))
    ok(server.delete(place))
    ok(server.post(at, remote))
    ok(server.delete(at, globalId="tool=1"))
    ok(server.post(f"/issue/{one}/watchers", "maya"))
    ok(server.get(f"/issue/{one}/watchers"))
    ok(server.delete(f"/issue/{one}/watchers", username="maya"))
    maya = server.site.find_login("maya")
    assert maya is not None
    theirs = new_issue(server.as_user(maya))
    ok(server.post(f"/issue/{theirs}/votes"))
    ok(server.get(f"/issue/{theirs}/votes"))
    ok(server.delete(f"/issue/{theirs}/votes"))


def visit_metadata(server: Api) -> None:
    lone = "project project/TEAM project/FHP/statuses issuetype issuetype/10002 issuetype/page "
    lone += "status status/3 status/Done statuscategory statuscategory/new priority priority/2 "
    lone += "priority/page resolution field permissions mypermissions serverInfo configuration "
    lone += "jql/autocompletedata"
    for path in lone.split():
        ok(server.get(f"/{path}"))
    ok(server.get("/issue/createmeta/REQ/issuetypes"))
    ok(server.get("/issue/createmeta/REQ/issuetypes/10002"))
    ok(server.get("/projects/picker", query="fer"))
    ok(server.get("/jql/autocompletedata/suggestions", fieldName="status"))
    ok(server.put("/settings/baseUrl", b"http://jira.test"))


def visit_parts(server: Api) -> None:
    name = {"project": "LIN", "name": "Web"}
    at = "/component/{}".format(ok(server.post("/component", name))["id"])
    ok(server.get(at))
    ok(server.put(at, {"description": "Pages"}))
    ok(server.get(f"{at}/relatedIssueCounts"))
    ok(server.get("/project/LIN/components"))
    ok(server.get("/component/page", projectIds="10001"))
    ok(server.delete(at))
    versions = [ok(server.post("/version", {**name, "name": f"{one}.0"})) for one in range(4)]
    one, two, three, four = (f"/version/{made['id']}" for made in versions)
    ok(server.get(one))
    ok(server.get("/version"))
    ok(server.put(one, {"released": True, "releaseDate": "2026-03-01"}))
    ok(server.post(f"{two}/move", {"position": "First"}))
    ok(server.get(f"{one}/relatedIssueCounts"))
    ok(server.get(f"{one}/unresolvedIssueCount"))
    ok(server.get("/project/LIN/versions"))
    ok(server.get("/project/LIN/version"))
    ok(server.put(f"{one}/mergeto/{versions[1]['id']}"))
    ok(server.post(f"{two}/removeAndSwap", {}))
    ok(server.delete(three))
    ok(server.get(four))


def visit_people(server: Api) -> None:
    maya, groups = {"username": "maya"}, {"groupname": "visitors"}
    ok(server.get("/myself", expand="groups,applicationRoles"))
    ok(server.get("/user", **maya))
    ok(server.get("/user/list", maxResults=2))
    for path in ("duplicated/count", "duplicated/list", "a11y/personal-settings", "columns"):
        ok(server.get(f"/user/{path}"))
    ok(server.get("/applicationrole"))
    ok(server.get("/applicationrole/jira-software"))
    ok(server.get("/user/search", username="m"))
    ok(server.get("/user/assignable/search", project="FHP", username="m"))
    ok(server.get("/user/assignable/multiProjectSearch", projectKeys="FHP,LIN"))
    ok(server.get("/user/permission/search", permissions="EDIT_ISSUES", projectKey="FHP", **maya))
    ok(server.get("/user/viewissue/search", projectKey="FHP", **maya))
    for path in ("user/picker", "groups/picker", "groupuserpicker"):
        ok(server.get(f"/{path}", query="ma"))
    ok(server.post("/group", {"name": "visitors"}))
    ok(server.post("/group/user", {"name": "maya"}, **groups))
    ok(server.get("/group/member", **groups))
    ok(server.delete("/group/user", **groups, **maya))
    ok(server.delete("/group", **groups))
    place = {**maya, "applicationKey": "jira-software"}
    ok(server.delete("/user/application", **place))
    ok(server.post("/user/application", **place))
    ok(server.put("/user/columns", b"columns=summary"))
    ok(server.delete("/user/columns"))
    ok(server.put("/user/properties/tool", {"id": 1}, **maya))
    ok(server.get("/user/properties", **maya))
    ok(server.get("/user/properties/tool", **maya))
    ok(server.delete("/user/properties/tool", **maya))
    ok(server.put("/mypreferences", b"x", key="tool"))
    ok(server.get("/mypreferences", key="tool"))
    ok(server.delete("/mypreferences", key="tool"))


def visit_accounts(server: Api) -> None:
    person = {"name": "nils", "displayName": "Nils", "emailAddress": "nils@fernhill.example"}
    ok(server.post("/user", {**person, "password": "secret of Nils"}))
    ok(server.put("/user", {"displayName": "Nils Holm"}, username="nils"))
    ok(server.put("/user/password", {"password": "another secret"}, username="nils"))
    ok(server.delete("/user/session/nils"))
    ok(server.delete("/user", username="nils"))
    me = server.site.state.users[server.site.state.service_account]
    mine = server.site.state.passwords[me.account_id]
    ok(server.put("/myself", {"displayName": "Sync", "password": mine}))
    ok(server.put("/myself/password", {"password": "a new one", "currentPassword": mine}))
    maya, aiko = (ok(server.get("/user", username=one))["key"] for one in ("maya", "aiko"))
    ok(server.get("/user/anonymization", userKey=maya))
    ok(server.post("/user/anonymization", {"userKey": maya, "newOwnerKey": aiko}))
    ok(server.get("/user/anonymization/progress", taskId=1))


def visit_projects(server: Api) -> None:
    category = ok(server.post("/projectCategory", {"name": "Inner"}))["id"]
    ok(server.put(f"/projectCategory/{category}", {"name": "Outer"}))
    ok(server.get("/projectCategory"))
    ok(server.get(f"/projectCategory/{category}"))
    names = {"key": "NEW", "name": "New", "lead": "maya", "projectTypeKey": "software"}
    kanban = "com.pyxis.greenhopper.jira:gh-simplified-kanban-classic"
    ok(server.post("/project", {**names, "projectTemplateKey": kanban}))
    at, role = "/project/NEW", "/project/NEW/role/10002"
    ok(server.put(at, {"description": "Fresh"}))
    ok(server.get(f"{at}/role"))
    ok(server.post(role, {"user": ["aiko"]}))
    ok(server.put(role, {"categorisedActors": {"atlassian-user-role-actor": ["jonas"]}}))
    ok(server.get(role))
    ok(server.delete(role, user="jonas"))
    for path in ("role", "role/10002", "role/10002/actors"):
        ok(server.get(f"/{path}"))
    ok(server.get("/projectvalidate/key", key="FHP"))
    for path in ("", "/software", "/software/accessible"):
        ok(server.get(f"/project/type{path}"))
    ok(server.put(f"{at}/properties/tool", {"a": 1}))
    ok(server.get(f"{at}/properties"))
    ok(server.get(f"{at}/properties/tool"))
    ok(server.delete(f"{at}/properties/tool"))
    ok(server.put(f"{at}/archive"))
    ok(server.put(f"{at}/restore"))
    ok(server.delete(at))
    ok(server.delete(f"/projectCategory/{category}"))


def visit_administration(server: Api) -> None:
    grant = {"holder": {"type": "projectRole", "parameter": "10002"}, "permission": "EDIT_ISSUES"}
    made = ok(server.post("/permissionscheme", {"name": "Open", "permissions": [grant]}))
    at = f"/permissionscheme/{made['id']}"
    ok(server.get("/permissionscheme", expand="all"))
    ok(server.get(at, expand="all"))
    ok(server.put(at, {"name": "Wide"}))
    more = ok(server.post(f"{at}/permission", {**grant, "permission": "ADD_COMMENTS"}))
    ok(server.get(f"{at}/permission"))
    ok(server.get(f"{at}/permission/{more['id']}"))
    ok(server.delete(f"{at}/permission/{more['id']}"))
    ok(server.delete(at))
    ok(server.put("/project/FHP/permissionscheme", {"id": 0}))
    ok(server.get("/project/FHP/permissionscheme"))
    plugin = "com.atlassian.jira.plugin.system.customfieldtypes"
    field = ok(server.post("/field", {"name": "Fresh", "type": f"{plugin}:float"}))["id"]
    ok(server.post(f"/screens/addToDefault/{field}"))
    ok(server.get("/customFields"))
    ok(server.get("/customFieldOption/10140"))
    ok(server.get("/customFields/10031/options"))
    ok(server.get("/universal_avatar/type/project/owner/10000"))
    ok(server.get("/avatar/project/system"))
    ok(server.get("/user/avatars", username="maya"))


VISITS: tuple[Callable[[Api], None], ...] = (
    visit_issue,
    visit_comments,
    visit_worklogs,
    visit_attachments,
    visit_ties,
    visit_metadata,
    visit_parts,
    visit_people,
    visit_projects,
    visit_administration,
    visit_accounts,
    *server_visits.VISITS,
    *SET_UP,
)


def operations() -> set[tuple[str, str]]:
    """All that the simulator offers of Server's REST API."""
    return {(one.method, f"/rest/api/2{one.path}") for one in ENDPOINTS if one.on(NEWEST)}


@pytest.fixture(autouse=True)
def _needs_the_document() -> None:
    if document(SERVER) is None:
        pytest.skip("Atlassian's OpenAPI document is not there (../shared/jira/openapi).")


def test_every_operation_answers_in_the_documented_form(server: Api) -> None:
    visited = replace(server, asked=set())
    for visit in VISITS:
        visit(visited)
    assert operations() - visited.asked == set()


def test_every_operation_is_one_of_the_document() -> None:
    found = document(SERVER)
    assert found is not None
    strange = {one for one in operations() if not found.has(*one)}
    assert strange == {(method, f"/rest/api/2{path}") for method, path in UNDOCUMENTED}


def test_sessions_are_those_of_the_document(server: Api) -> None:
    found = document(SERVER)
    assert found is not None
    me = server.site.state.users[server.site.state.service_account]
    login = {"username": me.name, "password": server.site.state.passwords[me.account_id]}
    at = "/rest/auth/1/session"
    for method, body in (("POST", login), ("GET", None), ("DELETE", None)):
        reply = server.call(method, at, body=body)
        assert found.complaints(method, at, reply.status, reply.json) == []


def test_the_judge_sees_a_wrong_answer() -> None:
    found = document(SERVER)
    assert found is not None
    assert found.complaints("GET", "/rest/api/2/search", 200, {"issues": {}}) != []
    assert found.complaints("GET", "/rest/api/2/project", 200, {"id": "1"}) != []
    assert found.complaints("GET", "/rest/api/2/issuetype/page", 200, {"values": [5]}) != []
