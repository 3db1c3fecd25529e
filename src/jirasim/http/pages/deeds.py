"""What can be done on the page of an issue or project, by the same rules as over REST."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jirasim.http.pages.issue import editable_texts
from jirasim.site import attachments, comments, issues, links, moves, transitions, worklogs
from jirasim.site.errors import Refusal
from jirasim.site.permissions import may
from jirasim.wire.incoming import comment_body, issue_body, worklog_body

if TYPE_CHECKING:
    from jirasim.site.attachments import Upload
    from jirasim.site.model import Issue, Project, User
    from jirasim.site.state import Site


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody asks for with a form: who, where, and the filled-in values."""

    site: Site
    actor: User
    path: Mapping[str, str]
    values: Mapping[str, str]
    files: Sequence[Upload] = ()

    @property
    def issue(self) -> Issue:
        """The issue of the address, if the actor sees it."""
        return issues.visible(self.site, self.actor, self.path["key"])


Act = Callable[[Deed], str]


def seen_project(site: Site, actor: User | None, key: str) -> Project:
    found = site.find_project(key)
    if found is None or not may(actor, "BROWSE_PROJECTS", found):
        raise Refusal(404, f"No project could be found with key '{key}'.")
    return found


def create(deed: Deed) -> str:
    project = seen_project(deed.site, deed.actor, deed.path["key"])
    fields: dict[str, object] = {
        "project": {"id": project.id},
        "issuetype": {"id": deed.values.get("issuetype", "")},
        "summary": deed.values.get("summary", ""),
    }
    if parent := deed.values.get("parent", "").strip():
        fields["parent"] = {"key": parent}
    for name, value in deed.values.items():
        if name.startswith("custom.") and value:
            fields[name.removeprefix("custom.")] = _custom(
                deed.site, name.removeprefix("custom."), value
            )
    body = issue_body(deed.site, {"fields": fields}, version=2)
    made = issues.create(deed.site, deed.actor, body)
    return f"/browse/{made.key}"


def _custom(site: Site, name: str, value: str) -> object:
    field = site.state.fields.get(name)
    match field.kind if field is not None else "":
        case "option":
            return {"id": value}
        case "number":
            return _number(value)
        case _:
            return value


def _number(value: str) -> object:
    """The number, or the text as it is, for the rules to refuse."""
    try:
        return float(value)
    except ValueError:
        return value


def edit(deed: Deed) -> str:
    """Send what was changed on the form, and nothing else."""
    issue = deed.issue
    before = editable_texts(issue)
    after = {name: value.replace("\r\n", "\n") for name, value in deed.values.items()}
    changed = {
        name: after[name] for name in before if after.get(name, before[name]) != before[name]
    }
    if changed:
        fields = {name: _decoded(deed.site, name, value) for name, value in changed.items()}
        body = issue_body(deed.site, {"fields": fields}, version=2)
        issues.edit(deed.site, deed.actor, issue, body)
    return f"/browse/{issue.key}"


def transition(deed: Deed) -> str:
    issue = deed.issue
    body: dict[str, object] = {"transition": {"id": deed.values.get("transition", "")}}
    if resolution := deed.values.get("resolution"):
        body["fields"] = {"resolution": {"id": resolution}}
    transitions.take(deed.site, deed.actor, issue, body)
    return f"/browse/{issue.key}"


def add_comment(deed: Deed) -> str:
    issue = deed.issue
    comments.add(deed.site, deed.actor, issue, _comment_body(deed))
    return f"/browse/{issue.key}"


def edit_comment(deed: Deed) -> str:
    issue = deed.issue
    comments.edit(deed.site, deed.actor, issue, deed.path["comment"], _comment_body(deed))
    return f"/browse/{issue.key}"


def delete_comment(deed: Deed) -> str:
    issue = deed.issue
    comments.remove(deed.site, deed.actor, issue, deed.path["comment"])
    return f"/browse/{issue.key}"


