"""Deliveries about files: the link behind them looks, and an echo costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.filed import PNG, here, linked, put, there
from helpers.jirasim import Jira
from helpers.receiver import receiving

from duolog.connections.webhooks import EVENTS, make_webhook
from duolog.sync.models import Delivery
from duolog.workplace.models import WorkItem
from duolog.workplace.services import delete_attachment

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
SECRET = "between Jira and us"


@pytest.fixture
def bound(jira: Jira, settings: Any, tmp_path: Any) -> Iterator[Bound]:
    """A team whose connection has a webhook that the simulator delivers to."""
    settings.MEDIA_ROOT = str(tmp_path / "files")
    with a_bound_team(jira) as bound, receiving() as address:
        make_webhook(bound.connection, secret=SECRET)
        jira.register_webhook(f"{address}/{bound.connection.webhook_hash}", EVENTS, SECRET)
        yield bound
        jira.wait_for_deliveries()


def told(bound: Bound) -> None:
    """All deliveries have come, and what follows from them is done."""
    bound.jira.wait_for_deliveries()
    bound.run()


def settle(bound: Bound) -> None:
    told(bound)
    bound.jira.reset()


def in_step(bound: Bound) -> tuple[WorkItem, str]:
    item, issue = linked(bound)
    settle(bound)
    return item, issue


@pytest.mark.parametrize("what", ["attached", "deleted"])
def test_the_echo_of_what_we_did_with_a_file_costs_nothing(bound: Bound, what: str) -> None:
    item, issue = in_step(bound)
    file = put(bound, item)
    bound.run()
    if what == "deleted":
        settle(bound)
        delete_attachment(file.pk, actor=bound.me)
        bound.run()
    bound.jira.reset()
    told(bound)
    assert bound.jira.calls() == {}
    assert not Delivery.objects.filter(taken_at=None).exists()
    assert here(item) == there(bound, issue)


def test_a_file_attached_in_jira_comes_at_once_for_one_read(bound: Bound) -> None:
    item, issue = in_step(bound)
    bound.jira.attach(issue, "shot.png", PNG)
    bound.jira.reset()
    told(bound)
    assert here(item) == [("shot.png", PNG)]
    assert sum(bound.jira.calls().values()) == 2, bound.jira.calls()  # the issue, and the file


def test_a_deletion_that_names_no_issue_finds_its_item(bound: Bound) -> None:
    """`attachment_deleted` alone: whatever else Jira tells of it is lost."""
    item, issue = in_step(bound)
    put(bound, item)
    bound.run()
    settle(bound)
    only_files = [event for event in EVENTS if event.startswith("attachment")]
    address = bound.jira.webhooks()[0]["url"]
    bound.jira.register_webhook(address, only_files, SECRET)
    (file,) = bound.jira.files(issue)
    bound.jira.ask("DELETE", f"attachment/{file['id']}", by=bound.jira.service)
    told(bound)
    assert here(item) == []


def test_files_of_an_issue_deleted_in_jira_bring_nothing_back(bound: Bound) -> None:
    item, issue = in_step(bound)
    put(bound, item)
    bound.run()
    settle(bound)
    bound.jira.delete(issue)
    told(bound)
    bound.run(within=60)
    assert [it["id"] for it in bound.jira.issues(bound.jira.project_key)] == []
