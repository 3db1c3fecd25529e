"""Permission schemes over REST, and which one a project uses."""

from dataclasses import replace

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest.permissions import require_administrator, seen_project
from jirasim.site import schemes
from jirasim.site.errors import Refusal
from jirasim.site.grants import Grant, Holder, PermissionScheme
from jirasim.site.model import Project
from jirasim.site.permissions import may
from jirasim.wire.entities import Json
from jirasim.wire.people import group

EXPAND = "permissions,user,group,projectRole,field,all"


def listed(call: Call) -> Answer:
    """GET /permissionscheme."""
    _require_reading(call)
    found = sorted(call.site.state.schemes.values(), key=lambda one: one.name)
    return Answer({"permissionSchemes": [_scheme(call, one) for one in found]})


def get(call: Call) -> Answer:
    """GET /permissionscheme/{id}"""
    _require_reading(call)
    return Answer(_scheme(call, _found(call)))


def create(call: Call) -> Answer:
    """POST /permissionscheme."""
    require_administrator(call)
    body = call.object()
    made = PermissionScheme(
        call.site.next_id("scheme", first=10001),
        _name(body),
        str(body.get("description") or ""),
        schemes.read_grants(call.site, body.get("permissions")),
    )
    return Answer(_scheme(call, schemes.save(call.site, made)), 201)


def change(call: Call) -> Answer:
    """PUT /permissionscheme/{id}: permissions that are named replace all."""
    require_administrator(call)
    before, body = _found(call), call.object()
    grants = before.grants
    if "permissions" in body:
        grants = schemes.read_grants(call.site, body["permissions"])
    description = str(body.get("description", before.description) or "")
    after = replace(before, name=_name(body), description=description, grants=grants)
    return Answer(_scheme(call, schemes.save(call.site, after)))


def delete(call: Call) -> Answer:
    """DELETE /permissionscheme/{id}"""
    require_administrator(call)
    schemes.remove(call.site, _found(call))
    return NO_CONTENT


def grants(call: Call) -> Answer:
    """GET /permissionscheme/{id}/permission."""
    _require_reading(call)
    scheme = _found(call)
    rows = [_grant(call, scheme, one) for one in scheme.grants]
    return Answer({"permissions": rows, "expand": "user,group,projectRole,field,all"})


def grant(call: Call) -> Answer:
    """GET /permissionscheme/{id}/permission/{grant}"""
    _require_reading(call)
    return Answer(_grant(call, *_found_grant(call)))


def add(call: Call) -> Answer:
    """POST /permissionscheme/{id}/permission; the same grant twice is refused on Cloud."""
    require_administrator(call)
    scheme = _found(call)
    made = schemes.read_grant(call.site, call.object())
    same = (made.permission, made.holder, made.parameter)
    if any((one.permission, one.holder, one.parameter) == same for one in scheme.grants):
        raise Refusal(400, "The same permission grant is already present.")
    schemes.save(call.site, replace(scheme, grants=(*scheme.grants, made)))
    return Answer(_grant(call, scheme, made), 201)


def take(call: Call) -> Answer:
    """DELETE /permissionscheme/{id}/permission/{grant}"""
    require_administrator(call)
    scheme, gone = _found_grant(call)
    left = tuple(one for one in scheme.grants if one.id != gone.id)
    schemes.save(call.site, replace(scheme, grants=left))
    return NO_CONTENT


def of_project(call: Call) -> Answer:
    """GET /project/{project}/permissionscheme."""
    return Answer(_scheme(call, schemes.of(call.site, _administered(call))))


def assign(call: Call) -> Answer:
    """PUT /project/{project}/permissionscheme: `{"id": …}`"""
    project = _administered(call)
    require_administrator(call)
    scheme = schemes.find(call.site, str(call.object().get("id")))
    schemes.use(call.site, project, scheme)
    return Answer(_scheme(call, scheme))


def _administered(call: Call) -> Project:
    project = seen_project(call, call.params["project"])
    if not may(call.user, "ADMINISTER", None) and not may(
        call.user, "ADMINISTER_PROJECTS", project
    ):
        raise Refusal(403, "You cannot view the configuration of this project.")
    return project


def _require_reading(call: Call) -> None:
    """Server shows schemes to those who administer something; Cloud to all."""
    places = call.site.state.projects.values()
    if call.product.cloud or any(may(call.user, "ADMINISTER_PROJECTS", one) for one in places):
        return
    require_administrator(call)


def _found(call: Call) -> PermissionScheme:
    return schemes.find(call.site, call.params["id"])


def _found_grant(call: Call) -> tuple[PermissionScheme, Grant]:
    scheme, wanted = _found(call), call.params["grant"]
    found = next((one for one in scheme.grants if one.id == wanted), None)
    if found is None:
        raise Refusal(404, f"Permission grant with id '{wanted}' does not exist.")
    return scheme, found


def _name(body: Json) -> str:
    name = str(body.get("name") or "")
    if not name.strip():
        raise Refusal(400, fields={"name": "The name of the permission scheme is required."})
    return name


def _scheme(call: Call, scheme: PermissionScheme) -> Json:
    body: Json = {
        "expand": EXPAND,
        "id": int(scheme.id),
        "self": f"{call.wire.api}/permissionscheme/{scheme.id}",
        "name": scheme.name,
        "description": scheme.description,
    }
    if call.query.get("expand"):
        body["permissions"] = [_grant(call, scheme, one) for one in scheme.grants]
    return body


def _grant(call: Call, scheme: PermissionScheme, grant: Grant) -> Json:
    return {
        "id": int(grant.id),
        "self": f"{call.wire.api}/permissionscheme/{scheme.id}/permission/{grant.id}",
        "holder": _holder(call, grant),
        "permission": grant.permission,
    }


def _holder(call: Call, grant: Grant) -> Json:
    """Cloud names groups by id too; Server gives the group itself where it is expanded."""
    body: Json = {"type": grant.holder.value}
    if not grant.parameter:
        return body
    parameter = grant.parameter
    if grant.holder is Holder.USER and not call.product.cloud:
        parameter = call.site.state.users[parameter].name
    body["parameter"] = parameter
    found = call.site.find_group(parameter) if grant.holder is Holder.GROUP else None
    if call.product.cloud:
        body["value"] = found.id if found is not None else parameter
    elif found is not None and call.query.get("expand"):
        body["group"] = group(call.wire, found)
    return {**body, "expand": grant.holder.value} if call.product.cloud else body


AT = "/permissionscheme"
ENDPOINTS = (
    Endpoint("GET", AT, listed),
    Endpoint("POST", AT, create),
    Endpoint("GET", f"{AT}/{{id}}", get),
    Endpoint("PUT", f"{AT}/{{id}}", change),
    Endpoint("DELETE", f"{AT}/{{id}}", delete),
    Endpoint("GET", f"{AT}/{{id}}/permission", grants),
    Endpoint("POST", f"{AT}/{{id}}/permission", add),
    Endpoint("GET", f"{AT}/{{id}}/permission/{{grant}}", grant),
    Endpoint("DELETE", f"{AT}/{{id}}/permission/{{grant}}", take),
    Endpoint("GET", "/project/{project}/permissionscheme", of_project),
    Endpoint("PUT", "/project/{project}/permissionscheme", assign),
)
