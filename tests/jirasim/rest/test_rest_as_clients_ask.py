"""What independent clients asked for and did not get: each refusal or gap that one revealed."""

from typing import Any

import pytest
from helpers.jira_caller import Api, doc

from jirasim.site.product import CLOUD

ROLE = "/project/FHP/role"
MEMBER, VIEWER = "10003", "10004"


@pytest.fixture(params=["api", "server"])
def either(request: pytest.FixtureRequest) -> Api:
    """An empty site of either product."""
    found: Api = request.getfixturevalue(request.param)
    return found


def _make(api: Api) -> str:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Asked"}
    return str(api.post("/issue", {"fields": fields}).json["key"])


def _name(api: Api, account_id: str) -> str:
    return account_id if api.site.product.cloud else api.site.state.users[account_id].name


def test_somebody_plays_several_roles_and_leaves_one(either: Api) -> None:
    maya = either.site.state.people[2]
    shown = either.site.state.users[maya].display_name
    assert shown in _actors(either, MEMBER)
    added = either.post(f"{ROLE}/{VIEWER}", {"user": [_name(either, maya)]})
    assert added.status == 200
    assert shown in _actors(either, VIEWER)
    assert shown in _actors(either, MEMBER)
    assert either.delete(f"{ROLE}/{VIEWER}", user=_name(either, maya)).status == 204
    assert shown not in _actors(either, VIEWER)
    assert shown in _actors(either, MEMBER)


def _actors(api: Api, role: str) -> list[str]:
    return [one["displayName"] for one in api.get(f"{ROLE}/{role}").json["actors"]]


@pytest.mark.parametrize("automatic", [-1, "-1"])
def test_automatic_may_be_written_as_a_number(either: Api, automatic: object) -> None:
    """pycontribs/jira sends the number; Jira's bean makes text of it."""
    key, cloud = _make(either), either.site.product.cloud
    name = "accountId" if cloud else "name"
    assert either.put(f"/issue/{key}/assignee", {name: automatic}).status == 204
    assert either.put(f"/issue/{key}/assignee", {name: 17}).status in {400, 404}


def test_the_system_dashboard_is_there(either: Api) -> None:
    page = either.get("/dashboard").json
    assert (page["total"], page["dashboards"][0]["name"]) == (1, "System Dashboard")
    one = either.get("/dashboard/10000").json
    assert one["view"].endswith("/secure/Dashboard.jspa?selectPageId=10000")
    assert either.get("/dashboard", filter="favourite").json["dashboards"] == []
    assert either.get("/dashboard", filter="nonsense").status == 400
    assert either.get("/dashboard/10001").status == 404


def test_dashboards_are_searched_on_cloud(api: Api) -> None:
    assert api.get("/dashboard/search", dashboardName="system").json["total"] == 1
    assert api.get("/dashboard/search", dashboardName="other").json["total"] == 0


def test_application_properties_are_for_administrators(either: Api) -> None:
    path = "/application-properties"
    assert len(either.get(path, keyFilter="jira.lf.*").json) == 4
    assert len(either.get(f"{path}/advanced-settings").json) > 4
    assert _one(either.get(path, key="jira.title").json)["value"] == "Jira"
    changed = either.put(f"{path}/jira.title", {"id": "jira.title", "value": "Ours"})
    assert (changed.status, changed.json["value"]) == (200, "Ours")
    assert _one(either.get(path, key="jira.title").json)["defaultValue"] == "Jira"
    assert either.put(f"{path}/jira.nonsense", {"value": "x"}).status == 404
    iso = "jira.date.time.picker.use.iso8601"
    assert either.put(f"{path}/{iso}", {"value": "perhaps"}).status == 400
    maya = either.as_user(either.site.state.users[either.site.state.people[0]])
    assert maya.get(path).status == 403


def _one(body: Any) -> dict[str, Any]:
    """Cloud's document knows lists only, Server answers one object."""
    found: dict[str, Any] = body[0] if isinstance(body, list) else body
    return found


