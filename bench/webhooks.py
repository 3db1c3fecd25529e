"""How long an answer takes while the simulator sends a thousand webhooks a second."""

import asyncio
import json
import statistics
import subprocess
import sys
import threading
import time
from base64 import b64encode
from http.client import HTTPConnection
from typing import Final

from bench.report import milliseconds, percentile, tell

HOOKS: Final = 20
WRITES: Final = 50
SECONDS: Final = 4.0
PAUSE: Final = 0.005
ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
LENGTH: Final = b"content-length:"


class Receiver:
    """Takes webhooks in a thread of its own, and counts them."""

    def __init__(self) -> None:
        self.count = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        self._listening.wait()

    def close(self) -> None:
        """Take no more."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = int(server.sockets[0].getsockname()[1])
        self._listening.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
            except asyncio.IncompleteReadError:
                break
            start = head.index(LENGTH) + len(LENGTH)
            await reader.readexactly(int(head[start : head.index(b"\r\n", start)]))
            self.count += 1
            writer.write(ANSWER)
        writer.close()


def tell_of_webhooks() -> None:
    """Answers of a simulator in a process of its own: alone, and while each write is told to many."""
    command = [sys.executable, "-m", "jirasim", "--port", "0", "--issues", "1000"]
    receiver = Receiver()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        caller = Caller(json.loads(process.stdout.readline() if process.stdout else b""))
        _tell_of_answers("without webhooks", caller, receiver)
        for number in range(HOOKS):
            url = f"http://127.0.0.1:{receiver.port}/{number}"
            hook = {"name": f"Hook {number}", "url": url, "events": ["jira:issue_updated"]}
            caller.call("POST", "/rest/webhooks/1.0/webhook", hook)
        over = threading.Event()
        writer = threading.Thread(target=_write, args=(Caller(caller.ready), over))
        writer.start()
        _tell_of_answers(
            f"and {HOOKS} webhooks for each of {WRITES} edits a second", caller, receiver
        )
        over.set()
        writer.join()
        process.terminate()
    receiver.close()


class Caller:
    """The service account on one connection."""

    def __init__(self, ready: dict[str, str]) -> None:
        self.ready = ready
        login = f"{ready['email']}:{ready['api_token']}"
        basic = f"Basic {b64encode(login.encode()).decode()}"
        self._headers = {"Authorization": basic, "Content-Type": "application/json"}
        self._http = HTTPConnection(ready["url"].removeprefix("http://"), timeout=20)

    def call(self, method: str, path: str, body: object = None) -> None:
        """Ask, and read the answer.  Raises for one that is not good."""
        self._http.request(method, path, None if body is None else json.dumps(body), self._headers)
        answer = self._http.getresponse()
        answer.read()
        if answer.status >= 300:
            raise ValueError(f"{method} {path} answered {answer.status}")


def _write(caller: Caller, over: threading.Event) -> None:
    number, due = 0, time.perf_counter()
    while not over.wait(max(0.0, due - time.perf_counter())):
        number, due = number + 1, due + 1 / WRITES
        caller.call("PUT", "/rest/api/3/issue/FHP-9", {"fields": {"summary": f"Edit {number}"}})


def _tell_of_answers(what: str, caller: Caller, receiver: Receiver) -> None:
    seconds, pause = [], threading.Event()
    began, before = time.perf_counter(), receiver.count
    while time.perf_counter() - began < SECONDS:
        asked = time.perf_counter()
        caller.call("GET", "/rest/api/3/issue/FHP-5")
        seconds.append(time.perf_counter() - asked)
        pause.wait(PAUSE)
    tell(
        f"jirasim: get issue, {what}",
        median_ms=milliseconds(statistics.median(seconds)),
        p95_ms=milliseconds(percentile(seconds, 95)),
        webhooks_per_second=(receiver.count - before) / (time.perf_counter() - began),
    )
