"""The pages: overview, project, issue, webhooks, calls.  They only show; `page` acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jirasim.http.markup import Content, Html, tag
from jirasim.http.page_frame import (
    Visit,
    choices,
    form,
    hidden,
    labelled,
    lozenge,
    moment,
    page,
    table,
)
from jirasim.site.comments import listed
from jirasim.site.permissions import assignable, visible_projects
from jirasim.site.transitions import available
from jirasim.text import as_wiki

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jirasim.site.fields import Field
    from jirasim.site.model import Comment, Issue, Project
    from jirasim.site.state import State
    from jirasim.site.workflow import Transition

SHOWN: Final = 200


def overview(visit: Visit) -> str:
    """The projects that the actor sees."""
    site = visit.controls.site
    rows = [
        (
            tag("a", project.key, href=f"/projects/{project.key}"),
            project.name,
            project.workflow.name,
            sum(1 for _ in site.index.in_projects([project.id])),
        )
        for project in visible_projects(site, visit.actor)
    ]
    empty = "This user sees no project." if visit.actor else "Choose above whom to act as."
    return page(
        visit,
        "Projects",
        tag("h1", "Projects"),
        table(("Key", "Name", "Workflow", "Issues"), rows, empty=empty),
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


def name_of(state: State, account_id: str | None) -> str:
    """The name of an account, or `nobody`."""
    return state.users[account_id].display_name if account_id in state.users else "nobody"


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


def issue_page(visit: Visit, issue: Issue) -> str:
    """One issue with all that can be done to it."""
    site = visit.controls.site
    state = site.state
    comments = listed(site, visit.actor, issue)
    arrows = available(site, visit.actor, issue)
    project = state.projects[issue.project_id]
    return page(
        visit,
        issue.key,
        tag("p", tag("a", project.name, href=f"/projects/{project.key}"), " / ", issue.key),
        tag("h1", issue.summary),
        tag("p", lozenge(state.statuses[issue.status_id]), class_="meta"),
        tag("section", [_transition_form(state, issue, one) for one in arrows], class_="row"),
        _edit_form(visit, issue),
        tag("h2", f"Comments ({len(comments)})"),
        [_comment(state, issue, one) for one in comments],
        _new_comment(issue),
        tag("h2", "History"),
        table(("When", "Who", "Field", "From", "To"), _history(state, issue), empty="No changes."),
        _delete_form(issue),
    )


def _transition_form(state: State, issue: Issue, arrow: Transition) -> Html:
    goal = state.statuses[arrow.target(issue.status_id)].name
    asks = arrow.screen is not None and "resolution" in arrow.screen.fields
    resolutions = [("", "Resolution…"), *((one.id, one.name) for one in state.resolutions.values())]
    return form(
        f"/browse/{issue.key}/transition",
        hidden("transition", arrow.id),
        choices("resolution", resolutions, "") if asks else None,
        tag("button", arrow.name if arrow.name == goal else f"{arrow.name} → {goal}"),
    )


def editable_texts(issue: Issue) -> Mapping[str, str]:
    """The values of the edit form as text; what comes back unchanged is not sent."""
    return {
        "summary": issue.summary,
        "description": "" if issue.description is None else as_wiki(issue.description),
        "assignee": issue.assignee or "",
        "priority": issue.priority_id or "",
        "labels": " ".join(issue.labels),
        "duedate": "" if issue.due_date is None else issue.due_date.isoformat(),
    }


def _edit_form(visit: Visit, issue: Issue) -> Html:
    site = visit.controls.site
    state, now = site.state, editable_texts(issue)
    people = assignable(site, state.projects[issue.project_id])
    assignees = [("", "Unassigned"), *((one.account_id, one.display_name) for one in people)]
    priorities = [("", "None"), *((one.id, one.name) for one in state.priorities.values())]
    return form(
        f"/browse/{issue.key}/edit",
        labelled("Summary", tag("input", name="summary", value=now["summary"], maxlength=255)),
        labelled(
            "Description (wiki markup)",
            tag("textarea", "\n", now["description"], name="description", rows=8),
        ),
        labelled("Assignee", choices("assignee", assignees, now["assignee"])),
        labelled("Priority", choices("priority", priorities, now["priority"])),
        labelled("Labels", tag("input", name="labels", value=now["labels"])),
        labelled("Due date", tag("input", name="duedate", value=now["duedate"], type="date")),
        tag("p", f"Reporter {name_of(state, issue.reporter)} · updated ", moment(issue.updated)),
        tag("button", "Save", class_="primary"),
        class_="stack",
    )


def _comment(state: State, issue: Issue, comment: Comment) -> Html:
    words = as_wiki(comment.body)
    base = f"/browse/{issue.key}/comment/{comment.id}"
    edited = " (edited)" if comment.updated != comment.created else ""
    return tag(
        "article",
        tag("p", tag("b", name_of(state, comment.author)), " ", moment(comment.created), edited),
        tag("pre", words),
        tag(
            "details",
            tag("summary", "Change"),
            form(
                f"{base}/edit",
                tag("textarea", "\n", words, name="body", rows=4, aria_label="Comment"),
                tag("button", "Save"),
                class_="stack",
            ),
            form(f"{base}/delete", tag("button", "Delete comment", class_="danger")),
        ),
    )


def _new_comment(issue: Issue) -> Html:
    return form(
        f"/browse/{issue.key}/comment",
        tag("textarea", name="body", rows=3, aria_label="New comment", required=True),
        tag("button", "Comment", class_="primary"),
        class_="stack",
    )


def _history(state: State, issue: Issue) -> Iterator[tuple[Content, ...]]:
    for entry in reversed(issue.history):
        for item in entry.items:
            yield (
                moment(entry.created),
                name_of(state, entry.author),
                item.field,
                item.from_string or item.from_id or "",
                item.to_string or item.to_id or "",
            )


def _delete_form(issue: Issue) -> Html:
    return tag(
        "details",
        tag("summary", "Delete issue"),
        form(
            f"/browse/{issue.key}/delete",
            tag(
                "label",
                tag("input", type="checkbox", name="subtasks", value="true"),
                " with its sub-tasks",
            ),
            tag("button", "Delete for good", class_="danger"),
        ),
    )


def webhooks_page(visit: Visit) -> str:
    """The registered webhooks and what was sent last."""
    hooks = [
        (one.name, one.url, one.jql or "everything", "yes" if one.secret else "no")
        for one in visit.controls.site.state.webhooks.values()
    ]
    attempts = [
        (
            moment(one.at),
            one.delivery.event,
            one.delivery.url,
            f"{one.delivery.flow} {one.delivery.retries or ''}",
            "lost" if one.lost else one.status or one.error,
        )
        for one in reversed(visit.controls.sender.attempts()[-SHOWN:])
    ]
    return page(
        visit,
        "Webhooks",
        tag("h1", "Webhooks"),
        table(("Name", "Address", "Filter", "Signed"), hooks, empty="No webhook is registered."),
        tag("h2", "Sent"),
        table(
            ("When", "Event", "To", "Flow, retry", "Answer"), attempts, empty="Nothing was sent."
        ),
    )


def calls_page(visit: Visit) -> str:
    """How often each endpoint was called."""
    counts = sorted(visit.controls.calls.counts().items(), key=lambda pair: (-pair[1], pair[0]))
    return page(
        visit,
        "Calls",
        tag("h1", "Calls received"),
        table(("Endpoint", "Calls"), counts, empty="No call was received since the last reset."),
    )


def refused_page(visit: Visit, title: str) -> str:
    """A page that holds nothing but the reason, which the frame shows."""
    return page(visit, title, tag("h1", title))
