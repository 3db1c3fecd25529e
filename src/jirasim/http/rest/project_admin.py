"""Making, changing, archiving and deleting projects over REST; categories and properties."""

from dataclasses import replace

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest import kept_properties
from jirasim.http.rest.metadata import found
from jirasim.site import projects, tasks
from jirasim.site.errors import Refusal, project_unseen
from jirasim.site.model import Project
from jirasim.site.owners import check_administrator, check_arranges, text_of
from jirasim.site.permissions import may
from jirasim.site.product import on_cloud, on_server
from jirasim.site.project_details import ProjectCategory
from jirasim.wire.projects import category_json, whole_project


def create(call: Call) -> Answer:
    """POST /project: says who it is, nothing else."""
    made = projects.create(call.site, call.user, call.object())
    link = f"{call.wire.api}/project/{made.id}"
    return Answer({"self": link, "id": int(made.id), "key": made.key}, 201)


def edit(call: Call) -> Answer:
    """PUT /project/{project}."""
    after = projects.edit(call.site, call.user, found(call), call.object())
    return Answer(whole_project(call.wire, after))


def delete(call: Call) -> Answer:
    """DELETE /project/{project}: on Cloud into the trash, unless `enableUndo=false`."""
    project = _any(call)
    if call.product.cloud and call.flag("enableUndo", default=True):
        projects.trash(call.site, call.user, project)
    else:
        projects.delete(call.site, call.user, project)
    return NO_CONTENT


def delete_later(call: Call) -> Answer:
    """POST /project/{project}/delete on Cloud: a task, which is done already."""
    project = _any(call)
    projects.delete(call.site, call.user, project)
    done = tasks.keep(call.site, call.user, [project.id], description="Delete project")
    return Answer(None, 303, {"Location": f"{call.wire.api}/task/{done.id}"})


def archive(call: Call) -> Answer:
    """POST (Cloud) or PUT (Server) /project/{project}/archive."""
    projects.archive(call.site, call.user, _any(call))
    return NO_CONTENT


def restore(call: Call) -> Answer:
    """POST (Cloud) or PUT (Server) /project/{project}/restore."""
    project = projects.restore(call.site, call.user, _any(call))
    return Answer(whole_project(call.wire, project)) if call.product.cloud else Answer(status=202)


def email(call: Call) -> Answer:
    """GET /project/{project}/email: the address that its mail comes from."""
    return Answer({"emailAddress": found(call).details.email or "jira@jira.test"})


def put_email(call: Call) -> Answer:
    """PUT /project/{project}/email."""
    project = _arranged(call)
    address = text_of(call.object(), "emailAddress")
    _keep(call, replace(project, details=replace(project.details, email=address)))
    return NO_CONTENT


def property_keys(call: Call) -> Answer:
    """GET /project/{project}/properties."""
    project = found(call)
    return kept_properties.keys(call, project.details.properties, f"/project/{project.id}")


def property_value(call: Call) -> Answer:
    """GET one property."""
    return kept_properties.value(call, found(call).details.properties)


def put_property(call: Call) -> Answer:
    """PUT one property: 201 when new, else 200."""
    project = _arranged(call)
    kept, answer = kept_properties.with_value(call, project.details.properties)
    _keep(call, replace(project, details=replace(project.details, properties=kept)))
    return answer


def delete_property(call: Call) -> Answer:
    """DELETE one property."""
    project = _arranged(call)
    left = kept_properties.without(call, project.details.properties)
    _keep(call, replace(project, details=replace(project.details, properties=left)))
    return NO_CONTENT


def categories(call: Call) -> Answer:
    """GET /projectCategory."""
    return Answer([category_json(call.wire, one) for one in call.site.state.categories.values()])


def category(call: Call) -> Answer:
    """GET /projectCategory/{id}."""
    return Answer(category_json(call.wire, _category(call)))


def create_category(call: Call) -> Answer:
    """POST /projectCategory."""
    check_administrator(call.user)
    made = ProjectCategory(call.site.next_id("category"), *_words_of_category(call, None))
    call.site.state.categories[made.id] = made
    return Answer(category_json(call.wire, made), 201)


def edit_category(call: Call) -> Answer:
    """PUT /projectCategory/{id}."""
    check_administrator(call.user)
    before = _category(call)
    after = ProjectCategory(before.id, *_words_of_category(call, before))
    call.site.state.categories[after.id] = after
    return Answer(category_json(call.wire, after))


def delete_category(call: Call) -> Answer:
    """DELETE /projectCategory/{id}: its projects have none any more."""
    check_administrator(call.user)
    gone = _category(call)
    for project in list(call.site.state.projects.values()):
        if project.details.category_id == gone.id:
            _keep(call, replace(project, details=replace(project.details, category_id=None)))
    del call.site.state.categories[gone.id]
    return NO_CONTENT


def _category(call: Call) -> ProjectCategory:
    wanted = call.params["id"]
    known = call.site.state.categories.get(wanted)
    if known is None:
        raise Refusal(404, f"The project category with id '{wanted}' was not found.")
    return known


def _words_of_category(call: Call, before: ProjectCategory | None) -> tuple[str, str]:
    body = call.object()
    name = text_of(body, "name", "" if before is None else before.name)
    if not name:
        raise Refusal(400, fields={"name": "The project category name must not be empty."})
    others = (one for one in call.site.state.categories.values() if one is not before)
    if any(one.name.casefold() == name.casefold() for one in others):
        message = f"The project category '{name}' already exists."
        raise Refusal(409, fields={"name": message})
    return name, text_of(body, "description", "" if before is None else before.description)


def _any(call: Call) -> Project:
    """The project, also from the trash or the archive, for administrators."""
    wanted = call.params["project"]
    project = call.site.find_project(wanted)
    if project is None or not (
        may(call.caller, "BROWSE_PROJECTS", project) or may(call.caller, "ADMINISTER", None)
    ):
        raise project_unseen(wanted)
    return project


def _arranged(call: Call) -> Project:
    project = found(call)
    check_arranges(call.user, project)
    return project


def _keep(call: Call, project: Project) -> None:
    call.site.state.projects[project.id] = project


ENDPOINTS = (
    Endpoint("POST", "/project", create),
    Endpoint("PUT", "/project/{project}", edit),
    Endpoint("DELETE", "/project/{project}", delete),
    Endpoint("POST", "/project/{project}/delete", delete_later, on=on_cloud),
    Endpoint("POST", "/project/{project}/archive", archive, on=on_cloud),
    Endpoint("POST", "/project/{project}/restore", restore, on=on_cloud),
    Endpoint("PUT", "/project/{project}/archive", archive, on=on_server),
    Endpoint("PUT", "/project/{project}/restore", restore, on=on_server),
    Endpoint("GET", "/project/{project}/email", email, on=on_cloud),
    Endpoint("PUT", "/project/{project}/email", put_email, on=on_cloud),
    Endpoint("GET", "/project/{project}/properties", property_keys, anonymous=True),
    Endpoint("GET", "/project/{project}/properties/{key}", property_value, anonymous=True),
    Endpoint("PUT", "/project/{project}/properties/{key}", put_property),
    Endpoint("DELETE", "/project/{project}/properties/{key}", delete_property),
    Endpoint("GET", "/projectCategory", categories),
    Endpoint("POST", "/projectCategory", create_category),
    Endpoint("GET", "/projectCategory/{id}", category),
    Endpoint("PUT", "/projectCategory/{id}", edit_category),
    Endpoint("DELETE", "/projectCategory/{id}", delete_category),
)