def test_comments_are_pinned_on_server(server: Api) -> None:
    key = _make(server)
    first, second = (
        server.post(f"/issue/{key}/comment", {"body": body}).json["id"] for body in ("a", "b")
    )
    for number in (first, second):
        assert server.put(f"/issue/{key}/comment/{number}/pin", True).status == 204
    pins = server.get(f"/issue/{key}/pinned-comments").json
    assert {one["comment"]["id"] for one in pins} == {first, second}
    assert pins[0]["pinnedBy"] == "duolog-sync"
    assert server.put(f"/issue/{key}/comment/{first}/pin", False).status == 204
    assert len(server.get(f"/issue/{key}/pinned-comments").json) == 1
    assert server.put(f"/issue/{key}/comment/1/pin", True).status == 404
    assert server.put(f"/issue/{key}/comment/{first}/pin", {"pin": 1}).status == 400


def test_a_project_tells_its_avatars(either: Api) -> None:
    avatars = either.get("/project/FHP/avatars").json
    assert len([one for one in avatars["system"] if one["isSelected"]]) == 1
    assert avatars["custom"] == []


def test_older_addresses_of_files_lead_to_them_on_cloud(api: Api) -> None:
    """`jira-client` of npm asks where older bodies of Cloud had their `content`."""
    assert api.site.product == CLOUD
    key = _make(api)
    [made] = api.upload(f"/issue/{key}/attachments", ("note.txt", b"hello")).json
    found = api.get(f"/secure/attachment/{made['id']}/note.txt")
    assert found.status == 303


def test_older_clients_ask_greenhopper_for_boards_and_sprints(either: Api) -> None:
    """`jira` before 3 and `jira-client` of npm do; the forms are those that clients declare."""
    base = "/rest/greenhopper/1.0"
    views = {one["name"]: one for one in either.get(f"{base}/rapidviews/list").json["views"]}
    assert {name: one["sprintSupportEnabled"] for name, one in views.items()} == {
        "FHP board": True,
        "FHP Kanban": False,
        "TEAM board": False,
    }
    assert views["FHP board"]["filter"]["query"].startswith("project")
    found = either.get(f"{base}/sprintquery/1").json
    assert [one["state"] for one in found["sprints"]] == ["CLOSED", "CLOSED", "ACTIVE", "FUTURE"]
    assert found["rapidViewId"] == 1
    now = either.get(f"{base}/sprintquery/1", includeHistoricSprints="false").json["sprints"]
    assert [one["state"] for one in now] == ["ACTIVE", "FUTURE"]
    assert either.get(f"{base}/sprintquery/99").status == 404


def test_workflow_schemes_are_listed_and_read_one_by_one(api: Api) -> None:
    rows = api.get("/workflowscheme", maxResults=3).json
    assert len(rows["values"]) == 3 < rows["total"]
    one = rows["values"][0]
    alone = api.get(f"/workflowscheme/{one['id']}").json
    assert alone == {**one, "draft": False}
    project = api.get("/project/FHP").json["id"]
    [used] = api.get("/workflowscheme/project", projectId=project).json["values"]
    scheme = used["workflowScheme"]
    assert api.get(f"/workflowscheme/{scheme['id']}").json == {**scheme, "draft": False}


def test_a_workflow_scheme_is_for_administrators(either: Api) -> None:
    number = 10000
    assert either.get(f"/workflowscheme/{number}").json["id"] == number
    assert either.get("/workflowscheme/77").status == 404
    aiko = either.as_user(either.site.state.users[either.site.state.people[1]])
    refused = 403 if either.site.product.cloud else 401
    assert aiko.get(f"/workflowscheme/{number}").status == refused


def test_which_notification_scheme_a_project_has(api: Api) -> None:
    at, project = "/notificationscheme/project", api.get("/project/FHP").json["id"]
    row = {"notificationSchemeId": "10000", "projectId": project}
    assert api.get(at, projectId=project).json["values"] == [row]
    assert row in api.get(at, notificationSchemeId=10000).json["values"]
    assert api.get(at, notificationSchemeId=77).json["values"] == []
    assert api.get(at, projectId="FHP").status == 400


def test_events_are_for_administrators(api: Api) -> None:
    assert {"id": 3, "name": "Issue Assigned"} in api.get("/events").json
    aiko = api.as_user(api.site.state.users[api.site.state.people[1]])
    assert aiko.get("/events").status == 403


