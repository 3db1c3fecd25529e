"""Notices of what changed in Jira: one for each person and pass, with who did it."""

from __future__ import annotations

import pytest
from helpers.bound import Bound

from duolog.notifications.models import Kind, Notice
from duolog.notifications.services import mute

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


def of(bound: Bound) -> list[Notice]:
    """What Maya was told, the latest last."""
    return list(Notice.objects.filter(member=bound.maya).order_by("pk"))


def test_one_pass_is_one_notice_under_the_service_account(bound: Bound) -> None:
    item = bound.item("Hers", assignee=bound.maya)
    bound.bind()
    Notice.objects.all().delete()
    issue = str(bound.link(item).issue_id)
    for text in ("One", "Two", "Three"):
        bound.jira.comment(issue, text)
    bound.jira.move(issue, "In Progress")
    bound.poll()
    (notice,) = of(bound)
    assert notice.kind == Kind.COMMENTED
    assert (
        notice.text
        == f"Commented on {item.key} and changed the status of {item.key} to In progress: Hers"
    )
    assert notice.actor.startswith(bound.connection.account_name)
    assert "#comment-" in notice.path
    bound.poll()
    assert len(of(bound)) == 1


def test_the_status_alone_is_a_kind_of_its_own_that_can_be_muted(bound: Bound) -> None:
    item = bound.item("Hers", assignee=bound.maya)
    bound.bind()
    Notice.objects.all().delete()
    issue = str(bound.link(item).issue_id)
    bound.jira.move(issue, "In Progress")
    bound.poll()
    (notice,) = of(bound)
    assert (notice.kind, "status" in notice.text) == (Kind.STATUS, True)
    mute(bound.maya, [Kind.STATUS])
    bound.jira.move(issue, "Done")
    bound.poll()
    assert len(of(bound)) == 1


def test_a_first_fetch_tells_nobody(bound: Bound) -> None:
    issue = bound.jira.create("Old")
    bound.jira.comment(issue, "Said long ago")
    Notice.objects.all().delete()
    bound.bind()
    assert not Notice.objects.exclude(kind=Kind.RUN_FINISHED)
