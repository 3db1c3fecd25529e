"""Reconciling edits with a Jira that takes 5 ms, beside a bare loop of the same reads and writes."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.db import connections, transaction
from django.utils import timezone

from bench.ground import Ground, make_ground
from bench.jira import running_jira
from bench.report import tell
from duolog.connections.services import client_for
from duolog.demo.background import is_at_rest, is_idle, wait, working
from duolog.sync.models import BaseSlot, Binding, Direction, JournalEntry, Link
from duolog.workplace.models import WorkItem
from duolog.workplace.services import update_item

CONNECTIONS: Final = 8
"""As many as keep one connection's limit of calls per second from being what is measured."""
LINKS: Final = 25
"""Of each connection."""
LATENCY: Final = 5


def main() -> None:
    """Edit every item here, then let the worker, and after it the loop, write all of it there."""
    with running_jira(latency_ms=LATENCY) as jira:
        grounds = [make_ground(number) for number in range(CONNECTIONS)]
        for ground in grounds:
            for number in range(LINKS):
                ground.item(f"Item {number}")
        with working():
            wait("the items", is_idle)
            bindings = [
                ground.bind(jira, ground.connect(jira), Direction.ONE_WAY) for ground in grounds
            ]
            wait("the first send", lambda: all(map(is_at_rest, bindings)))
        for ground in grounds:
            _edit_all(ground)
        total = CONNECTIONS * LINKS
        seconds = _timed(_reconcile)
        in_step = Link.objects.filter(state="in_step").count()
        bare = _timed(lambda: _bare_loop(bindings))
        tell(
            f"throughput: edits here, Jira takes {LATENCY} ms, {CONNECTIONS} threads each",
            runs_per_second=total / seconds,
            bare_per_second=total / bare,
            of_bare=bare / seconds,
            runs=total,
            in_step=in_step,
        )


def _edit_all(ground: Ground) -> None:
    for pk, title in WorkItem.objects.filter(team=ground.team).values_list("pk", "title"):
        update_item(pk, {"title": f"{title}, edited"}, actor=ground.me)


def _reconcile() -> None:
    with working():
        wait("all edits to cross", is_idle)


def _bare_loop(bindings: Sequence[Binding]) -> None:
    """One thread for each connection; each link is read, written, and recorded."""
    chunks = [list(binding.links.values_list("pk", flat=True)) for binding in bindings]
    with ThreadPoolExecutor(len(chunks)) as pool:
        list(pool.map(_work_off, chunks))


def _work_off(link_ids: Sequence[int]) -> None:
    for link_id in link_ids:
        _cross_over(link_id)
    connections.close_all()


def _cross_over(link_id: int) -> None:
    link = Link.objects.select_related("binding__connection", "work_item").get(pk=link_id)
    base = {row.key: row for row in BaseSlot.objects.filter(link=link, kind="field")}
    client, issue_id = client_for(link.binding.connection), str(link.issue_id)
    client.issues.get(issue_id)
    title = f"Item {link_id}, edited again"
    client.issues.edit(issue_id, fields={"summary": title})
    with transaction.atomic():
        slot = base["title"]
        before, slot.local, slot.remote = slot.remote, title, title
        slot.save(update_fields=["local", "remote"])
        JournalEntry.objects.create(
            binding=link.binding, link=link, side="remote", kind="field", key="title",
            before=before, after=title,
        )  # fmt: skip
        link.synced_at = timezone.now()
        link.save(update_fields=["synced_at"])


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
