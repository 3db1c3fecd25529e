"""What Server sends where Cloud sends something else (jira.md 7.2, 7.4, 7.5)."""

import json
from dataclasses import replace

import pytest

from jirasim.seed import make_state
from jirasim.site import comments, issues
from jirasim.site.hooks import Webhook
from jirasim.site.product import Deployment, Product
from jirasim.site.state import Site
from jirasim.webhooks.outbox import Outbox
from jirasim.webhooks.signature import signature

ISSUE = ("jira:issue_created", "jira:issue_updated", "jira:issue_deleted")
COMMENT = ("comment_created", "comment_updated", "comment_deleted")


@pytest.fixture
def connect(clock, sender, receiver):
    """A Server of a version, with one webhook; returns the site and its administrator."""

    def connected(version, **hook):
        product = Product(Deployment.SERVER, version)
        site = Site(make_state(seed=1, issues=0, now=clock(), product=product), clock)
        site.subscribe(Outbox(site, sender))
        base = {"id": "1", "name": "n", "url": receiver.url, "events": ISSUE + COMMENT}
        site.state.webhooks["1"] = Webhook(
            **{**base, "updated_by": site.state.service_account, **hook}
        )
        return site, site.state.users[site.state.service_account]

    return connected


def create(site, admin, **fields):
    given = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "S", **fields}
    return issues.create(site, admin, {"fields": given})


def sent(sender):
    assert sender.wait_until_idle(5)
    return sorted(sender.attempts(), key=lambda one: one.delivery.identifier)


def test_ten_signs_and_nine_does_not(connect, sender, receiver):
    for version in ((9, 12, 0), (10, 3, 0)):
        site, admin = connect(version, secret="s")
        create(site, admin)
        assert sender.wait_until_idle(5)
    (_, nine, _), (_, ten, body) = receiver.got
    assert "X-Hub-Signature" not in nine
    assert ten["X-Hub-Signature"] == signature("s", body)
    assert not any(name.startswith("X-Atlassian-Webhook") for name in (*nine, *ten))


def test_the_variables_of_an_address_lost_their_dollar_in_ten(connect, sender, receiver):
    for version in ((9, 12, 0), (10, 3, 0)):
        site, admin = connect(version, url=f"{receiver.url}/${{issue.key}}/{{project.key}}")
        create(site, admin)
        assert sender.wait_until_idle(5)
    nine, ten = (path for path, _, _ in receiver.got)
    assert nine == "/hook/FHP-1/{project.key}"
    assert ten == "/hook/$FHP-1/FHP"


def test_who_acted_is_added_to_the_address_where_a_site_does_that(connect, sender, receiver):
    site, admin = connect((9, 12, 0), url=f"{receiver.url}?token=1")
    site.state.settings = replace(site.state.settings, webhook_user_parameters=True)
    create(site, admin)
    assert sender.wait_until_idle(5)
    assert receiver.got[0][0] == f"/hook?token=1&user_id={admin.name}&user_key={admin.key}"


def test_a_comment_is_told_twice(connect, sender, receiver):
    site, admin = connect((10, 3, 0))
    issue = create(site, admin)
    comment = comments.add(site, admin, issue, {"body": "Hm"})
    comments.edit(site, admin, site.state.issues[issue.id], comment.id, {"body": "Hm"})
    comments.remove(site, admin, site.state.issues[issue.id], comment.id)
    assert sender.wait_until_idle(5)
    bodies = [json.loads(body) for _, _, body in receiver.got]
    told = {(one["webhookEvent"], one.get("issue_event_type_name")): one for one in bodies}
    assert told.keys() == {
        ("jira:issue_created", "issue_created"),
        ("comment_created", None),
        ("jira:issue_updated", "issue_commented"),
        ("comment_updated", None),
        ("jira:issue_updated", "issue_comment_edited"),
        ("comment_deleted", None),
        ("jira:issue_updated", "issue_comment_deleted"),
    }
    assert "comment" in told["jira:issue_updated", "issue_commented"]
    assert "comment" not in told["jira:issue_updated", "issue_comment_deleted"]
    assert "user" not in told["comment_created", None]
    assert told["comment_deleted", None]["user"]["name"] == admin.name
    assert f"/issue/{issue.id}/comment/" in told["comment_created", None]["comment"]["self"]


def test_nothing_is_sent_again(connect, sender, receiver):
    receiver.plan = [500]
    site, admin = connect((10, 3, 0))
    create(site, admin)
    assert [one.status for one in sent(sender)] == [500]
    assert sender.pending() == 0


def test_a_deletion_may_leave_the_children_unmentioned(connect, sender, receiver):
    site, admin = connect((10, 3, 0))
    site.state.settings = replace(site.state.settings, server_tells_of_children=False)
    issue = create(site, admin)
    comments.add(site, admin, issue, {"body": "Hm"})
    issues.delete(site, admin, site.state.issues[issue.id], with_subtasks=False)
    events = [one.delivery.event for one in sent(sender)]
    assert "jira:issue_deleted" in events
    assert "comment_deleted" not in events


def test_a_body_over_the_limit_is_never_sent(connect, sender, receiver):
    site, admin = connect((10, 3, 0), events=("jira:issue_updated",))
    issue = create(site, admin)
    issues.change(site, admin, issue, {"summary": "x" * (26 * 1024 * 1024)})
    [attempt] = sent(sender)
    assert attempt.lost
    assert "25 MB" in attempt.error
    assert receiver.got == []
