"""The pages of projects, calls and refusals.  They only show; `page_deeds` acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jirasim.http.pages.frame import (
    Visit,
    choices,
    form,
    labelled,
    lozenge,
    page,
    table,
    welcome,
)
from jirasim.http.pages.issue import name_of
from jirasim.http.pages.markup import Content, Html, tag
from jirasim.site.permissions import visible_projects

if TYPE_CHECKING:
    from jirasim.site.fields import Field
    from jirasim.site.model import Issue, Project
    from jirasim.site.state import State

SHOWN: Final = 200


def overview(visit: Visit) -> str:
    """The projects that the actor sees."""
    if visit.actor is None:
        return page(visit, "Projects", tag("h1", "Welcome"), welcome(visit))
    site = visit.controls.site
    rows = [
        (
            tag("a", project.key, href=f"/projects/{project.key}"),
            project.name,
            "team" if project.team_managed else "company",
            name_of(site.state, project.lead),
            sum(1 for _ in site.index.in_projects([project.id])),
        )
        for project in visible_projects(site, visit.actor)
    ]
    empty = "This user sees no project."
    return page(
        visit,
        "Projects",
        tag("h1", "Projects"),
        table(("Key", "Name", "Managed by", "Lead", "Issues"), rows, empty=empty),
    )


def project_page(visit: Visit, project: Project) -> str:
    """The newest issues of a project and a form for another one."""
    state = visit.controls.site.state
    issues = sorted(
        (one for one in state.issues.values() if one.project_id == project.id),
        key=lambda one: one.number,
        reverse=True,
    )
    rows = [_issue_row(state, issue) for issue in issues[:SHOWN]]
    more = f"The newest {SHOWN} of {len(issues)}." if len(issues) > SHOWN else None
    return page(
        visit,
        project.name,
        tag("p", tag("a", "Projects", href="/"), " / ", project.key, class_="crumbs"),
        tag("h1", project.name, " ", tag("small", project.key)),
        tag("details", tag("summary", "Create issue"), _create_form(state, project)),
        table(("Key", "Summary", "Type", "Status", "Assignee"), rows, empty="No issues yet."),
        tag("p", more) if more else None,
    )


def _issue_row(state: State, issue: Issue) -> tuple[Content, ...]:
    return (
        tag("a", issue.key, href=f"/browse/{issue.key}"),
        issue.summary,
        state.issue_types[issue.type_id].name,
        lozenge(state.statuses[issue.status_id]),
        name_of(state, issue.assignee),
    )


def _create_form(state: State, project: Project) -> Html:
    types = [(one, state.issue_types[one].name) for one in project.issue_types]
    usual = next(one for one in project.issue_types if state.issue_types[one].hierarchy_level == 0)
    required = {name for screen in project.screens.values() for name in screen.required}
    extra = [
        labelled(
            f"{state.fields[name].name} (required)", _control(state.fields[name], f"custom.{name}")
        )
        for name in sorted(required - {"summary"})
    ]
    return form(
        f"/projects/{project.key}/create",
        labelled("Type", choices("issuetype", types, usual)),
        labelled("Summary", tag("input", name="summary", required=True, maxlength=255)),
        labelled("Parent (a key, for sub-tasks)", tag("input", name="parent")),
        extra,
        tag("button", "Create", class_="primary"),
        class_="stack",
    )


def _control(field: Field, name: str) -> Html:
    if field.options:
        return choices(name, [("", ""), *((one.id, one.value) for one in field.options)], None)
    return tag("input", name=name, type="number" if field.kind == "number" else "text", step="any")


def calls_page(visit: Visit) -> str:
    """How often each endpoint was called."""
    counts = sorted(visit.controls.calls.counts().items(), key=lambda pair: (-pair[1], pair[0]))
    return page(
        visit,
        "Calls",
        tag("h1", "Calls received"),
        form("/calls/reset", tag("button", "Count anew")) if counts else None,
        table(("Endpoint", "Calls"), counts, empty="No call was received since the last reset."),
    )


def refused_page(visit: Visit, title: str) -> str:
    """A page that holds nothing but the reason, which the frame shows."""
    return page(visit, title, tag("h1", title))
