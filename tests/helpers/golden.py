"""Golden files: what must not change unnoticed.  `--update-golden` writes them anew, not in CI."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest


def agree(request: pytest.FixtureRequest, path: Path, found: object) -> None:
    """The value is the one in the file, or becomes it where that was asked for."""
    text = found if isinstance(found, str) else _written(found)
    if request.config.getoption("--update-golden"):
        assert os.environ.get("CI") != "true", "Golden files are never written in CI."
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert path.exists(), f"{path.name} is missing: run pytest --update-golden and look at it."
    assert text == path.read_text(), f"{path.name} differs: run pytest --update-golden and look."


def _written(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
