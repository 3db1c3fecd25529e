"""Several processes of one installation that start at the same moment, as after an upgrade."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.databases import database_of_a_site

pytestmark = [pytest.mark.database, pytest.mark.kill, pytest.mark.timeout(120)]

PROGRAM = [sys.executable, "-c", "from duolog.cli.main import run; run()"]
HOSTS = 3


def test_all_of_them_find_an_empty_database_and_one_makes_the_tables(tmp_path: Path) -> None:
    with database_of_a_site(tmp_path) as database:
        env = {**os.environ, "DUOLOG_HOME": str(tmp_path), "DUOLOG_DATABASE_URL": database}
        started = [_migrating(env) for _ in range(HOSTS)]
        told = [process.communicate(timeout=100) for process in started]
    assert [out for out, _ in told] == ["The database is up to date.\n"] * HOSTS, told


def _migrating(env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, "migrate"], env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
