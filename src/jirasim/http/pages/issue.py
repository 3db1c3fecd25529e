"""The page of one issue: all that it has, and forms for what can be done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jirasim.http.media import address
from jirasim.http.pages.frame import (
    Visit,
    choices,
    face,
    folded,
    form,
    hidden,
    labelled,
    lozenge,
    moment,
    page,
    pairs,
    table,
    upload,
)
from jirasim.http.pages.markup import Content, Html, tag
from jirasim.site import comments, durations, worklogs
from jirasim.site.permissions import assignable, may_see, visible_projects
from jirasim.site.transitions import available
from jirasim.text import as_wiki
from jirasim.wire.html import rendered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jirasim.site.model import ChangeItem, Comment, Issue, RichText, Visibility, Worklog
    from jirasim.site.state import Site, State
    from jirasim.site.workflow import Transition

UNITS: Final = ("bytes", "KB", "MB")


def issue_page(visit: Visit, issue: Issue) -> str:
    """One issue with all that can be done to it."""
    site = visit.controls.site
    state = site.state
    project = state.projects[issue.project_id]
    said = comments.listed(site, visit.actor, issue)
    logged = worklogs.listed(site, visit.actor, issue)
    path = tag("a", project.name, href=f"/projects/{project.key}"), " / ", issue.key
    main = (
        _text(issue.description) or tag("p", "No description.", class_="empty"),
        _files(site, issue),
        _links(visit, issue),
        _children(site, issue),
        _heading("Comments", len(said)),
        [_comment(state, issue, one) for one in said],
        _new_comment(issue),
        _heading("Work", len(logged)),
        [_worklog(state, issue, one) for one in logged],
        _log_work(issue),
        _heading("History", len(issue.history)),
        table(("When", "Who", "What"), _history(state, issue), empty="No changes."),
    )
    aside = (
        _moves(state, issue, available(site, visit.actor, issue)),
        pairs(_facts(state, issue)),
        folded("Edit", _edit_form(visit, issue)),
        folded("Move to another project", _move_form(visit, issue)),
        folded("Delete", _delete_form(issue)),
    )
    return page(
        visit,
        f"{issue.key} {issue.summary}",
        tag("p", path, class_="crumbs"),
        tag("h1", issue.summary),
        tag("div", tag("div", main), tag("aside", aside), class_="split"),
    )


def _heading(title: str, count: int) -> Html:
    return tag("h2", title, " ", tag("small", count))


def _text(text: RichText | None) -> Html | None:
    return None if text is None else tag("div", Html(rendered(text)), class_="prose")


def name_of(state: State, account_id: str | None) -> str:
    """The name of an account, or `nobody`."""
    return state.users[account_id].display_name if account_id in state.users else "nobody"


def _who(state: State, account_id: str | None) -> Html:
    if account_id not in state.users:
        return tag("span", "nobody", class_="empty")
    return face(name_of(state, account_id))


def _moves(state: State, issue: Issue, arrows: tuple[Transition, ...]) -> Html:
    return tag(
        "div",
        tag("p", lozenge(state.statuses[issue.status_id])),
        tag("div", [_transition_form(state, issue, one) for one in arrows], class_="row"),
        class_="moves",
    )


def _transition_form(state: State, issue: Issue, arrow: Transition) -> Html:
    goal = state.statuses[arrow.target(issue.status_id)].name
    asks = arrow.screen is not None and "resolution" in arrow.screen.fields
    resolutions = [("", "Resolution…"), *((one.id, one.name) for one in state.resolutions.values())]
    return form(
        f"/browse/{issue.key}/transition",
        hidden("transition", arrow.id),
        choices("resolution", resolutions, "", label="Resolution") if asks else None,
        tag("button", arrow.name if arrow.name == goal else f"{arrow.name} → {goal}"),
    )


def _facts(state: State, issue: Issue) -> Iterator[tuple[str, Content]]:
    yield "Type", state.issue_types[issue.type_id].name
    yield "Assignee", _who(state, issue.assignee)
    yield "Reporter", _who(state, issue.reporter)
    priority = state.priorities.get(issue.priority_id or "")
    yield "Priority", priority.name if priority is not None else "None"
    resolution = state.resolutions.get(issue.resolution_id or "")
    yield "Resolution", resolution.name if resolution is not None else "Unresolved"
    if issue.labels:
        yield "Labels", [tag("span", one, class_="label") for one in issue.labels]
    parent = state.issues.get(issue.parent_id or "")
    if parent is not None:
        yield "Parent", _reference(state, parent)
    if issue.due_date is not None:
        yield "Due", issue.due_date.isoformat()
    yield from _times(issue)
    yield from _custom(state, issue)
    if issue.watchers:
        yield "Watchers", len(issue.watchers)
    yield "Created", moment(issue.created)
    yield "Updated", moment(issue.updated)


def _times(issue: Issue) -> Iterator[tuple[str, Content]]:
    times = {
        "Estimated": issue.original_estimate,
        "Remaining": issue.remaining_estimate,
        "Logged": issue.time_spent,
    }
    for label, seconds in times.items():
        if seconds is not None:
            yield label, durations.written(seconds)


def _custom(state: State, issue: Issue) -> Iterator[tuple[str, Content]]:
    for field_id, value in issue.custom.items():
        if value not in (None, "", ()):
            found = state.fields.get(field_id)
            yield found.name if found is not None else field_id, _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict):
        return as_wiki(value) if value.get("type") == "doc" else str(value)
    return str(value)


def _reference(state: State, issue: Issue) -> Content:
    return (
        tag("a", issue.key, href=f"/browse/{issue.key}"),
        " ",
        issue.summary,
        " ",
        lozenge(state.statuses[issue.status_id]),
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
        tag("button", "Save", class_="primary"),
        class_="stack",
    )


def _restricted(shown: Visibility | None) -> Html | None:
    return None if shown is None else tag("span", f"only {shown.value}", class_="label")


def _comment(state: State, issue: Issue, comment: Comment) -> Html:
    words = as_wiki(comment.body)
    base = f"/browse/{issue.key}/comment/{comment.id}"
    edited = " (edited)" if comment.updated != comment.created else ""
    return tag(
        "article",
        tag(
            "div",
            face(name_of(state, comment.author)),
            tag("span", moment(comment.created), edited, class_="soft"),
            _restricted(comment.visibility),
            class_="byline",
        ),
        _text(comment.body),
        folded(
            "Change",
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
    words = tag("textarea", name="body", rows=3, aria_label="New comment", required=True)
    return form(
        f"/browse/{issue.key}/comment",
        words,
        tag("button", "Comment", class_="primary"),
        class_="stack",
    )


def _worklog(state: State, issue: Issue, worklog: Worklog) -> Html:
    return tag(
        "article",
        tag(
            "div",
            face(name_of(state, worklog.author)),
            tag("b", durations.written(worklog.seconds)),
            tag("span", "on ", moment(worklog.started), class_="soft"),
            _restricted(worklog.visibility),
            form(
                f"/browse/{issue.key}/worklog/{worklog.id}/delete",
                tag("button", "Delete", class_="quiet"),
            ),
            class_="byline",
        ),
        _text(worklog.comment),
    )


def _log_work(issue: Issue) -> Html:
    spent = tag("input", name="spent", placeholder="1h 30m", required=True)
    return folded(
        "Log work",
        form(
            f"/browse/{issue.key}/worklog",
            labelled("Time spent", spent),
            labelled("What was done", tag("textarea", name="comment", rows=2)),
            tag("button", "Log work", class_="primary"),
            class_="stack",
        ),
    )


def _files(site: Site, issue: Issue) -> Content:
    rows = [
        (
            tag("a", one.filename, href=address(site, one).removeprefix(site.base_url)),
            _size(one.size),
            face(name_of(site.state, one.author)),
            moment(one.created),
            form(
                f"/browse/{issue.key}/attachment/{one.id}/delete",
                tag("button", "Delete", class_="quiet"),
            ),
        )
        for one in issue.attachments
    ]
    pick = tag("input", type="file", name="file", required=True, aria_label="File")
    attach = upload(f"/browse/{issue.key}/attachments", pick, tag("button", "Attach"))
    head = ("Name", "Size", "By", "When", "")
    listed = table(head, rows, empty="") if rows else None
    return _heading("Attachments", len(rows)), listed, folded("Attach a file", attach)


def _size(count: int) -> str:
    size, step = float(count), 0
    while size >= 1024 and step < len(UNITS) - 1:
        size, step = size / 1024, step + 1
    return f"{size:.0f} {UNITS[step]}"


def _links(visit: Visit, issue: Issue) -> Content:
    site, rows = visit.controls.site, []
    for link in site.links(issue):
        kind = site.state.link_types[link.type_id]
        outward = link.source == issue.id
        other = site.state.issues[link.target if outward else link.source]
        if may_see(site, visit.actor, other):
            end = form(
                f"/browse/{issue.key}/link/{link.id}/delete",
                tag("button", "Unlink", class_="quiet"),
            )
            words = kind.outward if outward else kind.inward
            rows.append((words, _reference(site.state, other), end))
    kinds = [(one.id, one.outward) for one in site.state.link_types.values()]
    tie = form(
        f"/browse/{issue.key}/link",
        choices("type", kinds, None, label="Kind of link"),
        tag("input", name="key", placeholder="FHP-1", required=True, aria_label="Other issue"),
        tag("button", "Link"),
        class_="row",
    )
    listed = table(("", "Issue", ""), rows, empty="") if rows else None
    return _heading("Links", len(rows)), listed, folded("Link an issue", tie)


def _children(site: Site, issue: Issue) -> Content:
    children = site.children(issue)
    if not children:
        return None
    rows = [(_reference(site.state, one),) for one in children]
    return _heading("Children", len(rows)), table(("Issue",), rows, empty="")


def _history(state: State, issue: Issue) -> Iterator[tuple[Content, ...]]:
    for entry in reversed(issue.history):
        for item in entry.items:
            yield (
                moment(entry.created),
                name_of(state, entry.author),
                (tag("b", item.field), " ", *_change(item)),
            )


def _change(item: ChangeItem) -> tuple[Content, ...]:
    before = item.from_string or item.from_id
    after = item.to_string or item.to_id
    gone = tag("del", before) if before else None
    return gone, " → " if before and after else " ", after


def _move_form(visit: Visit, issue: Issue) -> Html:
    site = visit.controls.site
    targets = [
        (f"{project.id}/{kind}", f"{project.key}: {site.state.issue_types[kind].name}")
        for project in visible_projects(site, visit.actor)
        if project.id != issue.project_id
        for kind in project.issue_types
    ]
    return form(
        f"/browse/{issue.key}/move",
        labelled("Project and type", choices("target", targets, None)),
        tag("button", "Move"),
        class_="stack",
    )


def _delete_form(issue: Issue) -> Html:
    box = tag("input", type="checkbox", name="subtasks", value="true")
    return form(
        f"/browse/{issue.key}/delete",
        tag("label", box, " with its sub-tasks"),
        tag("button", "Delete for good", class_="danger"),
        class_="stack",
    )
