"""Security levels: who sees an issue that has one, and which levels somebody may give."""

from collections.abc import Mapping

from jirasim.site.decode import BadValue, Target
from jirasim.site.levels import SecurityLevel
from jirasim.site.model import Project, User
from jirasim.site.permissions import is_in_level, may_see
from jirasim.site.state import Site

NOT_VALID = "Security level id '{}' is not valid"


def hidden_from(site: Site, user: User | None) -> frozenset[str]:
    """The ids of the issues that their level hides from the user."""
    secured = (site.state.issues.get(one) for one in site.secured)
    return frozenset(one.id for one in secured if one is not None and not may_see(site, user, one))


def levels_for(site: Site, user: User | None, project: Project) -> list[SecurityLevel]:
    """The levels of the project that the user belongs to, and so may give to issues."""
    scheme = site.state.security_schemes.get(project.details.security_id or "")
    levels = () if scheme is None else scheme.levels
    return [one for one in levels if is_in_level(user, project, one) or one.reporter]


def level(target: Target, raw: object) -> str | None:
    """By id or name, among the levels that the actor may give."""
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise BadValue("data was not an object")
    wanted, name = raw.get("id"), raw.get("name")
    for one in levels_for(target.site, target.actor, target.project):
        if (str(wanted) == one.id) if wanted is not None else (name == one.name):
            return one.id
    raise BadValue(NOT_VALID.format(wanted if wanted is not None else name))
