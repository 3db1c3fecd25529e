"""An issue as JSON: which fields, in which form.  Reads the site, never changes it."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace

from jirasim.site import worklogs
from jirasim.site.comments import listed
from jirasim.site.fields import Field
from jirasim.site.model import History, Issue
from jirasim.site.permissions import may_see
from jirasim.site.transitions import available
from jirasim.wire import agile, timetracking
from jirasim.wire.entities import Json, Shared
from jirasim.wire.meta import edit_form, transition_form
from jirasim.wire.operations import operations_json
from jirasim.wire.rendering import rendered_fields
from jirasim.wire.sheet import Sheet, Writer
from jirasim.wire.transitions import transition_json
from jirasim.wire.values import value_json
from jirasim.wire.wire import Wire, field_schema

EXPAND = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"
EXPAND_IN_LIST = "operations,versionedRepresentations,editmeta,changelog,renderedFields"
"""Lists tell names and schema once, beside the issues (recorded)."""
EMBEDDED_HISTORIES = 100
EMBEDDED_COMMENTS = 100
EMBEDDED_WORKLOGS = 20


@dataclass(frozen=True, slots=True)
class Selection:
    """Which parts of an issue a request wants.

    `fields` and `expand` are the words of the request; `properties` the keys to add; `told` says
    what else could have been asked for.
    """

    fields: tuple[str, ...] = ("*all",)
    expand: frozenset[str] = frozenset()
    properties: tuple[str, ...] = ()
    told: str = EXPAND

    @property
    def in_list(self) -> "Selection":
        """The same for one issue of several."""
        return replace(self, expand=self.expand - {"names", "schema"}, told=EXPAND_IN_LIST)


def issue_json(wire: Wire, issue: Issue, selection: Selection) -> Json:
    """The issue, with the selected fields and expansions."""
    body: Json = {
        "expand": selection.told,
        "id": issue.id,
        "self": f"{wire.api}/issue/{issue.id}",
        "key": issue.key,
    }
    sheet = sheet_of(wire, selection.fields)
    body["fields"] = filled(wire, issue, sheet)
    if selection.properties:
        body["properties"] = chosen_properties(issue, selection.properties)
    for word, write in EXPANSIONS.items():
        if word in selection.expand:
            body[word] = write(wire, issue, sheet.names)
    return body


def fields_json(wire: Wire, issue: Issue, words: tuple[str, ...]) -> Json:
    """The fields that these words mean."""
    return filled(wire, issue, sheet_of(wire, words))


def sheet_of(wire: Wire, words: tuple[str, ...]) -> Sheet:
    """What these words ask of each issue, prepared once for an answer."""
    found = wire.sheets.get(words)
    if found is None:
        found = wire.sheets[words] = _sheet(wire.site.state.fields, words)
    return found


def _sheet(fields: Mapping[str, Field], words: tuple[str, ...]) -> Sheet:
    names = selected(fields, words)
    custom = {name: fields[name] for name in names if name not in WRITERS}
    writers = [(name, WRITERS[name]) for name in names if name in WRITERS]
    for name, field in custom.items():
        if (writer := agile.WRITERS.get(field.custom)) is not None:
            writers.append((name, writer))
    plain = {name: one for name, one in custom.items() if one.custom not in agile.WRITERS}
    return Sheet(names, dict.fromkeys(names), tuple(writers), plain)


def filled(wire: Wire, issue: Issue, sheet: Sheet) -> Json:
    """The fields of a sheet; `parent` is left out where there is none to show."""
    body = sheet.blank.copy()
    for name, writer in sheet.writers:
        body[name] = writer(wire, issue)
    for name, value in issue.custom.items():
        field = sheet.custom.get(name)
        if field is not None:
            body[name] = value_json(wire, field, value)
    if "parent" in body and not _has_parent(wire, issue):
        del body["parent"]
    return body


def selected(fields: Mapping[str, Field], words: Iterable[str]) -> list[str]:
    """The fields that words such as `*all`, `*navigable`, `summary` and `-comment` mean."""
    chosen: dict[str, None] = {}
    minus = {word[1:] for word in words if word.startswith("-")}
    plus = [word for word in words if not word.startswith("-")] or ["*all"]
    for word in plus:
        chosen.update(dict.fromkeys(_meant(fields, word)))
    return [name for name in chosen if name not in minus]


def chosen_properties(issue: Issue, keys: Iterable[str]) -> Json:
    """The asked-for entity properties that the issue has."""
    if "*all" in keys:
        return dict(issue.properties)
    return {key: issue.properties[key] for key in keys if key in issue.properties}


def brief(wire: Wire, issue: Issue) -> Json:
    """An issue inside another one: parent and sub-tasks."""
    return {
        "id": issue.id,
        "key": issue.key,
        "self": f"{wire.api}/issue/{issue.id}",
        "fields": fields_json(wire, issue, ("summary", "status", "priority", "issuetype")),
    }


def _meant(fields: Mapping[str, Field], word: str) -> Iterable[str]:
    if word == "*all":
        return (name for name, one in fields.items() if name not in HIDDEN and not one.trashed)
    if word == "*navigable":
        return (name for name, one in fields.items() if one.navigable and name not in HIDDEN)
    return (word,) if word in fields and word not in HIDDEN else ()


def _comments(wire: Wire, issue: Issue) -> Json:
    shown = listed(wire.site, wire.viewer, issue)
    if not wire.site.product.cloud:
        rows = [wire.comment(one) for one in shown]
        return {"comments": rows, "maxResults": len(rows), "total": len(rows), "startAt": 0}
    first = shown[:EMBEDDED_COMMENTS]
    return {
        "comments": [wire.comment(one) for one in first],
        "self": f"{wire.api}/issue/{issue.id}/comment",
        "maxResults": len(first),
        "total": len(shown),
        "startAt": 0,
    }


def _category(wire: Wire, issue: Issue) -> Shared:
    return wire.entities.category(wire.site.state.statuses[issue.status_id].category)


def _priority(wire: Wire, issue: Issue) -> Shared | None:
    if issue.priority_id is None:
        return None
    return wire.entities.priority(wire.site.state.priorities[issue.priority_id])


def _resolution(wire: Wire, issue: Issue) -> Shared | None:
    if issue.resolution_id is None:
        return None
    return wire.entities.resolution(wire.site.state.resolutions[issue.resolution_id])


def _has_parent(wire: Wire, issue: Issue) -> bool:
    """On Server only sub-tasks have one (jira.md 6.1)."""
    subtask = wire.site.state.issue_types[issue.type_id].subtask
    return issue.parent_id is not None and (wire.site.product.cloud or subtask)


def _parent(wire: Wire, issue: Issue) -> Json | None:
    parent = wire.site.state.issues.get(issue.parent_id or "")
    return None if parent is None else brief(wire, parent)


def _subtasks(wire: Wire, issue: Issue) -> list[Json]:
    return [brief(wire, child) for child in wire.site.subtasks(issue)]


def _security(wire: Wire, issue: Issue) -> Shared | None:
    level = wire.site.security_level(issue.security_id or "")
    return None if level is None else wire.entities.security_level(level)


def _nothing(_: Wire, __: Issue) -> None:
    return None


def _versions(wire: Wire, ids: Iterable[str]) -> list[Shared]:
    return [wire.entities.version(wire.site.state.versions[one]) for one in ids]


def _components(wire: Wire, issue: Issue) -> list[Shared]:
    table = wire.site.state.components
    return [wire.entities.component(table[one]) for one in issue.components]


def votes(wire: Wire, issue: Issue) -> Json:
    return {
        "self": f"{wire.api}/issue/{issue.key}/votes",
        "votes": len(issue.voters),
        "hasVoted": _among(wire, issue.voters),
    }


def watches(wire: Wire, issue: Issue) -> Json:
    return {
        "self": f"{wire.api}/issue/{issue.key}/watchers",
        "watchCount": len(issue.watchers),
        "isWatching": _among(wire, issue.watchers),
    }


def _among(wire: Wire, accounts: Container[str]) -> bool:
    return wire.viewer is not None and wire.viewer.account_id in accounts


def _links(wire: Wire, issue: Issue) -> list[Json]:
    rows = []
    for link in wire.site.links(issue):
        side = "outwardIssue" if link.source == issue.id else "inwardIssue"
        other = wire.site.state.issues[link.target if link.source == issue.id else link.source]
        if wire.viewer is None or may_see(wire.site, wire.viewer, other):
            rows.append({**wire.link(link), side: brief(wire, other)})
    return rows


def _worklogs(wire: Wire, issue: Issue) -> Json:
    shown = worklogs.listed(wire.site, wire.viewer, issue)
    return {
        "startAt": 0,
        "maxResults": EMBEDDED_WORKLOGS,
        "total": len(shown),
        "worklogs": [wire.worklog(one) for one in shown[:EMBEDDED_WORKLOGS]],
    }


WRITERS: Mapping[str, Writer] = {
    "statuscategorychangedate": lambda wire, issue: wire.stamp(issue.status_changed),
    "issuetype": lambda wire, issue: wire.entities.issue_type(
        wire.site.state.issue_types[issue.type_id]
    ),
    "project": lambda wire, issue: wire.entities.project(
        wire.site.state.projects[issue.project_id]
    ),
    "statusCategory": _category,
    "status": lambda wire, issue: wire.status(issue.status_id),
    "resolution": _resolution,
    "resolutiondate": lambda wire, issue: (
        None if issue.resolved is None else wire.stamp(issue.resolved)
    ),
    "priority": _priority,
    "labels": lambda _, issue: list(issue.labels),
    "assignee": lambda wire, issue: wire.user(issue.assignee),
    "reporter": lambda wire, issue: wire.user(issue.reporter),
    "creator": lambda wire, issue: wire.user(issue.creator),
    "summary": lambda _, issue: issue.summary,
    "description": lambda wire, issue: wire.rich(issue.description),
    "environment": lambda wire, issue: wire.rich(issue.environment),
    "created": lambda wire, issue: wire.stamp(issue.created),
    "updated": lambda wire, issue: wire.stamp(issue.updated),
    "duedate": lambda _, issue: None if issue.due_date is None else issue.due_date.isoformat(),
    "parent": _parent,
    "subtasks": _subtasks,
    "comment": _comments,
    "worklog": _worklogs,
    "votes": votes,
    "watches": watches,
    "fixVersions": lambda wire, issue: _versions(wire, issue.fix_versions),
    "versions": lambda wire, issue: _versions(wire, issue.affected_versions),
    "components": _components,
    "issuelinks": _links,
    "attachment": lambda wire, issue: [wire.attachment(one) for one in issue.attachments],
    **timetracking.WRITERS,
    "lastViewed": _nothing,
    "archivedby": lambda wire, issue: wire.user(issue.archived_by),
    "archiveddate": lambda wire, issue: (
        None if issue.archived is None else wire.stamp(issue.archived)
    ),
    "security": _security,
    "issuerestriction": lambda _, __: {"issuerestrictions": {}, "shouldDisplay": False},
}
HIDDEN = frozenset({"issuekey", "thumbnail"})


def changelog_page(wire: Wire, histories: tuple[History, ...]) -> Json:
    """The embedded changelog: Cloud's newest first and truncated, Server's whole (jira.md 6.5)."""
    cloud = wire.site.product.cloud
    shown = histories[::-1][:EMBEDDED_HISTORIES] if cloud else histories
    return {
        "startAt": 0,
        "maxResults": len(shown),
        "total": len(histories),
        "histories": [wire.history(one) for one in shown],
    }


def names_json(wire: Wire, names: Iterable[str]) -> Json:
    """The display names of fields."""
    return {name: wire.site.state.fields[name].name for name in names}


def schema_json(wire: Wire, names: Iterable[str]) -> Json:
    """The kinds of fields."""
    return {name: field_schema(wire.site.state.fields[name]) for name in names}


def _transitions(wire: Wire, issue: Issue, _: list[str]) -> list[Json]:
    return [
        {**transition_json(wire, issue, one), "fields": transition_form(wire, issue, one)}
        for one in available(wire.site, wire.viewer, issue)
    ]


def _versioned(wire: Wire, issue: Issue, names: list[str]) -> Json:
    """Each field in its only version."""
    shown = fields_json(wire, issue, tuple(names))
    return {name: {"1": value} for name, value in shown.items()}


EXPANSIONS: Mapping[str, Callable[[Wire, Issue, list[str]], object]] = {
    "renderedFields": rendered_fields,
    "operations": lambda wire, issue, _: operations_json(wire, issue),
    "versionedRepresentations": _versioned,
    "names": lambda wire, _, names: names_json(wire, names),
    "schema": lambda wire, _, names: schema_json(wire, names),
    "changelog": lambda wire, issue, _: changelog_page(wire, issue.history),
    "transitions": _transitions,
    "editmeta": lambda wire, issue, _: {"fields": edit_form(wire, issue)},
}
