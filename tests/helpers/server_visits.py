"""Visits of what an administrator of a Server sets up: filters, schemes, types, switches."""

from typing import Any

from helpers.jira_caller import Api, Reply


def ok(reply: Reply) -> Any:
    """What a call that must succeed answered."""
    assert reply.status < 300, reply.text
    return reply.json if "json" in reply.headers.get("content-type", "") else None


def visit_filters(server: Api) -> None:
    """A saved query, its shares, and its end."""
    wish = {"name": "Mine", "jql": "project = FHP", "favourite": True}
    at = f"/filter/{ok(server.post('/filter', wish))['id']}"
    ok(server.get(at))
    ok(server.put(at, {**wish, "description": "Changed"}))
    ok(server.get("/filter/favourite"))
    ok(server.put("/filter/defaultShareScope", {"scope": "PRIVATE"}))
    ok(server.get("/filter/defaultShareScope"))
    share = ok(
        server.post(f"{at}/permission", {"type": "group", "groupname": "jira-software-users"})
    )
    ok(server.get(f"{at}/permission"))
    ok(server.get(f"{at}/permission/{share[0]['id']}"))
    ok(server.delete(f"{at}/permission/{share[0]['id']}"))
    ok(server.delete(at))


def visit_schemes(server: Api) -> None:
    """What projects share: security, notifications, types and workflows."""
    scheme = ok(server.get("/issuesecurityschemes"))["issueSecuritySchemes"][0]
    levels = ok(server.get(f"/issuesecurityschemes/{scheme['id']}"))["levels"]
    ok(server.get(f"/securitylevel/{levels[0]['id']}"))
    told = ok(server.get("/notificationscheme"))["values"][0]
    ok(server.get(f"/notificationscheme/{told['id']}"))
    for path in ("issuesecuritylevelscheme", "notificationscheme", "securitylevel"):
        ok(server.get(f"/project/FHP/{path}"))
    for path in ("workflowscheme", "avatars"):
        ok(server.get(f"/project/FHP/{path}"))
    for path in ("/issuetypescheme", "/workflow", "/status/page", "/resolution/page"):
        ok(server.get(path))
    ok(server.get("/resolution/10000"))


def visit_types(server: Api) -> None:
    """A type of issue, made, changed and removed."""
    kind = {"name": "Spike", "description": "A look ahead", "type": "standard"}
    at = f"/issuetype/{ok(server.post('/issuetype', kind))['id']}"
    ok(server.put(at, {"name": "Probe"}))
    ok(server.get(f"{at}/alternatives"))
    ok(server.delete(at))


def visit_site(server: Api) -> None:
    """Dashboards, switches, and custom fields that nobody wants any more."""
    boards = ok(server.get("/dashboard"))["dashboards"]
    ok(server.get(f"/dashboard/{boards[0]['id']}"))
    ok(server.get("/application-properties"))
    first = ok(server.get("/application-properties/advanced-settings"))[0]
    wish = {"id": first["id"], "value": first["value"]}
    ok(server.put(f"/application-properties/{first['id']}", wish))
    field = {
        "name": "Spare",
        "type": f"{CUSTOM}:textfield",
        "searcherKey": f"{CUSTOM}:textsearcher",
    }
    made = ok(server.post("/field", field))["id"]
    ok(server.call("DELETE", "/customFields", query={"ids": made}))


CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes"
VISITS = (visit_filters, visit_schemes, visit_types, visit_site)
