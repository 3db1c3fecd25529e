"""Every webhook body has the shape of the recordings of the same event (jira.md 7.3)."""

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from jirasim.site import attachments, comments, issues, links, transitions, worklogs
from jirasim.webhooks.bodies import body_of

RECORDINGS = Path(__file__).parents[4] / "shared/jira/webhooks"
LOGGED = {"level", "message", "label"}
EVENTS = [
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "comment_created",
    "comment_updated",
    "comment_deleted",
    "worklog_created",
    "worklog_updated",
    "worklog_deleted",
]


def adf(words):
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
    return {"version": 1, "type": "doc", "content": [paragraph]}


@pytest.fixture
def events(site):
    """What happens to one issue in its life, by kind of event."""
    heard = []
    site.subscribe(heard.append)
    maya = site.state.users[site.state.people[0]]
    admin = site.state.users[site.state.service_account]
    fields = {
        "project": {"key": "FHP"},
        "issuetype": {"name": "Task"},
        "summary": "Grease the bearings",
        "description": adf("Every spring."),
        "labels": ["spring", "oil"],
        "duedate": "2026-04-01",
    }
    issue = issues.create(site, maya, {"fields": fields})
    issue = issues.edit(
        site, maya, issue, {"fields": {"assignee": {"accountId": admin.account_id}}}
    )
    issue = issues.edit(
        site, maya, issue, {"fields": {"summary": "Oil", "labels": [], "duedate": None}}
    )
    away = next(
        one for one in transitions.available(site, maya, issue) if one.to_status != issue.status_id
    )
    transitions.take(site, maya, issue, {"transition": {"id": away.id}})
    issue = site.state.issues[issue.id]
    comment = comments.add(site, maya, issue, {"body": adf("Which oil?")})
    issue = site.state.issues[issue.id]
    comments.edit(site, maya, issue, comment.id, {"body": adf("Which oil, please?")})
    issue = site.state.issues[issue.id]
    comments.remove(site, maya, issue, comment.id)
    worklog = worklogs.add(site, maya, site.state.issues[issue.id], {"timeSpent": "1w"}, {})
    issue = site.state.issues[issue.id]
    worklogs.edit(site, maya, issue, worklog.id, {"timeSpent": "4d"}, {})
    worklogs.remove(site, maya, site.state.issues[issue.id], worklog.id, {})
    issues.delete(site, admin, site.state.issues[issue.id], with_subtasks=False)
    return heard


@pytest.fixture
def bodies(site, events):
    return [(event.kind, body_of(site, event)) for event in events]


def kind(value):
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return {str: "string", type(None): "null", list: "list"}.get(type(value), "object")


def key_of(name):
    return "customfield" if name.startswith("customfield_") else name


class Shape:
    """What was seen at one place: kinds of values, keys, and keys that were always there."""

    def __init__(self):
        self.kinds = set()
        self.children = {}
        self.always = None

    def see(self, value):
        self.kinds.add(kind(value))
        if isinstance(value, list):
            for one in value:
                self.children.setdefault("[]", Shape()).see(one)
        if isinstance(value, Mapping):
            keys = {key_of(name) for name in value}
            self.always = keys if self.always is None else self.always & keys
            for name, one in value.items():
                self.children.setdefault(key_of(name), Shape()).see(one)


def differences(value, seen, always, path=""):
    """Where `value` has what no recording has (`seen`), or lacks what all have (`always`)."""
    if kind(value) not in seen.kinds:
        yield f"{path} is {kind(value)}, recorded {sorted(seen.kinds)}"
    if isinstance(value, list) and "[]" in seen.children:
        for one in value:
            yield from differences(one, seen.children["[]"], None, f"{path}[]")
    if isinstance(value, Mapping):
        missing = (always.always or set()) - {key_of(name) for name in value} if always else set()
        yield from (f"{path}.{name} is missing" for name in sorted(missing))
        for name, one in value.items():
            key = key_of(name)
            if key == "customfield":
                continue
            if key not in seen.children:
                yield f"{path}.{key} was never recorded"
                continue
            known = always.children.get(key) if always else None
            yield from differences(one, seen.children[key], known, f"{path}.{key}")


