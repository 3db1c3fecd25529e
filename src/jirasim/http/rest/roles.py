"""Project roles over REST, and those who play them."""

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest.metadata import found
from jirasim.site import roles
from jirasim.site.model import Project
from jirasim.site.owners import check_administrator
from jirasim.site.permissions import ROLE_IDS
from jirasim.site.product import on_cloud
from jirasim.wire.projects import role_json, role_links


def links(call: Call) -> Answer:
    """GET /project/{project}/role: addresses by name."""
    return Answer(role_links(call.wire, found(call)))


def details(call: Call) -> Answer:
    """GET /project/{project}/roledetails."""
    project = found(call)
    rows = [
        {
            "self": link,
            "name": name,
            "id": int(ROLE_IDS[name]),
            "description": roles.DESCRIPTIONS[name],
            "admin": name == "Administrator",
            "default": name == "Member",
            "roleConfigurable": True,
            "translatedName": name,
        }
        for name, link in role_links(call.wire, project).items()
    ]
    return Answer(rows)


def get(call: Call) -> Answer:
    """GET /project/{project}/role/{id}: with everybody who plays it."""
    project, role = found(call), roles.role_named(call.params["id"])
    return Answer(role_json(call.wire, role, project))


def add(call: Call) -> Answer:
    """POST /project/{project}/role/{id}: more people and groups."""
    project, role = _arranged(call)
    after = roles.add(call.site, project, role, call.object())
    return Answer(role_json(call.wire, role, after))


def put(call: Call) -> Answer:
    """PUT /project/{project}/role/{id}: exactly these people and groups."""
    project, role = _arranged(call)
    after = roles.put(call.site, project, role, call.object())
    return Answer(role_json(call.wire, role, after))


def remove(call: Call) -> Answer:
    """DELETE /project/{project}/role/{id}?user=…"""
    project, role = _arranged(call)
    roles.remove(call.site, project, role, call.query)
    return NO_CONTENT


def everywhere(call: Call) -> Answer:
    """GET /role: all roles of the site."""
    check_administrator(call.user)
    return Answer([role_json(call.wire, role, None) for role in ROLE_IDS])


def one(call: Call) -> Answer:
    """GET /role/{id}."""
    check_administrator(call.user)
    return Answer(role_json(call.wire, roles.role_named(call.params["id"]), None))


def default_actors(call: Call) -> Answer:
    """GET /role/{id}/actors: who plays it in every new project; nobody here."""
    check_administrator(call.user)
    role_json(call.wire, roles.role_named(call.params["id"]), None)
    return Answer({"actors": []})


def _arranged(call: Call) -> tuple[Project, str]:
    project = found(call)
    roles.check(call.user, project)
    return project, roles.role_named(call.params["id"])


ENDPOINTS = (
    Endpoint("GET", "/project/{project}/role", links),
    Endpoint("GET", "/project/{project}/roledetails", details, on=on_cloud),
    Endpoint("GET", "/project/{project}/role/{id}", get),
    Endpoint("POST", "/project/{project}/role/{id}", add),
    Endpoint("PUT", "/project/{project}/role/{id}", put),
    Endpoint("DELETE", "/project/{project}/role/{id}", remove),
    Endpoint("GET", "/role", everywhere),
    Endpoint("GET", "/role/{id}", one),
    Endpoint("GET", "/role/{id}/actors", default_actors),
)
