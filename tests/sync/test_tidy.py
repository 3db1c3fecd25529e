"""Once a day, what nobody needs any more goes; everything else stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from helpers.builders import an_item

from duolog.connections.models import Connection
from duolog.sync.handlers import HANDLERS
from duolog.sync.models import Delivery
from duolog.sync.tidy import EVERY, TIDY, keep_tidy
from duolog.work.clock import shifted
from duolog.work.marks import mark, retry_now
from duolog.work.models import Work
from duolog.worker.attempt import run_until_idle
from duolog.workplace.models import WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def a_delivery(connection: Connection, age: int, *, taken: bool) -> None:
    then = timezone.now() - timedelta(days=age)
    name = f"{age} days, {'taken' if taken else 'untaken'}"
    row = Delivery.objects.create(connection=connection, identifier=name, event="x")
    Delivery.objects.filter(pk=row.pk).update(received_at=then, taken_at=then if taken else None)


def test_only_what_is_old_and_done_goes() -> None:
    kept, gone = an_item(title="Kept"), an_item(title="Gone")
    month = timezone.now() - timedelta(days=31)
    WorkItem.objects.filter(pk=gone.pk).update(deleted_at=month)
    connection = Connection.objects.create(
        workplace=kept.team.workplace, label="Jira", base_url="https://x.example", sealed_secret=b""
    )
    for age, taken in ((6, True), (8, True), (29, False), (31, False)):
        a_delivery(connection, age, taken=taken)
    run_until_idle(HANDLERS)
    with shifted(8 * EVERY):
        mark("link", "404")
        keep_tidy()
        retry_now(TIDY, "all")
        run_until_idle(HANDLERS)
        left = set(Work.objects.values_list("kind", flat=True))
    assert set(Delivery.objects.values_list("identifier", flat=True)) == {
        "6 days, taken",
        "29 days, untaken",
    }
    assert [item.title for item in WorkItem.objects.all()] == ["Kept"]
    assert "item" not in left, "what was done a week ago goes"
    assert TIDY in left


def test_it_runs_every_day() -> None:
    keep_tidy()
    keep_tidy()
    assert run_until_idle(HANDLERS) == 0
    with shifted(EVERY + 1):
        assert run_until_idle(HANDLERS) == 1
        assert run_until_idle(HANDLERS) == 0
