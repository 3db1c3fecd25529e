"""The simulator itself: answers per second on one core, and searches on a very large site.

Speed is told as a part of what a bare Starlette application reaches in the same run, on the same
server and over the same connection.
"""

import gc
import resource
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from json import dumps
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.report import milliseconds, tell
from bench.webhooks import tell_of_webhooks
from jirasim.clock import VirtualClock
from jirasim.jql.walk import mark_of
from jirasim.running import Simulator
from jirasim.seed import make_state
from jirasim.site import agile_search
from jirasim.site.product import CLOUD, SERVER_VERSION, Deployment, Product
from jirasim.site.search import context_of, parsed, search
from jirasim.site.state import Site

SECONDS: Final = 3.0
SMALL: Final = (1_000, 2_000)
LARGE: Final = (200_000, 1_000_000)
NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
BUDGET_KIB: Final = 4 * 1024 * 1024
STARTS: Final = 5
QUERY: Final = "jql=project+%3D+FHP+ORDER+BY+updated&maxResults=100&fields="
FEW_FIELDS: Final = "summary,status,assignee,updated,parent"
USUAL_FIELDS: Final = (
    "summary,description,status,issuetype,priority,resolution,labels,assignee,reporter,created,"
    "updated,parent,subtasks,issuelinks,comment,worklog"
)
SERVER: Final = Product(Deployment.SERVER, SERVER_VERSION)


def main() -> None:
    """Answers per second first, while little is in memory."""
    _tell_of_start()
    bare = _bare_rate()
    tell("jirasim: a bare Starlette answer", per_second=bare)
    _tell_of_answers(CLOUD, bare)
    _tell_of_answers(SERVER, bare)
    tell_of_webhooks()
    _tell_of_scale()


def _tell_of_start() -> None:
    """From the command to the line that says that it is ready, the quickest of some."""
    for issues in (0, SMALL[0]):
        command = [sys.executable, "-m", "jirasim", "--port", "0", "--issues", str(issues)]
        took = []
        for _ in range(STARTS):
            began = time.perf_counter()
            with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
                if process.stdout is not None:
                    process.stdout.readline()
                took.append(time.perf_counter() - began)
                process.terminate()
        tell(f"jirasim: start with {issues} issues", seconds=min(took))


def _tell_of_answers(product: Product, bare: float) -> None:
    issues, worklogs = SMALL
    clock = VirtualClock()
    state = make_state(seed=1, issues=issues, worklogs=worklogs, now=clock(), product=product)
    simulator = Simulator(state, clock)
    thread = threading.Thread(target=simulator.serve, daemon=True)
    thread.start()
    host = simulator.site.base_url.removeprefix("http://")
    headers = {"Authorization": _credential(simulator.site), "Content-Type": "application/json"}
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "New"}
    rest = "/rest/api/3" if product.cloud else "/rest/api/2"
    page = f"{rest}/search{'/jql' if product.cloud else ''}?{QUERY}"
    changed = dumps({"fields": {"summary": "Changed", "priority": {"name": "High"}}}).encode()
    for name, method, path, body in (
        ("get issue", "GET", f"{rest}/issue/FHP-5", b""),
        ("page of 100, five fields", "GET", f"{page}{FEW_FIELDS}", b""),
        ("page of 100, usual fields", "GET", f"{page}{USUAL_FIELDS}", b""),
        ("page of 100, all fields", "GET", f"{page}*all", b""),
        ("create issue", "POST", f"{rest}/issue", dumps({"fields": fields}).encode()),
        ("edit issue", "PUT", f"{rest}/issue/FHP-7", changed),
    ):
        rate = _rate(host, method, path, body, headers)
        what = f"{product.deployment.value}: {name}"
        tell(f"jirasim: {what}", per_second=rate, of_bare=rate / bare)
    simulator.stop()
    thread.join()


