"""Functions that name versions and components, such as `unreleasedVersions()`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jirasim.jql.errors import JqlError
from jirasim.jql.lookup import find_project, find_user
from jirasim.site.parts import versions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jirasim.jql.context import Context
    from jirasim.jql.syntax import Call
    from jirasim.site.parts import Version

Ids = frozenset[str]


def released(call: Call, context: Context) -> Ids:
    """Released and not archived, in the named projects or in all."""
    return frozenset(one.id for one in of_projects(call, context) if one.released)


def unreleased(call: Call, context: Context) -> Ids:
    return frozenset(one.id for one in of_projects(call, context) if not one.released)


def latest_released(call: Call, context: Context) -> Ids:
    """The last one released in a project, by the order of its versions."""
    found = [one for one in of_one(call, context) if one.released]
    return frozenset(one.id for one in found[-1:])


def earliest_unreleased(call: Call, context: Context) -> Ids:
    found = [one for one in of_one(call, context) if not one.released]
    return frozenset(one.id for one in found[:1])


def led_by(call: Call, context: Context) -> Ids:
    """The components whose lead is the caller, or the person who is named."""
    leads: Ids = frozenset(() if context.account_id is None else (context.account_id,))
    if call.arguments:
        leads = find_user(call.arguments[0], context) or frozenset()
    components = context.state.components.values()
    return frozenset(one.id for one in components if one.lead in leads)


def of_projects(call: Call, context: Context) -> list[Version]:
    projects: Ids = frozenset(
        one.id for one in context.state.projects.values() if context.sees(one)
    )
    if call.arguments:
        projects = frozenset().union(*(project_of(call, one, context) for one in call.arguments))
    table = context.state.versions
    return [
        one
        for project in sorted(projects)
        for one in versions_of(table, project)
        if not one.archived
    ]


def of_one(call: Call, context: Context) -> list[Version]:
    if len(call.arguments) != 1:
        raise JqlError(
            f"Function '{call.name}' expected '1' arguments but received '{len(call.arguments)}'."
        )
    return of_projects(call, context)


def project_of(call: Call, text: str, context: Context) -> Ids:
    found = find_project(text, context)
    if found is None:
        raise JqlError(
            f"Could not resolve the project '{text}' provided to function '{call.name}'."
        )
    return found


VERSIONS: Final[Mapping[str, Callable[[Call, Context], Ids]]] = {
    "releasedversions": released,
    "unreleasedversions": unreleased,
    "latestreleasedversion": latest_released,
    "earliestunreleasedversion": earliest_unreleased,
}
COMPONENTS: Final[Mapping[str, Callable[[Call, Context], Ids]]] = {"componentsleadbyuser": led_by}
