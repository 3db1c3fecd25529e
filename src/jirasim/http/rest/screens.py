"""Screens, their tabs and fields, and the schemes that give them to projects: for administrators.

Every project has an issue type screen scheme under its own id, and every screen a scheme of the
same number.  The screens of a workflow's arrows are not among them.
"""

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.site import field_admin, forms
from jirasim.site.errors import Refusal
from jirasim.site.fields import Field
from jirasim.site.forms import Form
from jirasim.site.model import Project
from jirasim.site.permissions import may
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json

TAB = "Field Tab"


def screens(call: Call) -> Answer:
    """GET /screens: by id and by words of the name."""
    text = call.query.get("queryString" if call.product.cloud else "search", "").casefold()
    rows = [one for one in _asked(call, "id") if text in one.title.casefold()]
    return Answer(page(call, rows, _screen, path="/screens", size=100))


def tabs(call: Call) -> Answer:
    """GET /screens/{screen}/tabs."""
    _check(call)
    return Answer([_tab(forms.find(call.site, call.params["screen"]))])


def tabs_of_all(call: Call) -> Answer:
    """GET /screens/tabs on Cloud: of several screens."""
    tabs_asked = call.query.getlist("tabId")
    rows = [
        {"screenId": one.id, "tabId": one.id, "tabName": TAB}
        for one in _asked(call, "screenId")
        if not tabs_asked or str(one.id) in tabs_asked
    ]
    return Answer(page(call, rows, lambda one: one, path="/screens/tabs", size=100))


def fields(call: Call) -> Answer:
    """GET /screens/{screen}/tabs/{tab}/fields."""
    known = call.site.state.fields
    return Answer([_field(known[one]) for one in _found(call).screen.fields if one in known])


def available(call: Call) -> Answer:
    """GET /screens/{screen}/availableFields: those that are not on it."""
    _check(call)
    form = forms.find(call.site, call.params["screen"])
    return Answer([_field(one) for one in forms.absent_fields(call.site, form)])


def add_field(call: Call) -> Answer:
    """POST /screens/{screen}/tabs/{tab}/fields."""
    form = _found(call)
    wanted = str(call.object().get("fieldId") or "")
    return Answer(_field(forms.add(call.site, form, wanted)))


def remove_field(call: Call) -> Answer:
    """DELETE /screens/{screen}/tabs/{tab}/fields/{field}"""
    forms.remove(call.site, _found(call), call.params["field"])
    return NO_CONTENT


def of_field(call: Call) -> Answer:
    """GET /field/{field}/screens on Cloud: where a custom field is offered."""
    _check(call)
    field = field_admin.find(call.site, call.params["field"])
    rows = [one for one in forms.all_forms(call.site) if field.id in one.screen.fields]

    def write(form: Form) -> Json:
        return {**_screen(form), "tab": _tab(form)}

    return Answer(page(call, rows, write, path=f"/field/{field.id}/screens", size=100))


def schemes(call: Call) -> Answer:
    """GET /screenscheme on Cloud: each uses one screen for everything."""
    text = call.query.get("queryString", "").casefold()
    rows = [one for one in _asked(call, "id") if text in one.title.casefold()]

    def write(form: Form) -> Json:
        return {**_screen(form), "name": f"{form.title} Scheme", "screens": {"default": form.id}}

    return Answer(page(call, rows, write, path="/screenscheme", size=25))


def type_schemes(call: Call) -> Answer:
    """GET /issuetypescreenscheme on Cloud."""
    text = call.query.get("queryString", "").casefold()
    rows = [_type_scheme(one) for one in _projects(call, "id")]
    shown = [one for one in rows if text in str(one["name"]).casefold()]
    return Answer(page(call, shown, lambda one: one, path="/issuetypescreenscheme"))


def type_schemes_of_projects(call: Call) -> Answer:
    """GET /issuetypescreenscheme/project?projectId=… on Cloud."""
    rows = _projects(call, "projectId")

    def write(project: Project) -> Json:
        return {"issueTypeScreenScheme": _type_scheme(project), "projectIds": [project.id]}

    return Answer(page(call, rows, write, path="/issuetypescreenscheme/project"))


def type_mappings(call: Call) -> Answer:
    """GET /issuetypescreenscheme/mapping on Cloud: which type has which screen scheme."""
    _check(call)
    wanted = call.query.getlist("issueTypeScreenSchemeId")
    rows = [
        {
            "issueTypeScreenSchemeId": one.project.id,
            "issueTypeId": one.type_id,
            "screenSchemeId": str(one.id),
        }
        for one in forms.all_forms(call.site)
        if not wanted or one.project.id in wanted
    ]
    return Answer(page(call, rows, lambda one: one, path="/issuetypescreenscheme/mapping"))


def _check(call: Call) -> None:
    """Refuse those who do not administer Jira: Server calls that 401."""
    if not may(call.user, "ADMINISTER", None):
        status = 403 if call.product.cloud else 401
        raise Refusal(status, "Only a Jira administrator may look at screens.")


def _asked(call: Call, name: str) -> list[Form]:
    _check(call)
    wanted = call.query.getlist(name)
    return [one for one in forms.all_forms(call.site) if not wanted or str(one.id) in wanted]


def _projects(call: Call, name: str) -> list[Project]:
    _check(call)
    wanted = call.query.getlist(name)
    return [one for one in call.site.state.projects.values() if not wanted or one.id in wanted]


def _found(call: Call) -> Form:
    _check(call)
    return forms.find_tab(call.site, call.params["screen"], call.params["tab"])


def _screen(form: Form) -> Json:
    return {"id": form.id, "name": form.title, "description": ""}


def _tab(form: Form) -> Json:
    return {"id": form.id, "name": TAB}


def _field(field: Field) -> Json:
    return {"id": field.id, "name": field.name}


def _type_scheme(project: Project) -> Json:
    name = f"{project.key}: Issue Type Screen Scheme"
    return {"id": project.id, "name": name, "description": ""}


ON_TAB = "/screens/{screen}/tabs/{tab}/fields"
ENDPOINTS = (
    Endpoint("GET", "/screens", screens),
    Endpoint("GET", "/screens/tabs", tabs_of_all, on=on_cloud),
    Endpoint("GET", "/screens/{screen}/tabs", tabs),
    Endpoint("GET", "/screens/{screen}/availableFields", available),
    Endpoint("GET", ON_TAB, fields),
    Endpoint("POST", ON_TAB, add_field),
    Endpoint("DELETE", f"{ON_TAB}/{{field}}", remove_field),
    Endpoint("GET", "/field/{field}/screens", of_field, on=on_cloud),
    Endpoint("GET", "/screenscheme", schemes, on=on_cloud),
    Endpoint("GET", "/issuetypescreenscheme", type_schemes, on=on_cloud),
    Endpoint("GET", "/issuetypescreenscheme/project", type_schemes_of_projects, on=on_cloud),
    Endpoint("GET", "/issuetypescreenscheme/mapping", type_mappings, on=on_cloud),
)
