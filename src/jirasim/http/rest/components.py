"""Components of projects over REST."""

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.http.rest.metadata import found
from jirasim.http.sorting import ordered
from jirasim.site import components, parts
from jirasim.site.errors import project_unseen
from jirasim.site.parts import Component
from jirasim.site.permissions import may, visible_projects
from jirasim.site.product import on_cloud, on_server
from jirasim.wire.entities import Json
from jirasim.wire.parts import whole_component

SORTS = {
    "name": lambda one: one.name.casefold(),
    "description": lambda one: one.description.casefold(),
    "lead": lambda one: one.lead or "",
}


def create(call: Call) -> Answer:
    """POST /component."""
    made = components.create(call.site, call.user, call.object())
    return Answer(whole_component(call.wire, made), 201)


def get(call: Call) -> Answer:
    """GET /component/{id}."""
    return Answer(whole_component(call.wire, _found(call)))


def edit(call: Call) -> Answer:
    """PUT /component/{id}."""
    after = components.edit(call.site, call.user, _found(call), call.object())
    return Answer(whole_component(call.wire, after))


def delete(call: Call) -> Answer:
    """DELETE /component/{id}?moveIssuesTo=…"""
    components.delete(call.site, call.user, _found(call), call.query.get("moveIssuesTo") or None)
    return NO_CONTENT


def counts(call: Call) -> Answer:
    """GET /component/{id}/relatedIssueCounts."""
    component = _found(call)
    number = len(components.holders(call.site, component))
    return Answer({"self": f"{call.wire.api}/component/{component.id}", "issueCount": number})


def of_project(call: Call) -> Answer:
    """GET /project/{project}/components: all of them."""
    mine = parts.components_of(call.site.state.components, found(call).id)
    return Answer([whole_component(call.wire, one) for one in mine])


def page_of_project(call: Call) -> Answer:
    """GET /project/{project}/component: in pages, with how many issues each has."""
    project = found(call)
    rows = _matching(call, parts.components_of(call.site.state.components, project.id))

    def write(component: Component) -> Json:
        number = len(components.holders(call.site, component))
        return {**whole_component(call.wire, component), "issueCount": number}

    return Answer(page(call, rows, write, path=f"/project/{project.key}/component"))


def everywhere(call: Call) -> Answer:
    """GET /component on Cloud: those of the projects that are named, or of all."""
    wanted = call.query.getlist("projectIdsOrKeys")
    rows = _matching(call, _in_projects(call, [one for row in wanted for one in row.split(",")]))
    return Answer(page(call, rows, call.wire.entities.component, path="/component"))


def paged(call: Call) -> Answer:
    """GET /component/page on Server."""
    wanted = call.query.get("projectIds", "")
    rows = _matching(call, _in_projects(call, [one for one in wanted.split(",") if one]))

    def write(component: Component) -> Json:
        return whole_component(call.wire, component)

    return Answer(page(call, rows, write, path="/component/page", size=100))


def _in_projects(call: Call, wanted: list[str]) -> list[Component]:
    projects = visible_projects(call.site, call.caller)
    if wanted:
        named = [(one, call.site.find_project(one)) for one in wanted]
        for text, project in named:
            if project is None or not may(call.caller, "BROWSE_PROJECTS", project):
                raise project_unseen(text)
        projects = tuple(project for _, project in named if project is not None)
    table = call.site.state.components
    return [one for project in projects for one in parts.components_of(table, project.id)]


def _matching(call: Call, rows: list[Component]) -> list[Component]:
    text = call.query.get("query", "").casefold()
    kept = [one for one in rows if text in f"{one.name} {one.description}".casefold()]
    return ordered(call, kept, SORTS)


def _found(call: Call) -> Component:
    return components.find(call.site, call.caller, call.params["id"])


ENDPOINTS = (
    Endpoint("GET", "/component", everywhere, on=on_cloud, anonymous=True),
    Endpoint("GET", "/component/page", paged, on=on_server, anonymous=True),
    Endpoint("POST", "/component", create),
    Endpoint("GET", "/component/{id}", get, anonymous=True),
    Endpoint("PUT", "/component/{id}", edit),
    Endpoint("DELETE", "/component/{id}", delete),
    Endpoint("GET", "/component/{id}/relatedIssueCounts", counts, anonymous=True),
    Endpoint("GET", "/project/{project}/components", of_project, anonymous=True),
    Endpoint("GET", "/project/{project}/component", page_of_project, on=on_cloud, anonymous=True),
)
