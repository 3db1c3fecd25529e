"""`python -m jirasim`: what it prints, keeps, refuses, and how it ends (contract.md)."""

import gc
import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from helpers.jira_caller import basic_header, doc

from jirasim.__main__ import main

SOURCE = Path(__file__).parents[3] / "src"


@contextmanager
def running(*options: str) -> Iterator[dict[str, Any]]:
    """A simulator of its own process; ended by SIGTERM, orderly."""
    command = [sys.executable, "-m", "jirasim", "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0


def credential(site: dict[str, Any]) -> str:
    if site["deployment"] == "server":
        return f"Bearer {site['api_token']}"
    return basic_header(site["email"], site["api_token"])


def asked(site: dict[str, Any], path: str, body: object = None) -> Any:
    header = {"Authorization": credential(site)}
    data = None if body is None else json.dumps(body).encode()
    request = Request(site["url"] + path, data, {**header, "Content-Type": "application/json"})
    with urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def test_the_line_of_json_is_enough_to_begin() -> None:
    with running("--issues", "20") as site:
        assert site["deployment"] == "cloud"
        assert site["people"][0]["name"] == "Maya Lind"
        assert set(site["people"][0]) == {"email", "api_token", "account_id", "name"}
        assert asked(site, "/rest/api/3/myself")["accountId"] == site["account_id"]
        count = {"jql": f"project = {site['project_key']}"}
        assert asked(site, "/rest/api/3/search/approximate-count", count) == {"count": 20}


def test_attachments_survive_a_restart(tmp_path: Path) -> None:
    kept, content = str(tmp_path / "site.state"), bytes(range(256))
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n%s\r\n--b--'
    extra = {"Content-Type": "multipart/form-data; boundary=b", "X-Atlassian-Token": "no-check"}
    with running("--state", kept, "--issues", "1") as site:
        header = {"Authorization": basic_header(site["email"], site["api_token"]), **extra}
        place = f"{site['url']}/rest/api/3/issue/FHP-1/attachments"
        with urlopen(Request(place, form % content, header), timeout=10) as answer:
            [made] = json.loads(answer.read())
    with running("--state", kept) as again:
        header = {"Authorization": basic_header(again["email"], again["api_token"])}
        place = f"{again['url']}/rest/api/3/attachment/content/{made['id']}"
        with urlopen(Request(place, headers=header), timeout=10) as answer:
            assert answer.read() == content


def test_the_state_survives_a_restart(tmp_path: Path) -> None:
    kept = str(tmp_path / "site.state")
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Kept"}
    hook = {"name": "Ours", "url": "http://127.0.0.1:9/hook", "events": ["comment_created"]}
    with running("--state", kept) as site:
        key = asked(site, "/rest/api/3/issue", {"fields": fields})["key"]
        asked(site, f"/rest/api/3/issue/{key}/comment", {"body": doc("Said")})
        asked(site, "/rest/webhooks/1.0/webhook", hook)
        asked(site, "/_sim/clock", {"advance_seconds": 86400})
        then = asked(site, "/rest/api/3/serverInfo")["serverTime"]
    with running("--state", kept) as again:
        assert again["api_token"] == site["api_token"]
        found = asked(again, f"/rest/api/3/issue/{key}")["fields"]
        assert (found["summary"], found["comment"]["total"]) == ("Kept", 1)
        assert [one["name"] for one in asked(again, "/rest/webhooks/1.0/webhook")] == ["Ours"]
        assert asked(again, "/rest/api/3/serverInfo")["serverTime"] > then
        assert asked(again, "/rest/api/3/issue", {"fields": fields})["key"] != key


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param(["--version", "9.12"], "for Server alone", id="Cloud has no versions"),
        pytest.param(
            ["--deployment", "server", "--version", "new"], "10.3", id="a version is numbers"
        ),
        pytest.param(
            ["--deployment", "server", "--context", "jira"], "/jira", id="a context is a path"
        ),
    ],
)
def test_what_cannot_be_is_refused(
    options: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", "0", *options]) == 2
    assert says in capsys.readouterr().err
    assert gc.isenabled()


def test_a_server_lives_under_its_context_and_takes_tokens_and_passwords() -> None:
    with running("--deployment", "server", "--version", "9.12.1", "--context", "/jira") as site:
        assert site["url"].endswith("/jira")
        info = asked(site, "/rest/api/2/serverInfo")
        assert (info["version"], info["deploymentType"]) == ("9.12.1", "Server")
        assert asked(site, "/rest/api/2/myself")["name"] == site["username"]
        login = basic_header(site["username"], site["password"])
        request = Request(site["url"] + "/rest/api/2/myself", headers={"Authorization": login})
        with urlopen(request, timeout=10) as answer:
            assert json.loads(answer.read())["key"].startswith("JIRAUSER")


def test_a_kept_site_is_not_taken_for_one_of_the_other_deployment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = str(tmp_path / "site.state")
    with running("--state", kept) as site:
        assert asked(site, "/rest/api/3/myself")
    assert main(["--port", "0", "--state", kept, "--deployment", "server"]) == 2
    assert "--deployment cloud" in capsys.readouterr().err


def test_worklogs_without_issues_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "0", "--worklogs", "5"]) == 2
    assert "needs --issues" in capsys.readouterr().err


def test_worklogs_are_there_from_the_start_and_survive_a_restart(tmp_path: Path) -> None:
    kept = str(tmp_path / "site.state")
    with running("--state", kept, "--issues", "4", "--worklogs", "10") as site:
        counts = [
            asked(site, f"/rest/api/3/issue/FHP-{number}/worklog")["total"]
            for number in range(1, 5)
        ]
        assert counts == [3, 3, 2, 2]
        asked(site, "/rest/api/3/issue/FHP-1/worklog", {"timeSpent": "1h"})
    with running("--state", kept) as again:
        assert asked(again, "/rest/api/3/issue/FHP-1/worklog")["total"] == 4
        feed = asked(again, "/rest/api/3/worklog/updated?since=0")
        assert len(feed["values"]) == 10


def test_a_state_of_another_version_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "site.state"
    kept.write_bytes(pickle.dumps("State(seed)") + pickle.dumps("whatever it held"))
    assert main(["--port", "0", "--state", str(kept)]) == 2
    assert "another version" in capsys.readouterr().err
