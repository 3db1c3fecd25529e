"""Comments under their author's own name in Jira, where the author allows it."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.bound import Bound
from helpers.own_name import own_connection, revoked

from duolog.connections.models import Health
from duolog.notifications.services import list_notices
from duolog.workplace.models import Comment
from duolog.workplace.services.comments import add_comment, delete_comment, edit_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
LONG = 60.0


def said(bound: Bound, text: str = "Said here") -> tuple[Comment, str]:
    """A comment of the owner's on a linked item, gone over to its issue."""
    item = bound.item()
    bound.bind()
    comment = add_comment(item.pk, text, actor=bound.me)
    bound.run(within=LONG)
    return comment, str(bound.link(item).issue_id)


def author_of(bound: Bound, comment: dict[str, Any]) -> str:
    return str(comment["author"]["accountId" if bound.jira.is_cloud else "key"])


def words_of(bound: Bound, issue: str) -> list[tuple[str, bool]]:
    """Who wrote each comment of the issue, and whether a line above it names our author."""
    return [
        (author_of(bound, each), "in Duolog:" in str(each["body"]))
        for each in bound.jira.comments(issue)
    ]


def test_a_comment_goes_out_under_its_authors_name(bound: Bound) -> None:
    person = bound.jira.people[0]
    own_connection(bound, person)
    comment, issue = said(bound)
    assert words_of(bound, issue) == [(person.account_id, False)]
    edit_comment(comment.pk, "Said better", actor=bound.me)
    bound.run(within=LONG)
    assert words_of(bound, issue) == [(person.account_id, False)]
    assert "Said better" in str(bound.jira.comments(issue)[0]["body"])
    bound.poll()
    comment.refresh_from_db()
    assert comment.body == "Said better"
    delete_comment(comment.pk, actor=bound.me)
    bound.run(within=LONG)
    assert not bound.jira.comments(issue)


def test_without_their_consent_the_service_account_names_them(bound: Bound) -> None:
    own_connection(bound, bound.jira.people[0], allowed=False)
    _, issue = said(bound)
    assert words_of(bound, issue) == [(bound.jira.service.account_id, True)]


def test_a_credential_that_ended_stops_only_its_owner(bound: Bound) -> None:
    mine = own_connection(bound, bound.jira.people[0])
    with revoked(bound.jira, bound.jira.people[0]):
        comment, issue = said(bound)
    assert words_of(bound, issue) == [(bound.jira.service.account_id, True)]
    mine.refresh_from_db()
    bound.connection.refresh_from_db()
    assert (mine.health, bound.connection.health) == (Health.ATTENTION, Health.CONNECTED)
    assert any("has stopped" in notice.text for notice in list_notices(bound.owner))
    edit_comment(comment.pk, "Still kept in step", actor=bound.me)
    bound.run(within=LONG)
    assert words_of(bound, issue) == [(bound.jira.service.account_id, True)]


def test_a_lost_answer_leaves_one_comment_under_their_name(bound: Bound) -> None:
    person = bound.jira.people[0]
    own_connection(bound, person)
    item = bound.item()
    bound.bind()
    issue = str(bound.link(item).issue_id)
    match = {"method": "POST", "path": "*/comment"}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": "cut_after"}])
    add_comment(item.pk, "Said once", actor=bound.me)
    bound.run(within=LONG)
    assert words_of(bound, issue) == [(person.account_id, False)]
