"""`duolog demo` as a person meets it: started, looked at, edited on both sides, stopped."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from duolog.demo.content import platform

pytestmark = [pytest.mark.kill, pytest.mark.timeout(600)]
STARTS_WITHIN = 90.0
CROSSES_WITHIN = 10.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(is_so: Callable[[], bool], seconds: float) -> bool:
    pause, ends_at = threading.Event(), time.monotonic() + seconds
    while not (found := is_so()) and time.monotonic() < ends_at:
        pause.wait(0.1)
    return found


@contextlib.contextmanager
def demo(env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    announced = Path(env["DUOLOG_HOME"]) / "demo.json"
    announced.unlink(missing_ok=True)
    with subprocess.Popen(
        [sys.executable, "-m", "duolog.demo"], env=env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            there = until(lambda: announced.exists() or process.poll() is not None, STARTS_WITHIN)
            assert there
            assert process.poll() is None, process.communicate()[0]
            yield process, json.loads(announced.read_text())
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@pytest.fixture(scope="module", params=["cloud", "server"])
def env(request: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DUOLOG_")}
    return {
        **kept,
        "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
        "DUOLOG_HOME": str(tmp_path_factory.mktemp("demo")),
        "DUOLOG_PORT": str(free_port()),
        "JIRASIM_PORT": str(free_port()),
        "DEPLOYMENT": request.param,
    }


def test_a_demo_is_in_step_lives_both_ways_and_stops_cleanly(env: dict[str, str]) -> None:
    with demo(env) as (process, told):
        mode = (Path(env["DUOLOG_HOME"]) / "demo.json").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600
        assert set(told["duolog"]) == {
            "url", "email", "password", "api_token", "workplace", "team_id", "binding_id",
            "webhook_url",
        }  # fmt: skip
        assert told["duolog"]["email"] == told["jira"]["people"][0]["email"]
        _the_owner_has_a_way_into_jira(told)
        _edits_cross(told)
    assert process.returncode == 0
    for port in (env["DUOLOG_PORT"], env["JIRASIM_PORT"]):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(port))) != 0, "a child was left running"
    with demo(env) as (_, again):
        assert again == told


def _the_owner_has_a_way_into_jira(told: dict[str, Any]) -> None:
    """A personal connection; and on Cloud, Atlassian sends who consents back to us."""
    ours, theirs = told["duolog"], told["jira"]
    token = {"Authorization": f"Bearer {ours['api_token']}"}
    with httpx2.Client(base_url=f"{ours['url']}/api/v1", headers=token, timeout=20) as api:
        mine = api.get("/connections").json()["items"]
        assert [each["kind"] for each in mine] == ["workplace", "personal"]
        assert mine[1]["account_name"] == theirs["people"][0]["name"]
        logged = api.get("/worklogs", params=_last_days()).json()
        assert {each["state"] for each in logged["items"]} == {"saved"}
        assert len(logged["items"]) == len(platform.STINTS)
    if theirs["deployment"] == "cloud":
        assert theirs["oauth"]["redirect_uris"] == [f"{ours['url']}/connect/atlassian/callback"]


def _last_days() -> dict[str, str]:
    today = datetime.fromtimestamp(time.time(), UTC).date()
    return {"from": str(today - timedelta(days=9)), "to": str(today)}


def _edits_cross(told: dict[str, Any]) -> None:
    ours, theirs = told["duolog"], told["jira"]
    token = {"Authorization": f"Bearer {ours['api_token']}"}
    person = theirs["people"][0]
    is_cloud = theirs["deployment"] == "cloud"
    way_in = ("email", "api_token") if is_cloud else ("username", "password")
    with (
        httpx2.Client(base_url=f"{ours['url']}/api/v1", headers=token, timeout=20) as api,
        httpx2.Client(
            base_url=f"{theirs['url']}/rest/api/{3 if is_cloud else 2}",
            auth=(person[way_in[0]], person[way_in[1]]),
        ) as jira,
    ):
        listed = api.get("/work-items", params={"team": ours["team_id"], "limit": 100}).json()
        states = [item["link"]["state"] for item in listed["items"]]
        assert states.count("conflict") == 1
        assert states.count("held") == 1
        assert set(states) == {"in_step", "conflict", "held"}
        item = next(one for one in listed["items"] if one["link"]["state"] == "in_step")
        issue = f"/issue/{item['link']['issue_id']}"
        jira.put(issue, json={"fields": {"summary": "Said in Jira"}}).raise_for_status()
        here = f"/work-items/{item['id']}"
        assert until(lambda: api.get(here).json()["title"] == "Said in Jira", CROSSES_WITHIN)
        api.patch(here, json={"title": "Said here"}).raise_for_status()
        assert until(
            lambda: jira.get(issue).json()["fields"]["summary"] == "Said here", CROSSES_WITHIN
        )


def test_a_child_that_dies_ends_the_demo_in_words(env: dict[str, str]) -> None:
    with demo(env) as (process, _):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        jirasim = next(
            pid for pid in children if "jirasim" in Path(f"/proc/{pid}/cmdline").read_text()
        )
        os.kill(int(jirasim), signal.SIGKILL)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "The simulated Jira ended by itself with -9" in output
