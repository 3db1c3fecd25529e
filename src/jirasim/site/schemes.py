"""Making and changing permission schemes; projects carry the one they use.  Judges no rights."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from jirasim.site.errors import Refusal
from jirasim.site.grants import Grant, Holder, PermissionScheme
from jirasim.site.model import Project
from jirasim.site.permission_keys import PROJECT
from jirasim.site.permissions import DEFAULT_SCHEME, ROLE_IDS
from jirasim.site.state import Site

NEEDS_NOTHING = frozenset(
    {
        Holder.ANYONE,
        Holder.REPORTER,
        Holder.ASSIGNEE,
        Holder.PROJECT_LEAD,
        Holder.APPLICATION_ROLE,
    }
)


def find(site: Site, scheme_id: str) -> PermissionScheme:
    """Raises Refusal 404."""
    found = site.state.schemes.get(scheme_id)
    if found is None:
        raise Refusal(404, f"Permission scheme with id '{scheme_id}' does not exist.")
    return found


def of(site: Site, project: Project) -> PermissionScheme:
    """The scheme that a project uses."""
    return project.scheme or site.state.schemes.get(DEFAULT_SCHEME.id, DEFAULT_SCHEME)


def save(site: Site, scheme: PermissionScheme) -> PermissionScheme:
    """Keep it, also where it is used."""
    site.state.schemes[scheme.id] = scheme
    for project in list(site.state.projects.values()):
        if of(site, project).id == scheme.id:
            use(site, project, scheme)
    return scheme


def use(site: Site, project: Project, scheme: PermissionScheme) -> None:
    """Let a project have this scheme."""
    site.state.projects[project.id] = replace(project, scheme=scheme)
    site.revision += 1


def remove(site: Site, scheme: PermissionScheme) -> None:
    """Forget a scheme that no project uses."""
    users = [one for one in site.state.projects.values() if of(site, one).id == scheme.id]
    if users or scheme.id == DEFAULT_SCHEME.id:
        raise Refusal(400, "The permission scheme is used by projects and cannot be deleted.")
    del site.state.schemes[scheme.id]


def read_grants(site: Site, raw: object) -> tuple[Grant, ...]:
    """The `permissions` of a scheme."""
    given: Sequence[object] = raw if isinstance(raw, list) else ()
    return tuple(read_grant(site, one) for one in given)


def read_grant(site: Site, raw: object) -> Grant:
    """A `{"permission", "holder": {"type", "parameter" or "value"}}`.  Raises Refusal 400."""
    given: Mapping[str, object] = raw if isinstance(raw, Mapping) else {}
    permission = str(given.get("permission") or "")
    if permission not in PROJECT:
        raise Refusal(400, f"Unrecognized permission: {permission}")
    holder = given.get("holder")
    if not isinstance(holder, Mapping):
        raise Refusal(400, "The holder of the permission must be provided.")
    kinds = {one.value: one for one in Holder}
    kind = kinds.get(str(holder.get("type")))
    if kind is None:
        raise Refusal(400, f"Invalid holder type: {holder.get('type')}")
    parameter = str(holder.get("value") or holder.get("parameter") or "")
    return Grant(
        site.next_id("grant", first=11000), permission, kind, _parameter(site, kind, parameter)
    )


def _parameter(site: Site, kind: Holder, given: str) -> str:
    """What the grant keeps of what was sent."""
    if kind in NEEDS_NOTHING:
        return given if kind is Holder.APPLICATION_ROLE else ""
    if kind is Holder.ROLE:
        if given not in ROLE_IDS.values():
            raise Refusal(400, f"Project role with id '{given}' does not exist.")
        return given
    if kind is Holder.GROUP:
        group = site.find_group(given)
        if group is None:
            raise Refusal(400, f"Group '{given}' does not exist.")
        return group.name
    user = site.state.users.get(given) if site.product.cloud else site.find_login(given)
    if user is None:
        raise Refusal(400, f"User '{given}' does not exist.")
    return user.account_id
