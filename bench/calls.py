"""Calls to Jira per job, counted by the simulator, through the real worker and real webhooks."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from bench.ground import Ground, make_ground
from bench.jira import Jira, running_jira
from bench.report import tell
from duolog.connections.webhook_services import register
from duolog.demo.background import is_at_rest, is_idle, wait, working
from duolog.sync.binding.services import poll_now
from duolog.sync.models import Binding, Link
from duolog.workplace.models import WorkItem
from duolog.workplace.services import add_comment, update_item

EPICS: Final = 10
ITEMS: Final = 500
BUDGET: Final = 1.2 * (10 + 5)
"""Bulk creates and read-backs that a first send of 500 items may take (issue 2)."""
CREATES: Final = "POST /issue/bulk"
READS: Final = "POST /issue/bulkfetch"
STEPS: Final = "POST /issue/{id}/transitions"
COMMENTS: Final = "POST /issue/{id}/comment"


class Quiet(WSGIRequestHandler):
    """Answers without a line on the terminal."""

    def log_message(self, *_: object, **__: object) -> None:
        """Say nothing."""


def main() -> None:
    """Send 500 items, then one job after the other."""
    with running_jira() as jira, _receiving():
        ground = make_ground()
        _fill(ground)
        connection = ground.connect(jira)
        with working():
            wait("items to be looked at that no binding wants yet", is_idle)
            binding = ground.bind(jira, connection)
            wait("the first send", lambda: is_at_rest(binding))
            _tell_of_send(jira.calls(), binding)
            register(ground.owner, connection)
            _tell_of_single_jobs(ground, jira, binding)


def _fill(ground: Ground) -> None:
    epics = [ground.item(f"Epic {n}", type="epic") for n in range(EPICS)]
    stories: list[WorkItem] = []
    for number in range(ITEMS - EPICS):
        if number % 10 == 9:
            ground.item(f"Part {number}", type="sub_task", parent=stories[-1])
            continue
        status = ("To do", "To do", "In progress", "Done")[number % 4]
        item = ground.item(f"Item {number}", parent=epics[number % EPICS], status=status)
        stories.append(item)
        if number % 25 == 0:
            add_comment(item.pk, "Said before it was sent.", actor=ground.me)


def _tell_of_send(calls: Mapping[str, int], binding: Binding) -> None:
    counted = {CREATES, READS, STEPS, COMMENTS}
    budgeted = calls.get(CREATES, 0) + calls.get(READS, 0)
    tell(
        "calls: first send of 500 items",
        in_step=Link.objects.filter(binding=binding, state="in_step").count(),
        creates=calls.get(CREATES, 0),
        read_backs=calls.get(READS, 0),
        budget=BUDGET,
        of_budget=budgeted / BUDGET,
        transitions=calls.get(STEPS, 0),
        comments=calls.get(COMMENTS, 0),
        set_up={name: times for name, times in calls.items() if name not in counted},
    )


def _tell_of_single_jobs(ground: Ground, jira: Jira, binding: Binding) -> None:
    link = Link.objects.filter(binding=binding, state="in_step").order_by("-pk")[0]
    item_id, issue_id = int(link.work_item_id or 0), str(link.issue_id)

    def deliver() -> None:
        jira.sim("POST", "clock", {"advance_seconds": 5})
        jira.sim("POST", "webhooks/wait", {"seconds": 10})

    def edit_here() -> None:
        update_item(item_id, {"title": "Another title"}, actor=ground.me)

    def edit_there() -> None:
        jira.edit(issue_id, summary="A title from Jira")
        jira.reset()  # the edit itself is no call of ours
        deliver()

    def comment_here() -> None:
        add_comment(item_id, "Said while it is in step.", actor=ground.me)

    def idle_poll() -> None:
        poll_now(ground.owner, binding)
        wait("the poll", lambda: bool(jira.calls()))  # it repeats, so it never counts as waiting

    jobs: tuple[tuple[str, str, Callable[[], None]], ...] = (
        ("one edit here", "1 write, at most 1 read", edit_here),
        ("its echo", "0", deliver),
        ("one edit there, told by a webhook", "at most 1 read", edit_there),
        ("one comment here", "1 write, 1 read", comment_here),
        ("the comment's echo", "0", deliver),
        ("an idle poll", "1", idle_poll),
    )
    # Webhooks wait for the frozen clock, so that each echo is counted by itself.
    jira.sim("POST", "clock", {"freeze": True})
    jira.sim("POST", "webhooks/policy", {"delay": 2.0})
    for name, promise, act in jobs:
        calls = _count(jira, binding, act)
        tell(f"calls: {name}", calls=calls, total=sum(calls.values()), promised=promise)


def _count(jira: Jira, binding: Binding, act: Callable[[], None]) -> Mapping[str, int]:
    jira.reset()
    act()
    wait("one job", lambda: is_at_rest(binding))
    return jira.calls()


@contextlib.contextmanager
def _receiving() -> Iterator[None]:
    """Serve the webhook address from this process, where the worker is."""
    port = int(settings.PUBLIC_URL.rpartition(":")[2])
    server = make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
