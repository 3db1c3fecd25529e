"""A simulated Jira for one benchmark, and a person's hands on it."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2


class Jira:
    """One running simulator."""

    def __init__(self, ready: Mapping[str, Any]) -> None:
        self.ready = ready
        self._http = httpx2.Client(base_url=ready["url"], timeout=20)
        person = ready["people"][0]
        self._person = (person["email"], person["api_token"])

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def sim(self, method: str, path: str, body: object = None) -> Any:
        """One call of the simulator's own admin API, which is not counted."""
        answer = self._http.request(method, f"/_sim/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def edit(self, issue: str, **fields: object) -> None:
        """Set fields as a person would."""
        path = f"/rest/api/3/issue/{issue}"
        self._http.put(path, json={"fields": fields}, auth=self._person).raise_for_status()

    def reset(self) -> None:
        """Count from nothing again."""
        self.sim("POST", "calls/reset")

    def calls(self) -> dict[str, int]:
        """Calls since the last reset, by endpoint."""
        counted: dict[str, int] = self.sim("GET", "calls")
        return {name.replace("/rest/api/3", ""): times for name, times in counted.items()}


@contextlib.contextmanager
def running_jira(*, latency_ms: int = 0, issues: int = 0) -> Iterator[Jira]:
    """A simulator with so many issues, until the end of the block."""
    command = [
        *(sys.executable, "-m", "jirasim", "--port", "0"),
        *("--latency", str(latency_ms), "--issues", str(issues)),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise TypeError("started with a pipe")
        jira = Jira(json.loads(process.stdout.readline()))
        try:
            yield jira
        finally:
            jira.close()
            process.terminate()
