"""The command line as a person uses it, in this process, with a home of its own.

This module is read before Django is set up, so what needs Django is loaded when it is used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from helpers.jirasim import Jira, running_jirasim


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What a script reads."""
        return json.loads(self.out)


Duolog = Callable[..., Outcome]


@pytest.fixture(scope="session", autouse=True)
def _static_address() -> None:
    """Django's live server insists on one; nothing of ours is served there."""
    import_module("django.conf").settings.STATIC_URL = "/nothing/"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def duolog(capfd: pytest.CaptureFixture[str]) -> Duolog:
    """Run one command."""

    def run(*arguments: str) -> Outcome:
        capfd.readouterr()
        code = import_module("duolog.cli.main").main(arguments)
        printed = capfd.readouterr()
        return Outcome(code, printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def _simulator() -> Iterator[Jira]:
    with running_jirasim() as jira:
        yield jira


@pytest.fixture
def jira(_simulator: Jira, settings: Any) -> Jira:
    """The simulated Jira, without counted calls or faults."""
    settings.ALLOW_PRIVATE_HOSTS = True  # it is on loopback
    _simulator.reset()
    return _simulator
