"""Who plays which role in a project: adding and removing people and groups."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace

from jirasim.site.errors import Refusal
from jirasim.site.model import Project, User
from jirasim.site.owners import Json, arranges
from jirasim.site.permissions import ROLE_IDS
from jirasim.site.state import Site

PEOPLE = "atlassian-user-role-actor"
GROUPS = "atlassian-group-role-actor"
GROUPS_BY_ID = "atlassian-group-role-actor-id"
Played = Mapping[str, tuple[str, ...]]
DESCRIPTIONS: Mapping[str, str] = {
    "Administrator": "Admins can do most things, like update settings and add other admins.",
    "Member": "Members are part of the team, and can do most things.",
    "Viewer": "Viewers can search through and view issues.",
    "Administrators": "A project role that represents administrators in a project",
}


def role_named(role_id: str) -> str:
    """The name of a role.  Raises Refusal 404."""
    for name, number in ROLE_IDS.items():
        if number == role_id:
            return name
    raise Refusal(404, f"Can not retrieve a role actor for a null project role '{role_id}'.")


def check(user: User | None, project: Project) -> None:
    """Raise Refusal 404 unless the user may arrange the project's roles."""
    if not arranges(user, project):
        raise Refusal(404, "You do not have permission to administer this project.")


def actors(project: Project, role: str) -> tuple[list[str], list[str]]:
    """The accounts and the groups that play a role."""
    people = [one for one, played in project.members.items() if role in played]
    return people, [one for one, played in project.group_roles.items() if role in played]


def add(site: Site, project: Project, role: str, body: Json) -> Project:
    """Add the people and groups of a body; 400 when one of them plays the role already."""
    people, groups = _people(site, body.get("user")), _groups(site, body)
    if not people and not groups:
        raise Refusal(400, "Must specify at least one user or group.")
    held = {*(one for one in actors(project, role)[0]), *actors(project, role)[1]}
    if held.issuperset({*people, *groups}):
        raise Refusal(400, "The user or group is already a member of the project role.")
    return _kept(site, project, role, (people, groups))


def put(site: Site, project: Project, role: str, body: Json) -> Project:
    """Let exactly these play the role."""
    given = body.get("categorisedActors")
    table = given if isinstance(given, Mapping) else {}
    people = _people(site, table.get(PEOPLE))
    groups = _named_groups(site, (*_words(table.get(GROUPS)), *_words(table.get(GROUPS_BY_ID))))
    cleared = replace(
        project,
        members=_without(project.members, role, project.members),
        group_roles=_without(project.group_roles, role, project.group_roles),
    )
    return _kept(site, cleared, role, (people, groups))


def remove(site: Site, project: Project, role: str, query: Mapping[str, str]) -> None:
    """Take one person or group out of the role."""
    people = _people(site, [query["user"]] if query.get("user") else None)
    wanted = query.get("groupId") or query.get("group")
    groups = _named_groups(site, [wanted] if wanted else [])
    if not people and not groups:
        raise Refusal(400, "Must specify a user or a group.")
    held = actors(project, role)
    if not {*held[0], *held[1]}.issuperset({*people, *groups}):
        raise Refusal(404, "The user or group does not play this role.")
    after = replace(
        project,
        members=_without(project.members, role, people),
        group_roles=_without(project.group_roles, role, groups),
    )
    _store(site, after)


def _kept(site: Site, project: Project, role: str, more: tuple[list[str], list[str]]) -> Project:
    people, groups = more
    after = replace(
        project,
        members=_with(project.members, role, people),
        group_roles=_with(project.group_roles, role, groups),
    )
    _store(site, after)
    return after


def _with(table: Played, role: str, names: Iterable[str]) -> Played:
    """Each of these plays the role beside those played already."""
    more = {one: (*(each for each in table.get(one, ()) if each != role), role) for one in names}
    return {**table, **more}


def _without(table: Played, role: str, names: Container[str]) -> Played:
    """None of these plays the role any longer."""
    left = {
        one: tuple(each for each in played if each != role or one not in names)
        for one, played in table.items()
    }
    return {one: played for one, played in left.items() if played}


def _store(site: Site, project: Project) -> None:
    site.state.projects[project.id] = project
    site.revision += 1


def _people(site: Site, raw: object) -> list[str]:
    found = []
    for word in _words(raw):
        user = site.state.users.get(word) or site.find_login(word)
        if user is None or not user.active:
            raise Refusal(404, f"'{word}' could not be found as a user.")
        found.append(user.account_id)
    return found


def _groups(site: Site, body: Json) -> list[str]:
    return _named_groups(site, (*_words(body.get("group")), *_words(body.get("groupId"))))


def _named_groups(site: Site, words: Iterable[str]) -> list[str]:
    found = []
    for word in words:
        group = site.find_group(word)
        if group is None:
            raise Refusal(404, f"'{word}' could not be found as a group.")
        found.append(group.name)
    return found


def _words(raw: object) -> tuple[str, ...]:
    return tuple(map(str, raw)) if isinstance(raw, list) else ()
