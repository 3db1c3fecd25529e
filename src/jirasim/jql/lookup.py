"""From what people write to the ids of the site's things.  None: there is no such thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jirasim.jql.context import Context
    from jirasim.jql.syntax import Call
    from jirasim.site.agile_model import SprintState
    from jirasim.site.fields import Field
    from jirasim.site.parts import Component, Version
    from jirasim.site.state import State

Found = frozenset[str] | None
NOTHING: Final = ""
"""The id that a written value names when it means *none*."""
NUMBER: Final = re.compile(r"[+-]?\d{1,100}")
Named = Literal["issue_types", "statuses", "priorities"]
CATEGORY_ALIASES: Final = {"todo": "to do", "inprogress": "in progress"}


def found(ids: list[str]) -> Found:
    return frozenset(ids) or None


def find_project(text: str, context: Context) -> Found:
    """By id, key or name, among those the caller sees."""
    wanted = text.lower()
    return found(
        [
            project.id
            for project in context.state.projects.values()
            if context.sees(project)
            and (project.id == text or wanted in (project.key.lower(), project.name.lower()))
        ]
    )


def find_named(table: Named) -> Callable[[str, Context], Found]:
    """By id or name; several may share a name in team-managed projects."""

    def find(text: str, context: Context) -> Found:
        things = getattr(context.state, table).values()
        wanted = text.lower()
        return found(
            [thing.id for thing in things if thing.id == text or thing.name.lower() == wanted]
        )

    return find


def find_resolution(text: str, context: Context) -> Found:
    """By id or name; `Unresolved` is the name of having none."""
    if text.lower() == "unresolved":
        return frozenset({NOTHING})
    wanted = text.lower()
    things = context.state.resolutions.values()
    return found([item.id for item in things if item.id == text or item.name.lower() == wanted])


def find_category(text: str, context: Context) -> Found:
    """By id, key or name of a status category."""
    wanted = CATEGORY_ALIASES.get(text.lower(), text.lower())
    categories = {status.category for status in context.state.statuses.values()}
    return found(
        [
            str(category.id)
            for category in categories
            if wanted in (str(category.id), category.key, category.name.lower())
        ]
    )


def find_user(text: str, context: Context) -> Found:
    """By account id, or on Server by login name or key; else by e-mail address or display name."""
    if text in context.state.users:
        return frozenset({text})
    wanted, users = text.lower(), context.state.users.values()
    if not context.state.product.cloud:
        logins = [one.account_id for one in users if wanted in (one.name.lower(), one.key.lower())]
        if logins:
            return frozenset(logins)
    return found(
        [
            user.account_id
            for user in users
            if wanted in (user.email.lower(), user.display_name.lower())
        ]
    )


def find_issue(text: str, context: Context) -> Found:
    """By id, or by any key the issue ever had, if the caller sees its project."""
    state = context.state
    issue = state.issues.get(state.issue_ids.get(text.upper(), text))
    if issue is None or not context.sees(state.projects[issue.project_id]):
        return None
    return frozenset({issue.id})


def find_sprint(text: str, context: Context) -> Found:
    """By id or name; a number that is no sprint's id names none, and that is no mistake."""
    sprints = context.state.sprints
    wanted = text.lower()
    named = frozenset(one.id for one in sprints.values() if one.name.lower() == wanted)
    if text.isdigit():
        return named | ({text} & sprints.keys())
    return named or None


def sprints_in(state: SprintState) -> Callable[[Call, Context], frozenset[str]]:
    """Those that are active, say."""
    return lambda _, context: frozenset(
        one.id for one in context.state.sprints.values() if one.state is state
    )


def ends_of(text: str, context: Context) -> frozenset[tuple[str, bool]]:
    """Types of links and the end (True: source) that a word names: by its direction, else both."""
    wanted = text.lower()
    kinds = context.state.link_types.values()
    directed = {
        (one.id, source)
        for one in kinds
        for source, words in ((True, one.outward), (False, one.inward))
        if words.lower() == wanted
    }
    named = {one.id for one in kinds if wanted in (one.name.lower(), one.id)}
    return frozenset(directed or {(one, source) for one in named for source in (True, False)})


def find_tied(text: str, context: Context) -> Found:
    """The issues with a link of this type, by its name or by the words for one direction."""
    ends = ends_of(text, context)
    if not ends:
        return None
    links = context.state.links.values()
    sources = {link.source for link in links if (link.type_id, True) in ends}
    return frozenset(sources | {link.target for link in links if (link.type_id, False) in ends})


def find_number(text: str, context: Context) -> Found:
    """A whole number, however it is written."""
    del context
    return frozenset({str(int(text))}) if NUMBER.fullmatch(text) else None


def no_such(text: str, context: Context) -> Found:
    """Fields that can only be asked whether they are empty."""
    del text, context
    return None


def find_label(text: str, context: Context) -> Found:
    """Any text can be a label."""
    del context
    return frozenset({label_key(text)})


def find_word(text: str, context: Context) -> Found:
    """Names that are compared as they are, such as those of groups."""
    del context
    return frozenset({text})


def find_component(text: str, context: Context) -> Found:
    """By id or name, in every project that the caller sees."""
    return _part(context.state.components, text, context)


def find_version(text: str, context: Context) -> Found:
    """By id or name, in every project that the caller sees."""
    return _part(context.state.versions, text, context)


def _part(
    table: Mapping[str, Component] | Mapping[str, Version], text: str, context: Context
) -> Found:
    wanted, projects = text.lower(), context.state.projects
    return found(
        [
            one.id
            for one in table.values()
            if context.sees(projects[one.project_id])
            and (one.id == text or one.name.lower() == wanted)
        ]
    )


def version_rank(version_id: str, state: State) -> tuple[str, int]:
    """Versions are ordered within their project."""
    version = state.versions[version_id]
    return version.project_id, version.sequence


def label_key(text: str) -> str:
    """Labels are found in any case."""
    return text.lower()


def option_finder(field: Field) -> Callable[[str, Context], Found]:
    """By id or value of the field's choices."""

    def find(text: str, context: Context) -> Found:
        del context
        wanted = text.lower()
        return found(
            [one.id for one in field.options if one.id == text or one.value.lower() == wanted]
        )

    return find


def issue_number(issue_id: str, state: State) -> tuple[str, int] | None:
    """Keys are ordered by project, then by number."""
    issue = state.issues.get(issue_id)
    if issue is None:
        return None
    return issue.key.rpartition("-")[0], issue.number


def priority_rank(priority_id: str, state: State) -> float:
    """More urgent is greater."""
    return -state.priorities[priority_id].rank