@pytest.fixture(scope="module")
def recorded():
    """By event, the recorded bodies of Cloud that can be trusted."""
    found = {}
    with (RECORDINGS / "index.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["deployment"] != "cloud" or "SUSPECT" in row["note"]:
                continue
            body = json.loads((RECORDINGS / row["file"]).read_text())
            if "winston" in row["note"]:
                body = {name: body[name] for name in body.keys() - LOGGED - {"timestamp"}}
                body["timestamp"] = 0
            found.setdefault(row["event"], []).append(body)
    return found


ACCEPTED = re.compile(
    r"""
    # Newer than these recordings (jira.md 6.1).
    \.issue\.fields\.statusCategory\ was\ never\ recorded
    # The one recorded deletion is of 2019; REST of today has it (jira.md 6.6).
    | \.issue\.fields\.comment\.self\ was\ never\ recorded
    # Cloud dropped these from users in 2019 (jira.md 7.3).
    | .*(user|[aA]uthor|assignee|creator|reporter)\.(key|name)\ is\ missing
    # No recorded issue happens to have a due date; REST gives the same string.
    | \.issue\.fields\.duedate\ is\ string,\ recorded\ \['null'\]
    # Nor any logged work; REST has been recorded with it (test_rest_estimates).
    | \.issue\.fields\.(aggregate)?time(spent|estimate)\ is\ number,\ recorded\ \['null'\]
    | \.issue\.fields\.((aggregate)?progress\.percent|timetracking\.\w+)\ was\ never\ recorded
    """,
    re.VERBOSE,
)


@pytest.mark.skipif(not RECORDINGS.exists(), reason="the recordings are not on this machine")
@pytest.mark.parametrize("event", EVENTS)
def test_a_body_has_the_shape_of_the_recordings(event, bodies, recorded):
    seen, always = Shape(), Shape()
    for name, examples in recorded.items():
        for example in examples:
            seen.see(example)
            if name == event:
                always.see(example)
    ours = [body for name, body in bodies if name == event]
    assert ours
    assert always.always
    for body in ours:
        found = differences(body, seen, always)
        assert [one for one in found if not ACCEPTED.fullmatch(one)] == []


def test_what_the_recordings_teach_holds(bodies):
    by_event = dict(bodies)
    created = by_event["jira:issue_created"]
    assert created["issue_event_type_name"] == "issue_created"
    assert created["issue"]["fields"]["description"] == "Every spring."
    assert "/rest/api/2/" in created["issue"]["self"]
    assert not created["issue"]["fields"].keys() & {"comment", "worklog"}
    assert isinstance(created["changelog"]["id"], str)
    assert isinstance(created["timestamp"], int)
    for name in EVENTS[3:6]:
        assert "user" not in by_event[name]
        assert by_event[name]["issue"]["fields"].keys() == {
            "summary",
            "issuetype",
            "project",
            "assignee",
            "priority",
            "status",
        }
    assert by_event["comment_updated"]["comment"]["body"] == "Which oil, please?"
    assert "changelog" not in by_event["jira:issue_deleted"]


def test_the_kind_of_change_is_named(bodies):
    names = [
        body["issue_event_type_name"] for event, body in bodies if event == "jira:issue_updated"
    ]
    assert names == [
        "issue_assigned",
        "issue_updated",
        "issue_generic",
        "issue_work_logged",
        "issue_worklog_updated",
        "issue_worklog_deleted",
    ]


def test_a_worklog_comes_without_its_issue_and_without_an_actor(bodies):
    by_event = dict(bodies)
    for name, more in (("created", True), ("updated", False), ("deleted", True)):
        body = by_event[f"worklog_{name}"]
        assert not body.keys() & {"issue", "user"}
        assert ("isFromIssueLimitTransformation" in body) is more
        assert body["worklog"]["comment"] == ""
        assert "emailAddress" not in body["worklog"]["author"]


@pytest.mark.skipif(not RECORDINGS.exists(), reason="the recordings are not on this machine")
@pytest.mark.parametrize("what", ["created", "deleted"])
def test_a_link_is_told_as_the_recorded_server_tells_it(site, what):
    """No capture of Cloud was found (jira.md 11); the shape is said to be the same (7.3)."""
    heard = []
    site.subscribe(heard.append)
    admin = site.state.users[site.state.service_account]
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "S"}
    one, two = (issues.create(site, admin, {"fields": fields}) for _ in range(2))
    ends = {"inwardIssue": {"id": one.id}, "outwardIssue": {"id": two.id}}
    links.create(site, admin, {"type": {"name": "Blocks"}, **ends})
    links.remove(site, admin, site.links(one)[0].id)
    [ours] = [body_of(site, event) for event in heard if event.kind == f"issuelink_{what}"]
    recorded = json.loads(
        (RECORDINGS / f"server/jira-to-matrix__issuelink-{what}.json").read_text()
    )
    assert ours.keys() == recorded.keys() - LOGGED
    shape = Shape()
    shape.see(recorded["issueLink"])
    assert [*differences(ours["issueLink"], shape, shape)] == []
    ids = ours["issueLink"]["sourceIssueId"], ours["issueLink"]["destinationIssueId"]
    assert ids == (int(one.id), int(two.id))


def test_an_attachment_comes_without_its_issue_and_without_an_actor(site):
    """Two field captures say so; the recording at hand is hand-made (jira.md 7.3)."""
    heard = []
    site.subscribe(heard.append)
    admin = site.state.users[site.state.service_account]
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "S"}
    issue = issues.create(site, admin, {"fields": fields})
    file = attachments.Upload("oil.png", "image/png", b"black")
    [made] = attachments.add(site, admin, issue, [file])
    attachments.remove(site, admin, made.id)
    bodies = [body_of(site, one) for one in heard if one.attachment is not None]
    assert [one["webhookEvent"] for one in bodies] == ["attachment_created", "attachment_deleted"]
    for body in bodies:
        assert body.keys() == {"timestamp", "webhookEvent", "attachment"}
        assert body["attachment"].keys() == {
            "self",
            "id",
            "filename",
            "author",
            "created",
            "size",
            "mimeType",
            "content",
        }
        assert body["attachment"]["self"].endswith(f"/rest/api/2/attachment/{made.id}")
        assert "emailAddress" not in body["attachment"]["author"]
