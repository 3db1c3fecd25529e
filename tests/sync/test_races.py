"""Two runs, or a run and a person, meet at the worst moment: nothing twice, nothing undone."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.db.models import F
from helpers.bound import Bound
from helpers.interleaved import just_after, just_before, once_read
from helpers.threads import PATIENCE

from duolog.people.errors import Invalid
from duolog.sync.binding.projects import ProjectWish, bind_project
from duolog.sync.binding.services import unlink
from duolog.sync.creation.pairing import item_changed
from duolog.sync.inbox.settling import resolve
from duolog.sync.marks import CREATE, ITEM, LINK, ask_to_look, mark_binding, mark_newcomer
from duolog.sync.models import Binding, Link
from duolog.work import queue
from duolog.work.marks import mark
from duolog.work.models import Work
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services.projects import create_project
from duolog.workplace.services.trash import delete_item

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
BASE_IS_READ = 'FROM "sync_baseslot"'
BOTH_SIDES_ARE_READ = (
    'FROM "sync_hold" WHERE ("sync_hold"."link_id" = %s AND "sync_hold"."released_at" IS NULL)'
)
COMMENTS_ARE_READ = 'FROM "sync_childlink"'


def until_somebody_waits_for_a_row() -> None:
    """On SQLite the others have to wait for the whole transaction in any case."""
    pause, ends_at = threading.Event(), time.monotonic() + PATIENCE
    while connection.vendor == "postgresql" and time.monotonic() < ends_at:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        pause.wait(0.02)


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(BASE_IS_READ, id="before the base is read"),
        pytest.param(COMMENTS_ARE_READ, id="after the base was read"),
    ],
)
def test_an_issue_met_by_a_poll_and_a_delivery_at_once_becomes_one_item(
    bound: Bound, place: str
) -> None:
    binding = bound.bind()
    issue = bound.jira.create("Met twice")

    def deliver() -> None:
        mark_newcomer(Binding.objects.select_related("connection").get(pk=binding.pk), issue)
        bound.run()

    with just_before(place, deliver):
        bound.poll()
    bound.run(within=60)
    assert WorkItem.objects.count() == 1
    assert Link.objects.get().state == "in_step"
    (there,) = bound.jira.issues(bound.jira.project_key)
    assert there["fields"]["summary"] == "Met twice"


def test_a_comment_met_by_a_poll_and_a_delivery_at_once_comes_here_once(bound: Bound) -> None:
    binding = bound.bind()
    issue = bound.jira.create("Met twice")
    bound.jira.comment(issue, "Said once")

    def deliver() -> None:
        mark_newcomer(Binding.objects.select_related("connection").get(pk=binding.pk), issue)
        bound.run()

    with once_read(COMMENTS_ARE_READ, deliver):
        bound.poll()
    bound.run(within=60)
    assert WorkItem.objects.count() == 1
    assert [comment.body for comment in Comment.objects.all()] == ["Said once"]
    assert Link.objects.get().state == "in_step"


def test_an_edit_while_its_issue_is_read_back_is_not_forgotten(bound: Bound) -> None:
    bound.bind()
    item = bound.item("Before")

    def edit() -> None:
        bound.change(item, title="After")
        bound.run()

    with just_before(BOTH_SIDES_ARE_READ, edit):
        bound.run()
    (issue,) = bound.jira.issues(bound.jira.project_key)
    assert issue["fields"]["summary"] == "After"


def test_an_item_removed_for_good_leaves_the_issue_alone(bound: Bound) -> None:
    item = bound.item("Keep me there")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    delete_item(item.pk, actor=bound.me)
    bound.run()
    WorkItem.objects.filter(pk=item.pk).delete()
    bound.jira.edit(issue, duedate="2027-01-01")
    bound.poll()
    there = bound.jira.get(issue)
    assert (there["summary"], there["duedate"]) == ("Keep me there", "2027-01-01")
    assert Link.objects.get(issue_id=issue).state == "held"


def test_a_link_that_a_person_ends_during_a_run_stays_ended(bound: Bound) -> None:
    item = bound.item("Before")
    bound.bind()
    bound.change(item, title="After")
    with just_after(
        "GET", f"/issue/{bound.link(item).issue_id}", lambda: unlink(bound.owner, bound.link(item))
    ):
        bound.run(within=60)
    assert bound.link(item).state == "ended"


def test_a_worker_that_lost_its_lease_writes_nothing_in_jira(bound: Bound) -> None:
    item = bound.item("Before")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    bound.change(item, title="After")
    bound.jira.reset()
    taken_over = Work.objects.filter(kind="link", lease_until__gt=0)
    with just_after(
        "GET",
        f"/issue/{issue}",
        lambda: taken_over.update(lease_no=F("lease_no") + 1, lease_until=0),
    ):
        bound.run(within=60)
    calls = bound.jira.calls()
    assert calls == {"GET /rest/api/3/issue/{id}": 2, "PUT /rest/api/3/issue/{id}": 1}
    assert bound.jira.get(issue)["summary"] == "After"


def test_what_is_told_during_a_run_is_looked_at_afterwards(bound: Bound) -> None:
    item = bound.item("Before")
    bound.bind()
    link = bound.link(item)
    bound.change(item, title="After")

    def tell() -> None:
        bound.jira.edit(str(link.issue_id), duedate="2027-01-01")
        ask_to_look([link.pk])

    with just_after("GET", f"/issue/{link.issue_id}", tell):
        bound.run()
    item.refresh_from_db()
    assert (item.title, str(item.due_on)) == ("After", "2027-01-01")


def test_an_edit_taken_up_while_a_run_writes_here_and_that_run_do_not_wait_for_each_other(
    bound: Bound,
) -> None:
    item = bound.item("Before")
    bound.bind()
    link = bound.link(item)
    bound.change(item, title="After")
    (job,) = queue.claim(1)

    def take_it_up() -> None:
        try:
            item_changed(job)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():  # as the last transaction of a run of that link
            mark(ITEM, item.pk)
            taken_up = pool.submit(take_it_up)
            until_somebody_waits_for_a_row()
            mark(LINK, link.pk, lane=bound.connection.lane)
        taken_up.result(PATIENCE)
    assert {row.kind for row in Work.objects.filter(want__gt=F("done"), every=None)} >= {ITEM, LINK}
    bound.run()
    assert bound.link(item).state == "in_step"


def test_of_two_people_who_settle_a_conflict_at_once_the_first_one_has_settled_it(
    bound: Bound,
) -> None:
    item = bound.item("As it was")
    bound.bind()
    bound.change(item, title="Ours")
    bound.jira.edit(str(bound.link(item).issue_id), summary="Theirs")
    bound.run()
    link = bound.link(item)

    def settle_otherwise() -> None:
        try:
            resolve(bound.owner, link, {"title": "jira"})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            resolve(bound.owner, link, {"title": "here"})
            otherwise = pool.submit(settle_otherwise)
            until_somebody_waits_for_a_row()
        with pytest.raises(Invalid, match="no open conflict"):
            otherwise.result(PATIENCE)
    bound.run()
    item.refresh_from_db()
    there = bound.jira.get(str(bound.link(item).issue_id))["summary"]
    assert (item.title, there) == ("Ours", "Ours")


def test_two_creations_side_by_side_make_one_issue(bound: Bound) -> None:
    binding = bound.bind()
    item = bound.item("Once")

    def again() -> None:
        Work.objects.filter(kind="create").update(lease_no=F("lease_no") + 1, lease_until=0)
        mark_binding(CREATE, binding)
        bound.run()

    with just_after("POST", "/issue/bulk", again):
        bound.run(within=300)
    assert len(bound.jira.issues(bound.jira.project_key)) == 1
    assert bound.link(item).state == "in_step"


def test_a_team_bound_by_two_at_once_has_one_binding(bound: Bound) -> None:
    asked = just_after("GET", f"/project/{bound.jira.project_key}", bound.bind)
    with asked, pytest.raises(Invalid, match="This team is bound already"):
        bound.bind()
    assert Binding.objects.get().team == bound.team


def test_a_project_sent_by_two_at_once_has_one_epic(bound: Bound) -> None:
    project = create_project(bound.workplace, "Autumn release", {}, actor=bound.me)
    wish = ProjectWish(bound.connection, bound.jira.project_key)

    def send() -> Binding:
        return bind_project(bound.owner, project, wish)

    asked = just_after("GET", f"/project/{bound.jira.project_key}", send)
    with asked, pytest.raises(Invalid, match="This project is sent to Jira already"):
        send()
    bound.run(within=60)
    (epic,) = bound.jira.issues(bound.jira.project_key)
    assert epic["id"] == Binding.objects.get().epic_issue_id
