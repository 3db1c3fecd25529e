"""Making, changing and deleting the components of a project."""

from dataclasses import replace

from jirasim.site import issues, parts
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User
from jirasim.site.owners import Json, check_arranges, named_project, named_user, text_of
from jirasim.site.parts import Component
from jirasim.site.permissions import may
from jirasim.site.state import Site

ASSIGNEES = ("PROJECT_DEFAULT", "COMPONENT_LEAD", "PROJECT_LEAD", "UNASSIGNED")
EMPTY_NAME = "The component name specified is invalid - cannot be an empty string."
LEADS = ("leadAccountId", "leadUserName")
LONGEST_NAME = 255


def find(site: Site, user: User | None, component_id: str) -> Component:
    """The component.  Raises Refusal 404 when absent or hidden."""
    found = site.state.components.get(component_id)
    if found is None or not may(user, "BROWSE_PROJECTS", site.state.projects[found.project_id]):
        raise Refusal(404, f"The component with id {component_id} does not exist.")
    return found


def create(site: Site, actor: User, body: Json) -> Component:
    """A new component of the project that the body names."""
    if not body.get("project") and not body.get("projectId"):
        raise Refusal(400, fields={"project": "No project specified for the component."})
    project = named_project(site, actor, body)
    check_arranges(actor, project)
    blank = Component(id="", project_id=project.id, name="")
    made = replace(_filled(site, blank, body), id=site.next_id("component"))
    site.state.components[made.id] = made
    return made


def edit(site: Site, actor: User, component: Component, body: Json) -> Component:
    """Change what the body names."""
    check_arranges(actor, site.state.projects[component.project_id])
    after = _filled(site, component, body)
    site.state.components[after.id] = after
    site.revision += 1
    return after


def delete(site: Site, actor: User, component: Component, heir_id: str | None) -> None:
    """Delete it; its issues get the heir instead, if there is one."""
    check_arranges(actor, site.state.projects[component.project_id])
    heir = None if heir_id is None else find(site, actor, heir_id)
    for issue in holders(site, component):
        rest = tuple(one for one in issue.components if one != component.id)
        more = () if heir is None or heir.id in rest else (heir.id,)
        issues.change(site, actor, issue, {"components": (*rest, *more)})
    del site.state.components[component.id]
    site.revision += 1


def holders(site: Site, component: Component) -> list[Issue]:
    """The issues that have it."""
    return [one for one in site.state.issues.values() if component.id in one.components]


def _filled(site: Site, before: Component, body: Json) -> Component:
    name = text_of(body, "name", before.name)
    if not name:
        raise Refusal(400, fields={"name": EMPTY_NAME})
    if len(name) > LONGEST_NAME:
        raise Refusal(400, fields={"name": "The component name must not exceed 255 characters."})
    for one in parts.components_of(site.state.components, before.project_id):
        if one.id != before.id and one.name.casefold() == name.casefold():
            message = f"A component with the name {name} already exists in this project."
            raise Refusal(400, fields={"name": message})
    kind = text_of(body, "assigneeType", before.assignee_type)
    if kind not in ASSIGNEES:
        raise Refusal(400, fields={"assigneeType": f"The assignee type '{kind}' is not valid."})
    named = any(name in body for name in LEADS)
    return replace(
        before,
        name=name,
        description=text_of(body, "description", before.description),
        lead=named_user(site, body, *LEADS) if named else before.lead,
        assignee_type=kind,
    )