def delete(deed: Deed) -> str:
    issue = deed.issue
    project = deed.site.state.projects[issue.project_id]
    everything = deed.values.get("subtasks") == "true"
    issues.delete(deed.site, deed.actor, issue, with_subtasks=everything)
    return f"/projects/{project.key}"


def log_work(deed: Deed) -> str:
    issue, said = deed.issue, deed.values.get("comment", "").replace("\r\n", "\n")
    body: dict[str, object] = {"timeSpent": deed.values.get("spent", "")}
    if said.strip():
        body["comment"] = said
    stored = worklog_body(deed.site, body, version=2)
    worklogs.add(deed.site, deed.actor, issue, stored, {})
    return f"/browse/{issue.key}"


def delete_work(deed: Deed) -> str:
    issue = deed.issue
    worklogs.remove(deed.site, deed.actor, issue, deed.path["worklog"], {})
    return f"/browse/{issue.key}"


def attach(deed: Deed) -> str:
    issue = deed.issue
    attachments.add(deed.site, deed.actor, issue, deed.files)
    return f"/browse/{issue.key}"


def detach(deed: Deed) -> str:
    issue = deed.issue
    attachments.remove(deed.site, deed.actor, deed.path["attachment"])
    return f"/browse/{issue.key}"


def link(deed: Deed) -> str:
    issue = deed.issue
    other = issues.visible(deed.site, deed.actor, deed.values.get("key", "").strip())
    ends = {"inwardIssue": {"id": issue.id}, "outwardIssue": {"id": other.id}}
    links.create(deed.site, deed.actor, {"type": {"id": deed.values.get("type")}, **ends})
    return f"/browse/{issue.key}"


def unlink(deed: Deed) -> str:
    issue = deed.issue
    links.remove(deed.site, deed.actor, deed.path["link"])
    return f"/browse/{issue.key}"


def move(deed: Deed) -> str:
    project_id, _, type_id = deed.values.get("target", "").partition("/")
    project = seen_project(deed.site, deed.actor, project_id)
    goal = moves.Destination(project, type_id)
    return f"/browse/{moves.move(deed.site, deed.actor, deed.issue, goal).key}"


def _comment_body(deed: Deed) -> Mapping[str, object]:
    words = deed.values.get("body", "").replace("\r\n", "\n")
    return comment_body(deed.site, {"body": words if words.strip() else None}, version=2)


def _decoded(site: Site, name: str, value: str) -> object:
    return _person(site, value) if name == "assignee" else DECODERS[name](value)


def _person(site: Site, account_id: str) -> object:
    """The account in the form in which this Jira is told of people."""
    user = site.state.users.get(account_id)
    if user is None or site.product.cloud:
        return {"accountId": account_id} if account_id else None
    return {"name": user.name}


def _by_id(value: str) -> object:
    return {"id": value} if value else None


def _text(value: str) -> object:
    return value or None


def _rich(value: str) -> object:
    return value if value.strip() else None


DECODERS: Final[Mapping[str, Callable[[str], object]]] = {
    "summary": str,
    "description": _rich,
    "priority": _by_id,
    "labels": str.split,
    "duedate": _text,
}
DEEDS: Final[Mapping[str, Act]] = {
    "/projects/{key}/create": create,
    "/browse/{key}/edit": edit,
    "/browse/{key}/transition": transition,
    "/browse/{key}/comment": add_comment,
    "/browse/{key}/comment/{comment}/edit": edit_comment,
    "/browse/{key}/comment/{comment}/delete": delete_comment,
    "/browse/{key}/worklog": log_work,
    "/browse/{key}/worklog/{worklog}/delete": delete_work,
    "/browse/{key}/attachments": attach,
    "/browse/{key}/attachment/{attachment}/delete": detach,
    "/browse/{key}/link": link,
    "/browse/{key}/link/{link}/delete": unlink,
    "/browse/{key}/move": move,
    "/browse/{key}/delete": delete,
}
