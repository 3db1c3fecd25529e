"""Where a form looks up what may be filled in: `autoCompleteUrl`, as recorded on both products."""

from jirasim.site.fields import PLUGIN, Field
from jirasim.site.model import Issue, Project
from jirasim.wire.entities import Json
from jirasim.wire.wire import Wire


def auto_complete(wire: Wire, project: Project, field: Field, issue: Issue | None) -> Json:
    """The address, for the fields that have one; `issue` None: one is being made."""
    found = _address(wire, project, field, "null" if issue is None else issue.key)
    return {} if found is None else {"autoCompleteUrl": found}


def _address(wire: Wire, project: Project, field: Field, key: str) -> str | None:
    private = f"{wire.site.base_url}/rest/api/1.0"
    match field.id:
        case "assignee" | "reporter":
            return _people(wire, project, field.id, key)
        case "labels":
            return f"{private}/labels/suggest?query="
        case "issuelinks":
            shown = "showSubTaskParent=true&showSubTasks=true"
            return f"{wire.api}/issue/picker?currentProjectId=&{shown}&currentIssueKey={key}&query="
        case _:
            return _custom(project, field, private)


def _custom(project: Project, field: Field, private: str) -> str | None:
    if field.custom == f"{PLUGIN}:labels":
        return f"{private}/labels/suggest?customFieldId={field.number}&query="
    if field.custom in {f"{PLUGIN}:userpicker", f"{PLUGIN}:multiuserpicker"}:
        where = f"fieldName={field.id}&fieldConfigId={field.number}&projectId={project.id}"
        return f"{private}/users/picker?{where}&showAvatar=true&query="
    return None


def _people(wire: Wire, project: Project, name: str, key: str) -> str:
    if wire.site.product.cloud:
        return f"{wire.api}/user/assignable/search?project={project.key}&query="
    users = f"{wire.site.base_url}/rest/api/latest/user"
    if name == "reporter":
        return f"{users}/search?username="
    return f"{users}/assignable/search?issueKey={key}&username="
