"""Who may arrange a project: its administrators and those of the site.  Refuses the others."""

from collections.abc import Mapping

from jirasim.site.errors import Refusal, project_unseen
from jirasim.site.model import Project, User
from jirasim.site.permissions import may
from jirasim.site.state import Site

Json = Mapping[str, object]
NOT_ALLOWED = "You do not have permission to administer this project."


def arranges(user: User | None, project: Project) -> bool:
    """Whether the user may change the project itself."""
    return may(user, "ADMINISTER_PROJECTS", project) or may(user, "ADMINISTER", project)


def check_arranges(user: User | None, project: Project, *, status: int = 403) -> None:
    """Raise Refusal unless the user may change the project."""
    if not arranges(user, project):
        raise Refusal(status, NOT_ALLOWED)


def check_administrator(user: User | None) -> None:
    """Raise Refusal 403 unless the user administers the site."""
    if not may(user, "ADMINISTER", None):
        raise Refusal(403, "Only a Jira administrator may do this.")


def named_project(site: Site, user: User, body: Json) -> Project:
    """The project that a body names by `project` (key) or `projectId`.  Refusal 404 when unseen."""
    wanted = str(body.get("projectId") or body.get("project") or "")
    project = site.find_project(wanted)
    if project is None or not may(user, "BROWSE_PROJECTS", project):
        raise project_unseen(wanted)
    return project


def text_of(body: Json, name: str, kept: str = "") -> str:
    """A text of a body, or what was there before when it is not named."""
    return str(body[name] or "").strip() if name in body else kept


def named_user(site: Site, body: Json, *names: str) -> str | None:
    """The account that a body names: by account id on Cloud, by login elsewhere."""
    wanted = next((str(body[name]) for name in names if body.get(name)), None)
    if wanted is None:
        return None
    found = site.state.users.get(wanted) or site.find_login(wanted)
    if found is None:
        blamed = names[0] if site.product.cloud else names[-1]
        raise Refusal(400, fields={blamed: f"The user '{wanted}' does not exist."})
    return found.account_id
