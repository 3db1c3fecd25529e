"""The time on a project's or team's items: sums for everybody, persons for whoever may see them."""

from __future__ import annotations

import pytest
from django.test import Client
from helpers.builders import FROM_JIRA, a_member, an_item
from web.visitors import signed_in

from duolog.people.models import Member
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.services import delete_worklog, log_time, take_in
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team
from duolog.workplace.services import create_project, delete_item

pytestmark = [pytest.mark.django_db, pytest.mark.database]
AN_HOUR = NewWorklog(started="2026-03-02T09:00:00+00:00", seconds="1h")


def test_sums_are_of_all_that_is_there(
    client: Client, guest: Client, owner: Member, team: Team
) -> None:
    actor = Actor.of(owner)
    project = create_project(team.workplace, "Checkout", actor=actor)
    inside = an_item(team, project=project, estimate_seconds=7200, title="Inside")
    outside, gone = an_item(team, title="Outside"), an_item(team, project=project, title="Gone")
    log_time(inside.pk, AN_HOUR, actor=actor)
    take_in(inside.pk, AN_HOUR, author=None, author_name="Ann in Jira", actor=FROM_JIRA)
    delete_worklog(log_time(inside.pk, AN_HOUR, actor=actor).pk, actor=actor)
    log_time(outside.pk, AN_HOUR, actor=actor)
    log_time(gone.pk, AN_HOUR, actor=actor)
    delete_item(gone.pk, actor=actor)
    base = f"/w/{team.workplace.slug}"
    page = client.get(f"{base}/projects/{project.pk}/time")
    totals = page.context["totals"]
    assert (totals.spent, totals.estimate, totals.item_count) == (7200, 7200, 1)
    assert [(each.name, each.seconds) for each in totals.people] == [
        ("Ann in Jira", 3600),
        ("Olive Owner", 3600),
    ]
    whole = client.get(f"{base}/teams/PLAT/time").context["totals"]
    assert (whole.spent, whole.item_count) == (10_800, 2)
    assert (whole.unplanned, whole.over, whole.left) == (3600, 0, 0), "the estimate was two hours"
    for reader in (guest, signed_in(a_member(team.workplace))):
        answer = reader.get(f"{base}/teams/PLAT/time")
        assert answer.context["totals"].people is None
        assert b"Ann in Jira" not in answer.content
        assert b"Outside" in answer.content
    assert "/time" in client.get(f"{base}/projects/{project.pk}").content.decode()
