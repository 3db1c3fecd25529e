"""Functions that name issues, people, projects and types, such as `linkedIssues(FHP-1)`.

What one may call where is in the tables at the end.  Dates are elsewhere, versions too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jirasim.jql.dates import expect_arguments, read_date
from jirasim.jql.errors import JqlError
from jirasim.jql.lookup import ends_of, find_issue, find_user
from jirasim.site.permission_keys import PROJECT
from jirasim.site.permissions import ROLE_IDS, may, roles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jirasim.jql.context import Context
    from jirasim.jql.syntax import Call
    from jirasim.site.model import Issue, User

    Function = Callable[[Call, Context], frozenset[str]]

Ids = frozenset[str]
NO_ISSUE: Final = "Issue '{}' could not be found in function '{}'."
NO_GROUP: Final = (
    "Function '{}' can not generate a list of usernames for group '{}'; the group does not exist."
)
NO_LINK: Final = "Issue link type '{}' could not be found in function '{}'."
NO_USER: Final = "The user '{}' does not exist and cannot be used in the '{}' function."


def between(call: Call, least: int, most: int | None = None) -> None:
    """Raise unless the function was given that many arguments."""
    count = len(call.arguments)
    if count < least or (most is not None and count > most):
        expect_arguments(call, least if count < least or most is None else most)


def current_user(call: Call, context: Context) -> Ids:
    """The caller; nobody, where there is none."""
    expect_arguments(call, 0)
    return frozenset() if context.account_id is None else frozenset({context.account_id})


def members_of(call: Call, context: Context) -> Ids:
    """The accounts in a group, by its name in any case or its id."""
    expect_arguments(call, 1)
    wanted = call.arguments[0].casefold()
    groups = context.state.groups.values()
    group = next((one for one in groups if wanted in {one.id, one.name.casefold()}), None)
    if group is None:
        raise JqlError(NO_GROUP.format(call.name, call.arguments[0]))
    users = context.state.users.values()
    return frozenset(one.account_id for one in users if group.name in one.groups)


def linked_issues(call: Call, context: Context) -> Ids:
    """The issues tied to one, by all types or by those whose name or direction is given."""
    between(call, 1)
    issue_id = one_issue(call, context)
    ends: set[tuple[str, bool]] = set()
    for text in call.arguments[1:]:
        found = ends_of(text, context)
        if not found:
            raise JqlError(NO_LINK.format(text, call.name))
        ends |= found
    links = context.state.links.values()
    return frozenset(
        link.target if link.source == issue_id else link.source
        for link in links
        if issue_id in (link.source, link.target)
        and (not ends or (link.type_id, link.source == issue_id) in ends)
    )


def one_issue(call: Call, context: Context) -> str:
    found = find_issue(call.arguments[0], context)
    if found is None:
        raise JqlError(NO_ISSUE.format(call.arguments[0], call.name))
    return next(iter(found))


def with_remote_links(call: Call, context: Context) -> Ids:
    """The issues with a remote link of one of these global ids, at most 100 of them."""
    between(call, 1, 100)
    return having(
        context, lambda issue: any(one.global_id in call.arguments for one in issue.remote_links)
    )


def having(context: Context, holds: Callable[[Issue], bool]) -> Ids:
    return frozenset(one.id for one in context.state.issues.values() if holds(one))


def watched(call: Call, context: Context) -> Ids:
    expect_arguments(call, 0)
    return having(context, lambda issue: context.account_id in issue.watchers)


def voted(call: Call, context: Context) -> Ids:
    expect_arguments(call, 0)
    return having(context, lambda issue: context.account_id in issue.voters)


def viewed(call: Call, context: Context) -> Ids:
    """The issues that the caller has looked at; the simulator keeps no such list."""
    del context
    expect_arguments(call, 0)
    return frozenset()


def updated_by(call: Call, context: Context) -> Ids:
    """The issues that somebody created, changed or commented on, perhaps within a time."""
    between(call, 1, 3)
    people = a_user(call, context)
    bounds = [read_date(text, context) for text in call.arguments[1:]]
    if None in bounds:
        raise JqlError(f"The dates in function '{call.name}' are invalid.")
    low, high = [*bounds, None, None][:2]

    def touched(issue: Issue) -> bool:
        marks = [(issue.creator, issue.created)]
        marks += [(one.author, one.created) for one in issue.history]
        marks += [(one.update_author, one.updated) for one in issue.comments]
        return any(
            author in people and (low is None or at >= low) and (high is None or at <= high)
            for author, at in marks
        )

    return having(context, touched)


def a_user(call: Call, context: Context) -> Ids:
    """The account that the first argument names, else the caller."""
    if not call.arguments:
        return frozenset() if context.account_id is None else frozenset({context.account_id})
    found = find_user(call.arguments[0], context)
    if found is None:
        raise JqlError(NO_USER.format(call.arguments[0], call.name))
    return found


def children_of(call: Call, context: Context) -> Ids:
    """All that is below an issue, at any depth."""
    expect_arguments(call, 1)
    below: dict[str, list[str]] = {}
    for issue in context.state.issues.values():
        if issue.parent_id is not None:
            below.setdefault(issue.parent_id, []).append(issue.id)
    found: set[str] = set()
    waiting = [one_issue(call, context)]
    while waiting:
        children = below.get(waiting.pop(), [])
        found.update(children)
        waiting += children
    return frozenset(found)


def subtask_types(call: Call, context: Context) -> Ids:
    expect_arguments(call, 0)
    return frozenset(one.id for one in context.state.issue_types.values() if one.subtask)


def standard_types(call: Call, context: Context) -> Ids:
    expect_arguments(call, 0)
    return frozenset(one.id for one in context.state.issue_types.values() if not one.subtask)


def led_projects(call: Call, context: Context) -> Ids:
    between(call, 0, 1)
    people = a_user(call, context)
    return frozenset(one.id for one in context.state.projects.values() if one.lead in people)


def permitted_projects(call: Call, context: Context) -> Ids:
    """Where the caller has a permission, by its key or its name."""
    expect_arguments(call, 1)
    wanted = call.arguments[0].lower()
    known = PROJECT.values()
    key = next((one.key for one in known if wanted in (one.key.lower(), one.name.lower())), None)
    if key is None:
        raise JqlError(
            f"The permission '{call.arguments[0]}' does not exist and cannot be used in "
            f"the '{call.name}' function."
        )
    user = the_caller(context)
    return frozenset(one.id for one in context.state.projects.values() if may(user, key, one))


def role_projects(call: Call, context: Context) -> Ids:
    """Where the caller is in a role."""
    expect_arguments(call, 1)
    wanted = call.arguments[0].lower()
    name = next((name for name in ROLE_IDS if wanted in (name.lower(), ROLE_IDS[name])), None)
    if name is None:
        raise JqlError(
            f"The role '{call.arguments[0]}' does not exist and cannot be used in "
            f"the '{call.name}' function."
        )
    user = the_caller(context)
    projects = context.state.projects.values()
    return frozenset(one.id for one in projects if user is not None and name in roles_of(one, user))


def the_caller(context: Context) -> User | None:
    return context.state.users.get(context.account_id or "")


PEOPLE: Final[Mapping[str, Function]] = {"currentuser": current_user, "membersof": members_of}
ISSUES: Final[Mapping[str, Function]] = {
    "linkedissues": linked_issues,
    "issueswithremotelinksbyglobalid": with_remote_links,
    "issuehistory": viewed,
    "watchedissues": watched,
    "votedissues": voted,
    "updatedby": updated_by,
    "childissuesof": children_of,
    "portfoliochildissuesof": children_of,
    "parentepic": children_of,
}
TYPES: Final[Mapping[str, Function]] = {
    "subtaskissuetypes": subtask_types,
    "standardissuetypes": standard_types,
}
PROJECTS: Final[Mapping[str, Function]] = {
    "projectsleadbyuser": led_projects,
    "projectswhereuserhaspermission": permitted_projects,
    "projectswhereuserhasrole": role_projects,
}