@pytest.mark.parametrize("written", ["31", 31, {"id": "31"}])
def test_a_transition_may_be_its_number_alone(either: Api, written: object) -> None:
    """jiratui sends the number where the documents have an object with an `id`."""
    key = _make(either)
    assert either.post(f"/issue/{key}/transitions", {"transition": written}).status == 204
    status = either.get(f"/issue/{key}", fields="status").json["fields"]["status"]
    assert status["name"] == "In Progress"


@pytest.mark.parametrize("written", ["Closed", {"id": "Closed"}])
def test_a_transition_is_no_name_on_cloud(api: Api, written: object) -> None:
    """As mozilla/jira-bugzilla-integration#303 and PipedreamHQ/pipedream#7256 report."""
    refused = api.post(f"/issue/{_make(api)}/transitions", {"transition": written})
    assert refused.status == 400
    assert refused.json["errorMessages"] == ["'transition' identifier must be an integer"]


@pytest.mark.parametrize("written", [None, True, [], ["31"], {}, {"id": None}])
def test_a_transition_that_is_none_is_missing(either: Api, written: object) -> None:
    refused = either.post(f"/issue/{_make(either)}/transitions", {"transition": written})
    assert refused.status == 400
    assert refused.json["errorMessages"] == ["Missing 'transition' identifier"]


def test_a_comment_is_for_the_role_of_the_documents_examples(either: Api) -> None:
    """`Administrators` is what every Jira begins with, and what clients' own examples say."""
    at = f"/issue/{_make(either)}/comment"
    only = {"type": "role", "value": "Administrators"}
    cloud = either.site.product.cloud
    hidden = either.post(at, {"body": doc("Quiet") if cloud else "Quiet", "visibility": only})
    assert hidden.status == 201
    assert hidden.json["visibility"]["value"] == "Administrators"
    aiko = either.as_user(either.site.state.users[either.site.state.people[1]])
    assert aiko.get(at).json["comments"] == []
    [seen] = either.get(at).json["comments"]
    assert seen["id"] == hidden.json["id"]
    assert "Administrators" in either.get(ROLE).json


def test_the_field_configuration_tells_what_must_be_filled(api: Api) -> None:
    [one] = api.get("/fieldconfiguration").json["values"]
    assert one["isDefault"]
    assert api.get("/fieldconfiguration", isDefault="false").json["values"] == []
    assert api.get("/fieldconfiguration", id=77).json["values"] == []
    at = f"/fieldconfiguration/{one['id']}/fields"
    rows = {row["id"]: row["isRequired"] for row in api.get(at, maxResults=1000).json["values"]}
    assert (rows["summary"], rows["description"]) == (True, False)
    assert api.get("/fieldconfiguration/77/fields").status == 404
    aiko = api.as_user(api.site.state.users[api.site.state.people[1]])
    assert aiko.get(at).status == aiko.get("/fieldconfiguration").status == 403


def test_a_project_is_deleted_by_a_task(api: Api) -> None:
    aiko = api.as_user(api.site.state.users[api.site.state.people[1]])
    assert aiko.post("/project/LIN/delete", {}).status in {403, 404}
    begun = api.post("/project/LIN/delete", {})
    assert begun.status == 303
    task = api.get(f"/task/{begun.headers['location'].rpartition('/')[2]}").json
    assert (task["status"], task["progress"]) == ("COMPLETE", 100)
    assert api.get("/project/LIN").status == 404
    assert api.post("/project/LIN/delete", {}).status == 404


def test_labels_are_completed_where_forms_say(either: Api) -> None:
    key = _make(either)
    assert either.put(f"/issue/{key}", {"fields": {"labels": ["ferry", "<ferns>"]}}).status == 204
    form = either.get(f"/issue/{key}/editmeta").json["fields"]["labels"]
    at = form["autoCompleteUrl"].removeprefix("http://jira.test").removesuffix("?query=")
    found = either.get(at, query="FER").json
    assert found == {"token": "FER", "suggestions": [{"label": "ferry", "html": "<b>fer</b>ry"}]}
    [marked] = either.get(at, query="<").json["suggestions"]
    assert marked["html"] == "<b>&lt;</b>ferns&gt;"
    assert either.anonymous().get(at, query="FER").json["suggestions"] == []
