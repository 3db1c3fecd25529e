"""Security schemes and levels over REST: reading them."""

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.rest.metadata import found
from jirasim.site.errors import Refusal
from jirasim.site.levels import SecurityScheme
from jirasim.site.owners import check_administrator, check_arranges
from jirasim.site.security import levels_for
from jirasim.wire.entities import Json


def schemes(call: Call) -> Answer:
    """GET /issuesecurityschemes."""
    check_administrator(call.user)
    rows = [_scheme(call, one) for one in call.site.state.security_schemes.values()]
    return Answer({"issueSecuritySchemes": rows})


def scheme(call: Call) -> Answer:
    """GET /issuesecurityschemes/{id}: with its levels."""
    check_administrator(call.user)
    known = call.site.state.security_schemes.get(call.params["id"])
    if known is None:
        raise Refusal(404, "The issue security scheme was not found.")
    return Answer(_whole(call, known))


def scheme_of_project(call: Call) -> Answer:
    """GET /project/{project}/issuesecuritylevelscheme."""
    project = found(call)
    check_arranges(call.user, project)
    known = call.site.state.security_schemes.get(project.details.security_id or "")
    if known is None:
        raise Refusal(404, "The project has no issue security scheme.")
    return Answer(_whole(call, known))


def levels_of_project(call: Call) -> Answer:
    """GET /project/{project}/securitylevel: those that the caller may give."""
    project = found(call)
    levels = levels_for(call.site, call.caller, project)
    return Answer({"levels": [call.wire.entities.security_level(one) for one in levels]})


def level(call: Call) -> Answer:
    """GET /securitylevel/{id}."""
    known = call.site.security_level(call.params["id"])
    if known is None:
        raise Refusal(404, "The issue security level was not found.")
    return Answer(call.wire.entities.security_level(known))


def _scheme(call: Call, scheme: SecurityScheme) -> Json:
    body: Json = {
        "self": f"{call.wire.api}/issuesecurityschemes/{scheme.id}",
        "id": int(scheme.id),
        "name": scheme.name,
        "description": scheme.description,
    }
    return (
        body if scheme.default is None else body | {"defaultSecurityLevelId": int(scheme.default)}
    )


def _whole(call: Call, scheme: SecurityScheme) -> Json:
    levels = [call.wire.entities.security_level(one) for one in scheme.levels]
    return {**_scheme(call, scheme), "levels": levels}


ENDPOINTS = (
    Endpoint("GET", "/issuesecurityschemes", schemes),
    Endpoint("GET", "/issuesecurityschemes/{id}", scheme),
    Endpoint("GET", "/project/{project}/issuesecuritylevelscheme", scheme_of_project),
    Endpoint("GET", "/project/{project}/securitylevel", levels_of_project, anonymous=True),
    Endpoint("GET", "/securitylevel/{id}", level, anonymous=True),
)
