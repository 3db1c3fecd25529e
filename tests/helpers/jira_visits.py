"""Uses operations of projects, their parts and fields once each, for the document to judge."""

from urllib.parse import parse_qsl

from helpers.jira_caller import Api


def visit_parts(api: Api) -> None:
    """Components and versions."""
    made = api.post("/component", {"project": "FHP", "name": "Visited", "description": "D"}).json
    at = f"/component/{made['id']}"
    api.get(at)
    api.put(at, {"name": "Revisited"})
    api.get(f"{at}/relatedIssueCounts")
    for path in ("/component", "/project/FHP/component", "/project/FHP/components"):
        assert api.get(path).status == 200, path
    api.delete(at)
    ids = [
        api.post("/version", {"project": "FHP", "name": name, "startDate": "2026-01-02"}).json["id"]
        for name in ("a", "b", "c", "d")
    ]
    at = f"/version/{ids[0]}"
    api.get(at, expand="issuesstatus")
    api.put(at, {"released": True, "releaseDate": "2026-02-03"})
    api.post(f"{at}/move", {"position": "Last"})
    api.get(f"{at}/relatedIssueCounts")
    api.get(f"{at}/unresolvedIssueCount")
    api.get("/project/FHP/version", expand="issuesstatus")
    api.get("/project/FHP/versions")
    assert api.put(f"{at}/mergeto/{ids[1]}").status == 204
    assert api.post(f"/version/{ids[2]}/removeAndSwap", {}).status == 204
    assert api.delete(f"/version/{ids[3]}").status == 204


def visit_projects(api: Api) -> None:
    """Projects with their roles, categories and properties."""
    lone = "recent type type/accessible type/software type/software/accessible FHP/hierarchy "
    lone += "FHP/email FHP/properties FHP/role FHP/roledetails FHP/role/10002"
    for path in lone.split():
        assert api.get(f"/project/{path}").status == 200, path
    for path in ("role", "role/10002", "role/10002/actors", "projectCategory"):
        assert api.get(f"/{path}").status == 200, path
    api.get("/projectvalidate/key", key="NEW")
    api.get("/projectvalidate/validProjectKey", key="NEW")
    api.get("/projectvalidate/validProjectName", name="New")
    me = api.get("/myself").json["accountId"]
    api.post("/project", {"key": "VIS", "name": "Visited", "leadAccountId": me})
    api.put("/project/VIS", {"description": "Again"})
    api.put("/project/VIS/email", {"emailAddress": "vis@jira.test"})
    visit_categories(api)
    api.put("/project/VIS/properties/tool", 1)
    api.get("/project/VIS/properties/tool")
    api.delete("/project/VIS/properties/tool")
    maya = next(iter(api.site.people())).account_id
    api.post("/project/VIS/role/10003", {"user": [maya]})
    api.put("/project/VIS/role/10003", {"categorisedActors": {"atlassian-user-role-actor": [maya]}})
    api.delete("/project/VIS/role/10003", user=maya)
    api.post("/project/VIS/archive")
    api.post("/project/VIS/restore")
    assert api.delete("/project/VIS").status == 204
    api.post("/project", {"key": "VISB", "name": "Visited twice", "leadAccountId": me})
    assert api.post("/project/VISB/delete").status == 303


def visit_categories(api: Api) -> None:
    at = "/projectCategory/{}".format(api.post("/projectCategory", {"name": "Visited"}).json["id"])
    api.get(at)
    api.put(at, {"description": "D"})
    api.delete(at)


def visit_fields(api: Api) -> None:
    """Custom fields, their contexts and choices."""
    kind = "com.atlassian.jira.plugin.system.customfieldtypes:select"
    name = api.post("/field", {"name": "Visited", "type": kind}).json["id"]
    at = f"/field/{name}/context"
    [context] = api.get(at).json["values"]
    for path in ("projectmapping", "issuetypemapping"):
        assert api.get(f"{at}/{path}").status == 200, path
    choices = f"{at}/{context['id']}/option"
    [made] = api.post(choices, {"options": [{"value": "One"}]}).json["options"]
    api.get(choices)
    api.put(choices, {"options": [{"id": made["id"], "value": "Two"}]})
    api.get(f"/customFieldOption/{made['id']}")
    default = {"type": "option.single", "contextId": context["id"], "optionId": made["id"]}
    api.put(f"{at}/defaultValue", {"defaultValues": [default]})
    assert api.get(f"{at}/defaultValue").json["values"] == [default]
    api.delete(f"{choices}/{made['id']}")
    api.get(f"/field/{name}/contexts")
    api.put(f"/field/{name}", {"description": "D"})
    api.post(f"/screens/addToDefault/{name}")
    api.post(f"/field/{name}/trash")
    api.get("/field/search/trashed")
    api.post(f"/field/{name}/restore")


def visit_configuration(api: Api) -> None:
    """Time tracking, priorities, resolutions, statuses, types and security."""
    at = "/configuration/timetracking"
    api.put(f"{at}/options", api.get(f"{at}/options").json)
    api.put(at, {"key": "JIRA"})
    lone = f"{at} {at}/list /resolution/search /resolution/10000 /issuesecurityschemes "
    lone += "/issuesecurityschemes/10000 /project/FHP/issuesecuritylevelscheme "
    lone += "/workflow/search?expand=statuses,transitions /notificationscheme "
    lone += "/project/FHP/notificationscheme /notificationscheme/10000?expand=all "
    lone += "/issuetypescheme /issuetypescheme/project?projectId=10000 /issuetypescheme/mapping "
    lone += "/workflowscheme/project?projectId=10000 "
    lone += "/project/FHP/securitylevel /securitylevel/10100 /issuetype/10002/alternatives"
    for whole in lone.split():
        path, _, query = whole.partition("?")
        assert api.get(path, **dict(parse_qsl(query))).status == 200, whole
    pair = {"projectId": "10050", "issueTypeId": "10002"}
    assert api.post("/workflows", {"projectAndIssueTypes": [pair]}).status == 200
    priority = api.post("/priority", {"name": "Visited", "statusColor": "#fff"}).json["id"]
    api.put(f"/priority/{priority}", {"description": "D"})
    api.put("/priority/move", {"ids": [priority], "position": "Last"})
    api.put("/priority/default", {"id": "3"})
    resolution = api.post("/resolution", {"name": "Visited"}).json["id"]
    api.put(f"/resolution/{resolution}", {"description": "D"})
    rows = [{"name": "Visited", "statusCategory": "TODO"}]
    scope = {"type": "GLOBAL"}
    status = api.post("/statuses", {"scope": scope, "statuses": rows}).json[0]["id"]
    api.get("/statuses", id=status)
    api.put("/statuses", {"statuses": [{**rows[0], "id": status}]})
    api.delete("/statuses", id=status)
    kind = api.post("/issuetype", {"name": "Visited"}).json["id"]
    api.put(f"/issuetype/{kind}", {"description": "D"})
    api.delete(f"/issuetype/{kind}")
