"""jira.js from npm, which validates every answer against schemas of its own, lives one life.

The walk is `tests/node/jira_js_walk.mjs`; `make test` installs the client.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from helpers.jirasim import running_jirasim

FOLDER = Path(__file__).parents[2] / "node"
NODE = shutil.which("node")


@pytest.fixture(autouse=True)
def _needs_node() -> None:
    if NODE is not None and (FOLDER / "node_modules/jira.js").exists():
        return
    reason = "Node.js or jira.js is not there: install Node.js, then `make test` brings jira.js."
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def test_jira_js_finds_nothing_to_complain_of() -> None:
    assert NODE is not None
    with running_jirasim("--issues", "20") as jira:
        who = jira.service
        command = [NODE, "jira_js_walk.mjs", jira.url, who.email, who.api_token]
        walk = subprocess.run(
            command, cwd=FOLDER, capture_output=True, text=True, timeout=60, check=False
        )
        assert walk.returncode == 0, walk.stderr
        told = json.loads(walk.stdout)
    assert told["failures"] == []
    assert [one for one in told["mismatches"] if not _deliberate(one)] == []
    assert told["found"] >= 250
    assert told["gone"] == "NotFoundError"


def _deliberate(mismatch: dict[str, Any]) -> bool:
    """Whether all it says is that an address is null, as recorded of who hides theirs."""
    return all(
        one["path"].endswith(".emailAddress") and one["received"] == "null"
        for one in mismatch["issues"]
    )