def _bare_rate() -> float:
    async def constant(_: Request) -> Response:
        return Response(b'{"id":"10000"}', media_type="application/json")

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    app = Starlette(routes=[Route("/", constant)])
    config = uvicorn.Config(app, lifespan="off", log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    rate = _rate(f"127.0.0.1:{listener.getsockname()[1]}", "GET", "/", b"", {})
    server.should_exit = True
    thread.join()
    return rate


def _rate(host: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> float:
    connection = HTTPConnection(host, timeout=30)
    done, began = -1, 0.0
    while done < 0 or time.perf_counter() - began < SECONDS:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 300:
            raise ValueError(f"{method} {path} answered {answer.status}")
        if done < 0:
            began = time.perf_counter()  # the first answer warms up
        done += 1
    took = time.perf_counter() - began
    connection.close()
    return done / took


def _credential(site: Site) -> str:
    account_id = site.state.service_account
    user = site.state.users[account_id]
    if not site.product.cloud:
        return f"Basic {b64encode(f'{user.name}:{site.state.passwords[account_id]}'.encode()).decode()}"
    tokens = site.state.tokens.values()
    secret = next(one.secret for one in tokens if one.account_id == account_id)
    return f"Basic {b64encode(f'{user.email}:{secret}'.encode()).decode()}"


def _tell_of_scale() -> None:
    issues, worklogs = LARGE
    clock = VirtualClock()
    clock.set(NOW, freeze=True)
    gc.disable()  # as at the start of the simulator
    began = time.perf_counter()
    state = make_state(seed=1, issues=issues, worklogs=worklogs, now=NOW)
    site = Site(state, clock)
    took = time.perf_counter() - began
    gc.freeze()
    gc.enable()
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tell(
        f"jirasim: {issues} issues and {worklogs} worklogs",
        seconds_to_start=took,
        mib=kib / 1024,
        of_budget=kib / BUDGET_KIB,
    )
    person = state.people[0]
    week = f"{NOW - timedelta(days=7):%Y-%m-%d}"
    for jql in (
        f'project = FHP AND updated >= "{week} 10:00" ORDER BY updated ASC, key ASC',
        "project = FHP ORDER BY created DESC",
        "project = FHP ORDER BY priority, key",
        "project = FHP AND statusCategory != Done AND labels is not EMPTY",
        f'worklogAuthor = "{person}" AND worklogDate >= "{week}"',
        f'worklogDate = "{week}"',
        f'assignee = "{person}" AND statusCategory != Done ORDER BY updated DESC',
        "key in (FHP-1, FHP-77777, FHP-199999)",
        "parent = FHP-99997",
        'text ~ "dashboard weekend"',
    ):
        _tell_of_search(site, jql)
    _tell_of_boards(site)
    _tell_of_writes(site)


def _tell_of_boards(site: Site) -> None:
    """The first page of the largest board, and the pages that follow."""
    user = site.state.users[site.state.service_account]
    for board in site.state.boards.values():
        list_it = partial(agile_search.on, site, user, board, "")
        first, again = (
            _seconds(lambda rows=list_it: len(rows())),
            _seconds(lambda rows=list_it: rows()[50:100]),
        )
        tell(
            f"jirasim: {board.name}",
            found=len(list_it()),
            first_ms=milliseconds(first),
            page_ms=milliseconds(again),
        )


def _tell_of_search(site: Site, jql: str) -> None:
    user = site.state.users[site.state.service_account]
    query = parsed(jql)
    first = _seconds(lambda: search(site, user, query)[:101])
    again = _seconds(lambda: search(site, user, query)[:101])
    found = search(site, user, query)
    counted = _seconds(lambda: len(found))
    middle = found[len(found) // 2] if found else site.state.issues["10000"]
    mark = mark_of(middle, query.walked(context_of(site, user)))

    def resume() -> None:
        following = search(site, user, query).after(mark)
        if following is not None:
            following[:101]

    deep = _seconds(resume)
    tell(
        f"jirasim: {jql}",
        found=len(found),
        first_ms=milliseconds(first),
        page_ms=milliseconds(again),
        page_in_the_middle_ms=milliseconds(deep),
        count_ms=milliseconds(counted),
    )


def _tell_of_writes(site: Site) -> None:
    issues = [site.state.issues[str(number)] for number in range(10_100, 10_300)]
    seconds = _seconds(lambda: [site.store(one) for one in issues])
    tell("jirasim: keep a new version of an issue", ms=milliseconds(seconds / len(issues)))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
