"""What the search boxes of Jira's pages ask while somebody types: issues, projects."""

import re
from collections.abc import Callable, Iterable
from html import escape

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.jql import Query
from jirasim.jql.syntax import Sort
from jirasim.site.model import Issue, Project
from jirasim.site.permissions import visible_projects
from jirasim.site.product import on_server
from jirasim.site.search import parsed, search
from jirasim.wire.entities import Json

MOST_ISSUES = 20
MOST_RECENT = 1000
"""Issues among which a history search looks: there is none of who looked at what."""
LATELY = Query(order=(Sort("updated", descending=True),))
MOST_PROJECTS = 100
NOTHING = "No matching issues found"


def issues(call: Call) -> Answer:
    """GET /issue/picker: what changed lately (jirasim knows no history of looking), what a JQL finds."""
    wanted = call.query.get("query", "").strip()
    recent = search(call.site, call.caller, LATELY)[:MOST_RECENT]
    sections = [_section(call, "hs", "History Search", recent, wanted)]
    jql = call.query.get("currentJQL")
    if jql:
        rows = search(call.site, call.caller, parsed(jql))
        sections.append(_section(call, "cs", "Current Search", rows, wanted))
    return Answer({"sections": sections})


def _section(call: Call, name: str, label: str, rows: Iterable[Issue], wanted: str) -> Json:
    fitting = list(filter(_fits(call, wanted), rows))
    shown = fitting[:MOST_ISSUES]
    body: Json = {
        "id": name,
        "label": label,
        "issues": [_issue(call, one, wanted) for one in shown],
    }
    if not shown:
        return {**body, "msg": NOTHING}
    return {**body, "sub": f"Showing {len(shown)} of {len(fitting)} matching issues"}


def _fits(call: Call, wanted: str) -> Callable[[Issue], bool]:
    query, types = call.query, call.site.state.issue_types
    here = call.site.find_issue(query.get("currentIssueKey", ""))
    left_out = {here.id} if here is not None else set()
    if here is not None and query.get("showSubTaskParent") == "false":
        left_out.add(here.parent_id or "")
    subtasks = query.get("showSubTasks") != "false"
    project = query.get("currentProjectId")
    words = wanted.casefold().split()

    def fits(issue: Issue) -> bool:
        if issue.id in left_out or (project is not None and issue.project_id != project):
            return False
        if types[issue.type_id].subtask and not subtasks:
            return False
        text = f"{issue.key} {issue.summary}".casefold()
        return all(word in text for word in words)

    return fits


def _issue(call: Call, issue: Issue, wanted: str) -> Json:
    kind = call.wire.entities.issue_type(call.site.state.issue_types[issue.type_id])
    body: Json = {
        "key": issue.key,
        "keyHtml": _bold(issue.key, wanted),
        "img": str(kind["iconUrl"]).removeprefix(call.site.base_url),
        "summary": _bold(issue.summary, wanted),
        "summaryText": issue.summary,
    }
    return {"id": int(issue.id), **body} if call.product.cloud else body


def projects(call: Call) -> Answer:
    """GET /projects/picker: by the beginnings of words, and by key."""
    wanted, most = call.query.get("query", "").strip(), call.number("maxResults", 0)
    anything = bool(wanted) or call.flag("allowEmptyQuery")
    rows = visible_projects(call.site, call.caller) if anything else ()
    fitting = [one for one in rows if _begins(one, wanted)]
    shown = fitting[: max(most or MOST_PROJECTS, 0)]
    header = f"Showing {len(shown)} of {len(fitting)} matching projects"
    written = [_project(call, one, wanted) for one in shown]
    return Answer({"projects": written, "total": len(fitting), "header": header})


def _begins(project: Project, wanted: str) -> bool:
    words = (project.key, *project.name.split())
    return any(word.casefold().startswith(wanted.casefold()) for word in words) or (
        project.name.casefold().startswith(wanted.casefold())
    )


def _project(call: Call, project: Project, wanted: str) -> Json:
    avatars = call.wire.entities.project(project)["avatarUrls"]
    return {
        "id": project.id,
        "key": project.key,
        "name": project.name,
        "html": f"{_bold(project.name, wanted)} ({_bold(project.key, wanted)})",
        "avatar": avatars["16x16"] if isinstance(avatars, dict) else "",
    }


def _bold(text: str, wanted: str) -> str:
    """As HTML, with what was typed in bold."""
    if not wanted:
        return escape(text)
    parts = re.split(f"({re.escape(wanted)})", text, flags=re.IGNORECASE)
    return "".join(
        f"<b>{escape(part)}</b>" if place % 2 else escape(part) for place, part in enumerate(parts)
    )


ENDPOINTS = (
    Endpoint("GET", "/issue/picker", issues, anonymous=True),
    Endpoint("GET", "/projects/picker", projects, anonymous=True, on=on_server),
)
