"""What the search boxes of Jira's pages ask while somebody types: issues, projects."""

import re
from collections.abc import Iterator
from html import escape

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.site.model import Issue, Project
from jirasim.site.permissions import may_see, visible_projects
from jirasim.site.product import on_server
from jirasim.site.search import parsed, search
from jirasim.wire.entities import Json

MOST_ISSUES = 20
MOST_PROJECTS = 100
NOTHING = "No matching issues found"


def issues(call: Call) -> Answer:
    """GET /issue/picker: what changed lately (jirasim knows no history of looking), what a JQL finds."""
    wanted = call.query.get("query", "").strip()
    recent = sorted(call.site.state.issues.values(), key=lambda one: one.updated, reverse=True)
    seen = (one for one in recent if may_see(call.site, call.caller, one))
    sections = [_section(call, "hs", "History Search", seen, wanted)]
    jql = call.query.get("currentJQL")
    if jql:
        rows = search(call.site, call.caller, parsed(jql))
        sections.append(_section(call, "cs", "Current Search", iter(rows), wanted))
    return Answer({"sections": sections})


def _section(call: Call, name: str, label: str, rows: Iterator[Issue], wanted: str) -> Json:
    fitting = [one for one in rows if _fits(call, one, wanted)]
    shown = fitting[:MOST_ISSUES]
    body: Json = {
        "id": name,
        "label": label,
        "issues": [_issue(call, one, wanted) for one in shown],
    }
    if not shown:
        return {**body, "msg": NOTHING}
    return {**body, "sub": f"Showing {len(shown)} of {len(fitting)} matching issues"}


def _fits(call: Call, issue: Issue, wanted: str) -> bool:
    query = call.query
    subtask = call.site.state.issue_types[issue.type_id].subtask
    context = call.site.find_issue(query.get("currentIssueKey", ""))
    parent = context.parent_id if context is not None else None
    left_out = (
        issue == context
        or (subtask and query.get("showSubTasks") == "false")
        or (issue.id == parent and query.get("showSubTaskParent") == "false")
        or query.get("currentProjectId", issue.project_id) != issue.project_id
    )
    text = f"{issue.key} {issue.summary}".casefold()
    return not left_out and all(word in text for word in wanted.casefold().split())


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
