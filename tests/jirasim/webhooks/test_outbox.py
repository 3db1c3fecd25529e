"""Which webhooks hear of a change, and what they are sent (jira.md 7.1, 7.5)."""

import json

import pytest

from jirasim.site import comments, issues, links
from jirasim.site.events import Event
from jirasim.site.hooks import Webhook
from jirasim.webhooks.outbox import Outbox
from jirasim.webhooks.signature import signature


@pytest.fixture
def admin(site):
    return site.state.users[site.state.service_account]


@pytest.fixture
def connected(site, sender):
    site.subscribe(Outbox(site, sender))
    return site


def hook(site, receiver, **more):
    number = str(len(site.state.webhooks) + 1)
    base = {"id": number, "name": "n", "url": receiver.url, "events": ("jira:issue_created",)}
    found = Webhook(**{**base, "updated_by": site.state.service_account, **more})
    site.state.webhooks[number] = found
    return found


def created(site, admin, project="FHP", **fields):
    given = {"project": {"key": project}, "issuetype": {"name": "Task"}, "summary": "S", **fields}
    return issues.create(site, admin, {"fields": given})


def words(text):
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    return {"version": 1, "type": "doc", "content": [paragraph]}


def test_a_signed_body_arrives_byte_for_byte(connected, admin, sender, receiver):
    hook(connected, receiver, secret="geheim")
    issue = created(connected, admin, summary="Übergröße")
    assert sender.wait_until_idle(5)
    [(_, headers, body)] = receiver.got
    assert headers["X-Hub-Signature"] == signature("geheim", body)
    assert json.loads(body)["issue"]["key"] == issue.key
    assert "Übergröße".encode() in body


@pytest.mark.parametrize(
    ("more", "heard"),
    [
        pytest.param({}, True, id="no filter"),
        pytest.param({"jql": "project = FHP"}, True, id="a filter that fits"),
        pytest.param({"jql": "project = LIN"}, False, id="a filter on another project"),
        pytest.param({"jql": "summary ~ nothing"}, False, id="a filter on other words"),
        pytest.param({"jql": "project = GONE"}, False, id="a filter that cannot run any more"),
        pytest.param({"events": ("jira:issue_updated",)}, False, id="another event"),
        pytest.param({"enabled": False}, False, id="switched off"),
    ],
)
def test_only_who_asked_hears(more, heard, connected, admin, sender, receiver):
    hook(connected, receiver, **more)
    created(connected, admin)
    assert sender.wait_until_idle(5)
    assert bool(receiver.got) is heard


def test_an_empty_body_when_the_webhook_wants_none(connected, admin, sender, receiver):
    hook(connected, receiver, exclude_body=True, secret="s")
    created(connected, admin)
    assert sender.wait_until_idle(5)
    [(_, headers, body)] = receiver.got
    assert body == b""
    assert headers["X-Hub-Signature"] == signature("s", b"")


@pytest.mark.parametrize("form", ["{%s}", "${%s}"])
def test_variables_in_the_address_are_filled_in(form, connected, admin, sender, receiver):
    hook(connected, receiver, url=f"{receiver.url}/{form % 'project.key'}?i={form % 'issue.id'}")
    issue = created(connected, admin)
    assert sender.wait_until_idle(5)
    assert receiver.got[0][0] == f"/hook/FHP?i={issue.id}"


def test_a_deletion_is_followed_by_its_comments_as_secondary(connected, admin, sender, receiver):
    hook(connected, receiver, events=("jira:issue_deleted", "comment_deleted"), jql="project = FHP")
    issue = created(connected, admin)
    comments.add(connected, admin, issue, {"body": words("one")})
    comments.add(connected, admin, connected.state.issues[issue.id], {"body": words("two")})
    issues.delete(connected, admin, connected.state.issues[issue.id], with_subtasks=False)
    assert sender.wait_until_idle(5)
    flows = sorted(
        (headers["X-Atlassian-Webhook-Flow"], json.loads(body)["webhookEvent"])
        for _, headers, body in receiver.got
    )
    assert flows == [
        ("Primary", "jira:issue_deleted"),
        ("Secondary", "comment_deleted"),
        ("Secondary", "comment_deleted"),
    ]


def test_every_delivery_has_a_name_of_its_own(connected, admin, sender, receiver):
    hook(connected, receiver)
    hook(connected, receiver)
    created(connected, admin)
    created(connected, admin)
    assert sender.wait_until_idle(5)
    names = {headers["X-Atlassian-Webhook-Identifier"] for _, headers, _ in receiver.got}
    assert len(names) == len(receiver.got) == 4


def test_the_change_is_not_held_up_by_a_slow_receiver(connected, admin, sender, receiver):
    receiver.gate.clear()
    hook(connected, receiver)
    issue = created(connected, admin)
    assert connected.find_issue(issue.key) is not None
    assert receiver.got == []


def test_events_nobody_subscribed_to_cost_nothing(connected, sender):
    heard: list[Event] = []
    connected.subscribe(heard.append)
    created(connected, connected.state.users[connected.state.service_account])
    assert heard
    assert sender.pending() == 0
    assert sender.attempts() == ()


def test_links_are_told_whatever_the_filter_says(connected, admin, sender, receiver):
    hook(connected, receiver, events=("issuelink_created",), jql="project = LIN")
    one, two = created(connected, admin), created(connected, admin)
    ends = {"inwardIssue": {"id": one.id}, "outwardIssue": {"id": two.id}}
    links.create(connected, admin, {"type": {"name": "Blocks"}, **ends})
    assert sender.wait_until_idle(5)
    assert [json.loads(body)["webhookEvent"] for _, _, body in receiver.got] == [
        "issuelink_created"
    ]
