"""What is told of one thing that happened, beyond what recordings show (jira.md 7.2, 7.3)."""

from dataclasses import replace

import pytest

from jirasim.seed import make_state
from jirasim.site import issues
from jirasim.site.agile_model import Sprint
from jirasim.site.events import (
    PROJECT_UPDATED,
    SPRINT_STARTED,
    USER_UPDATED,
    VERSION_DELETED,
    Event,
)
from jirasim.site.parts import Version
from jirasim.site.product import Deployment, Product
from jirasim.site.state import Site
from jirasim.webhooks.address import filled
from jirasim.webhooks.bodies import body_of
from jirasim.webhooks.telling import told


@pytest.fixture
def admin(site):
    return site.state.users[site.state.service_account]


def listen(site):
    heard = []
    site.subscribe(lambda event: heard.extend(told(site, event)))
    return heard


def create(site, actor, **fields):
    given = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "S", **fields}
    return issues.create(site, actor, {"fields": given})


def subtask_type(site):
    return next(one.name for one in site.state.issue_types.values() if one.subtask)


def test_a_subtask_hangs_at_its_parent_by_a_system_link(site, admin):
    parent = create(site, admin)
    heard = listen(site)
    child = create(site, admin, parent={"id": parent.id}, issuetype={"name": subtask_type(site)})
    [link] = [body_of(site, one) for one in heard if one.kind == "issuelink_created"]
    shown = link["issueLink"]
    assert (shown["sourceIssueId"], shown["destinationIssueId"]) == (int(parent.id), int(child.id))
    assert shown["systemLink"] is True
    assert shown["issueLinkType"]["name"] == "jira_subtask_link"
    assert shown["issueLinkType"]["isSubTaskLinkType"] is True
    assert "style" not in shown["issueLinkType"]


def test_a_child_that_changes_its_epic_loses_one_link_and_gets_another(site, admin):
    one, two = (create(site, admin, issuetype={"name": "Epic"}) for _ in range(2))
    child = create(site, admin, parent={"id": one.id})
    heard = listen(site)
    issues.edit(site, admin, child, {"fields": {"parent": {"id": two.id}}})
    links = [(event.kind, event.link.source) for event in heard if event.link is not None]
    assert links == [("issuelink_deleted", one.id), ("issuelink_created", two.id)]


def test_the_system_links_and_their_style_are_switches(site, admin):
    parent = create(site, admin)
    kind = {"name": subtask_type(site)}
    site.state.settings = replace(site.state.settings, webhook_link_style=True)
    heard = listen(site)
    create(site, admin, parent={"id": parent.id}, issuetype=kind)
    [link] = [body_of(site, one) for one in heard if one.link is not None]
    assert link["issueLink"]["issueLinkType"]["style"] == "jira_subtask"
    site.state.settings = replace(site.state.settings, system_link_events=False)
    create(site, admin, parent={"id": parent.id}, issuetype=kind)
    assert len([one for one in heard if one.link is not None]) == 1


def test_a_bulk_change_says_whether_it_sends_mail(site, admin):
    issue = create(site, admin)
    heard = listen(site)
    with site.in_bulk(mail=False):
        issues.edit(site, admin, issue, {"fields": {"summary": "New"}})
    issues.edit(site, admin, site.state.issues[issue.id], {"fields": {"summary": "Newer"}})
    first, second = (body_of(site, one) for one in heard)
    assert first["bulkOperationMetaData"] == {"sendMail": False}
    assert "bulkOperationMetaData" not in second


def test_an_issue_itself_may_be_linked_with_the_word_issue_or_without(site, admin):
    heard = listen(site)
    issue = create(site, admin)
    base = "https://x.example/rest/api/2"
    assert body_of(site, heard[0])["issue"]["self"] == f"{base}/{issue.id}"
    site.state.settings = replace(site.state.settings, webhook_self_without_issue=False)
    assert body_of(site, heard[0])["issue"]["self"] == f"{base}/issue/{issue.id}"


def test_servers_of_old_named_no_types_and_told_no_first_values(clock):
    told_by = {}
    for version in ((6, 4), (8, 17)):
        product = Product(Deployment.SERVER, version)
        site = Site(make_state(seed=1, issues=0, now=clock(), product=product), clock)
        heard = listen(site)
        create(site, site.state.users[site.state.service_account])
        told_by[version] = body_of(site, heard[0])
    more = {"issue_event_type_name", "changelog"}
    assert told_by[8, 17].keys() - told_by[6, 4].keys() == more


SUBJECTS = {
    PROJECT_UPDATED: lambda site: site.state.projects["10000"],
    USER_UPDATED: lambda site: site.state.users[site.state.service_account],
    VERSION_DELETED: lambda _: Version("7", "10000", "v1"),
    SPRINT_STARTED: lambda site: Sprint("7", "1", "First", site.now(), 0),
}


@pytest.mark.parametrize("kind", SUBJECTS)
def test_what_is_no_issue_is_told_under_its_own_name(kind, site, admin):
    subject = SUBJECTS[kind](site)
    event = Event(kind, site.now(), admin.account_id, subject=subject, extra={"mergedTo": 5})
    body = body_of(site, event)
    name = kind.removeprefix("jira:").partition("_")[0]
    assert body.keys() == {"timestamp", "webhookEvent", name, "mergedTo"}
    assert isinstance(body[name], dict)
    if kind != USER_UPDATED:
        assert filled(f"https://x/{{{name}.id}}", site, event) == f"https://x/{subject.id}"
