"""The table of dependencies and pyproject.toml name the same packages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| \[?`([^`]+)`.*?\| (.+?) \| (.+?) \|$", re.MULTILINE)


def direct_dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [re.split(r"[\[<>=!~; ]", entry)[0] for entry in project["dependencies"]]


def test_every_direct_runtime_dependency_has_its_line_of_reason() -> None:
    rows = ROW.findall((ROOT / "docs/decisions/dependencies.md").read_text())
    assert [name for name, _, _ in rows] == direct_dependencies()
    assert all(len(reason) > 20 for _, reason, _ in rows)


def test_there_are_at_most_thirty() -> None:
    assert len(direct_dependencies()) <= 30
