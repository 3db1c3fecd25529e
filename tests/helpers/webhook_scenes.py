"""Makes happen on the simulator what a recorded webhook tells of.  Judges nothing.

A scene is given the caller and the watcher of one fresh site and does things; the webhook it is
about is the last one of its kind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.jira_caller import Api, doc

from jirasim.site.state import Site
from jirasim.webhooks.bodies import body_of
from jirasim.webhooks.telling import told

Body = dict[str, Any]


@dataclass
class Watched:
    """All bodies that the site would send, oldest first."""

    bodies: list[Body] = field(default_factory=list)

    def last(self, event: str, type_name: str) -> Body:
        """The newest of this event, and of this type where one is named."""
        found = [
            one
            for one in self.bodies
            if one["webhookEvent"] == event
            and (not type_name or one.get("issue_event_type_name") == type_name)
        ]
        assert found, f"{event} {type_name} was never told, only {self.kinds()}"
        return found[-1]

    def kinds(self) -> list[tuple[str, object]]:
        """What was told at all."""
        return [(one["webhookEvent"], one.get("issue_event_type_name", "")) for one in self.bodies]


def watch(site: Site) -> Watched:
    """Listen from now on."""
    found = Watched()
    site.subscribe(
        lambda event: found.bodies.extend(
            body for one in told(site, event) if (body := body_of(site, one)) is not None
        )
    )
    return found


def text(api: Api, words: str) -> object:
    """Rich text as this Jira takes it."""
    return doc(words) if api.site.product.cloud else words


def person(api: Api) -> dict[str, str]:
    """A reference to the caller."""
    me = api.get("/myself").json
    return {"accountId": me["accountId"]} if api.site.product.cloud else {"name": me["name"]}


def make(api: Api, project: str = "FHP", **fields: object) -> str:
    """A new issue; returns its path."""
    plain = {"project": {"key": project}, "issuetype": {"name": "Task"}, "summary": "A task"}
    reply = api.post("/issue", {"fields": {**plain, **fields}})
    assert reply.status == 201, reply.text
    return f"/issue/{reply.json['id']}"


def edit(**fields: object) -> "Scene":
    """A scene in which fields of an issue are changed."""

    def scene(api: Api) -> None:
        reply = api.put(make(api), {"fields": fields})
        assert reply.status == 204, reply.text

    return scene


def take(api: Api, issue: str, *names: str) -> None:
    """Follow these arrows, with a resolution where one is demanded."""
    for name in names:
        found = api.get(f"{issue}/transitions", expand="transitions.fields").json["transitions"]
        arrow = next(one for one in found if one["name"] == name)
        demanded = arrow.get("fields", {}).get("resolution", {}).get("required")
        fields = {"fields": {"resolution": {"name": "Done"}}} if demanded else {}
        reply = api.post(f"{issue}/transitions", {"transition": {"id": arrow["id"]}, **fields})
        assert reply.status == 204, reply.text


def created(api: Api) -> None:
    priority = {"priority": {"name": "High"}, "assignee": person(api)}
    make(api, description=text(api, "Every spring."), **priority)


def deleted(api: Api) -> None:
    issue = make(api, description=text(api, "Every spring."))
    comment(api, issue)
    assert api.delete(issue).status == 204


def assigned(api: Api) -> None:
    assert api.put(f"{make(api)}/assignee", person(api)).status == 204


def assigned_by_edit(api: Api) -> None:
    assert api.put(make(api), {"fields": {"assignee": person(api)}}).status == 204


def started(api: Api) -> None:
    take(api, make(api, "LIN"), "Start")


def resolved(api: Api) -> None:
    take(api, make(api, "LIN"), "Start", "Send to review", "Finish")


def finished(api: Api) -> None:
    issue = make(api)
    take(api, issue, "Done")


def reopened(api: Api) -> None:
    issue = make(api)
    take(api, issue, "Done", "To Do")


def described(api: Api) -> None:
    issue = make(api, description=text(api, "Old"))
    assert api.put(issue, {"fields": {"description": text(api, "New")}}).status == 204


def points(api: Api) -> str:
    """The id of the field for story points, as this Jira names it."""
    names = {"Story point estimate", "Story Points"}
    return next(one["id"] for one in api.get("/field").json if one["name"] in names)


def estimated(api: Api) -> None:
    assert api.put(make(api), {"fields": {points(api): 3}}).status == 204


def components(api: Api) -> None:
    made = api.post("/component", {"name": "Pump", "project": "FHP"})
    assert made.status == 201, made.text
    assert api.put(make(api), {"fields": {"components": [{"name": "Pump"}]}}).status == 204


def several(api: Api) -> None:
    version = api.post("/version", {"name": "v1", "project": "FHP"})
    if version.status == 404:
        project = api.get("/project/FHP").json["id"]
        version = api.post("/version", {"name": "v1", "projectId": int(project)})
    assert version.status == 201, version.text
    fields = {"fixVersions": [{"name": "v1"}], "assignee": person(api)}
    reply = api.put(make(api), {"fields": {**fields, points(api): 3}})
    assert reply.status == 204, reply.text


def ranked(api: Api) -> None:
    one, two = (make(api).rpartition("/")[2] for _ in range(2))
    body = {"issues": [two], "rankBeforeIssue": one}
    reply = api.put("/rest/agile/1.0/issue/rank", body)
    assert reply.status == 204, reply.text


def comment(api: Api, issue: str) -> str:
    reply = api.post(f"{issue}/comment", {"body": text(api, "Hm.")})
    assert reply.status == 201, reply.text
    return f"{issue}/comment/{reply.json['id']}"


def commented(api: Api) -> None:
    comment(api, make(api))


def comment_edited(api: Api) -> None:
    assert api.put(comment(api, make(api)), {"body": text(api, "Ah.")}).status == 200


def comment_deleted(api: Api) -> None:
    assert api.delete(comment(api, make(api))).status == 204


def worked(api: Api) -> None:
    issue = make(api)
    made = api.post(f"{issue}/worklog", {"timeSpent": "5h"}).json["id"]
    one = f"{issue}/worklog/{made}"
    assert api.put(one, {"timeSpent": "4h"}).status == 200
    assert api.delete(one).status == 204


def linked(api: Api) -> None:
    one, two = (make(api).rpartition("/")[2] for _ in range(2))
    ends = {"inwardIssue": {"id": one}, "outwardIssue": {"id": two}}
    assert api.post("/issueLink", {"type": {"name": "Blocks"}, **ends}).status == 201
    link = api.get(f"/issue/{one}").json["fields"]["issuelinks"][0]["id"]
    assert api.delete(f"/issueLink/{link}").status == 204


def attached(api: Api) -> None:
    assert api.upload(f"{make(api)}/attachments", ("oil.txt", b"black")).status == 200


def moved(api: Api) -> None:
    """To another project; answered when it is done."""
    issue = api.get(make(api)).json
    target = f"LIN,{issue['fields']['issuetype']['id']}"
    mapping = {"issueIdsOrKeys": [issue["key"]], "inferFieldDefaults": True}
    more = {"inferStatusDefaults": True, "inferSubtaskTypeDefault": True}
    body = {"targetToSourcesMapping": {target: {**mapping, **more}}, "sendBulkNotification": False}
    reply = api.post("/bulk/issues/move", body)
    assert reply.status == 201, reply.text


def project_made(api: Api) -> None:
    lead = person(api)
    who = {"leadAccountId": lead["accountId"]} if "accountId" in lead else {"lead": lead["name"]}
    body = {"key": "NEW", "name": "New one", "projectTypeKey": "software", **who}
    reply = api.post("/project", body)
    assert reply.status == 201, reply.text


Scene = Callable[[Api], None]
BY_EVENT: Mapping[str, Scene] = {
    "comment_created": commented,
    "comment_updated": comment_edited,
    "comment_deleted": comment_deleted,
    "jira:issue_created": created,
    "jira:issue_deleted": deleted,
    "jira:worklog_updated": worked,
    "worklog_created": worked,
    "worklog_updated": worked,
    "worklog_deleted": worked,
    "issuelink_created": linked,
    "issuelink_deleted": linked,
    "attachment_created": attached,
    "project_created": project_made,
}
BY_TYPE: Mapping[str, Scene] = {
    "issue_commented": commented,
    "issue_comment_edited": comment_edited,
    "issue_comment_deleted": comment_deleted,
    "issue_assigned": assigned,
    "issue_work_started": started,
    "issue_resolved": resolved,
    "issue_generic": finished,
    "issue_updated": edit(summary="New"),
    "issue_moved": moved,
}
BY_FILE: Mapping[str, Scene] = {
    "cloud/jira-to-matrix__issue-created.json": created,
    "cloud/mattermost-plugin-jira__server-old-issue-updated-no-event-type-assigned.json": assigned,
    "cloud/mattermost-plugin-jira__issue-updated-reopened.json": reopened,
    "cloud/jira-to-matrix__issue-updated-rank-changed.json": ranked,
    "cloud/mattermost-plugin-jira__issue-updated-rank.json": ranked,
    "cloud/mattermost-plugin-jira__cloud-issue-updated-custom-field.json": estimated,
    "cloud/mattermost-plugin-jira__issue-updated-components.json": components,
    "cloud/mattermost-plugin-jira__issue-updated-edited.json": described,
    "cloud/mattermost-plugin-jira__issue-updated-issue-type.json": edit(
        issuetype={"name": "Story"}
    ),
    "cloud/mattermost-plugin-jira__issue-updated-labels.json": edit(labels=["oil"]),
    "cloud/mattermost-plugin-jira__issue-updated-multiple-custom-fields.json": estimated,
    "cloud/mattermost-plugin-jira__issue-updated-multiple-values.json": several,
    "cloud/skill-sync__issue_updated.json": described,
    "server/jira-trigger-plugin__issue_updated_with_comment.json": commented,
    "server/jira-trigger-plugin__issue_updated_without_comment.json": edit(summary="New"),
    "server/jira-trigger-plugin__issue_updated_fields_updated.json": edit(
        summary="New", description="New", priority={"name": "High"}
    ),
    "server/mattermost-plugin-jira__server-old-issue-updated-no-event-type-comment-edited.json": (
        comment_edited
    ),
    "server/mattermost-plugin-jira__server-old-issue-updated-no-event-type-commented.json": (
        commented
    ),
    "server/mattermost-plugin-jira__issue-updated-assigned-on-server.json": assigned_by_edit,
    "server/mattermost-plugin-jira__server-issue-updated-many-fields.json": edit(labels=["oil"]),
    "server/jira-slack-webhook__updatedIssue1.json": estimated,
}


def scene_of(file: str, event: str, type_name: str) -> Scene:
    """What to do for a recording: by its name, else by its type, else by its event."""
    return BY_FILE.get(file) or BY_TYPE.get(type_name) or BY_EVENT[event]
