"""What the program says of itself, and how it ends on wrong usage."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from cryptography.fernet import Fernet
from helpers.golden import agree

from duolog.api.rest import api
from duolog.cli.main import app

GOLDEN = Path(__file__).parents[1] / "golden" / "cli"


def _commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield words
    for name, child in getattr(command, "commands", {}).items():
        yield from _commands(child, (*words, name))


COMMANDS = sorted(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_is_the_golden_one(
    request: pytest.FixtureRequest, duolog: Any, words: tuple[str, ...]
) -> None:
    shown = duolog(*words, "--help")
    assert shown.code == 0
    agree(request, GOLDEN / f"{'_'.join(('duolog', *words))}.txt", shown.out)


def test_every_command_that_ends_takes_json() -> None:
    runs_on = {("serve",), ("worker",), ("demo",)}
    groups = {words[:-1] for words in COMMANDS}
    for words in set(COMMANDS) - groups - runs_on:
        command: Any = typer.main.get_command(app)
        for word in words:
            command = command.commands[word]
        options = {option for each in command.params for option in each.opts}
        assert "--json" in options, words


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["bogus"], id="an unknown command"),
        pytest.param(["serve", "--bogus"], id="an unknown option"),
        pytest.param(["serve", "--port", "x"], id="a port that is no number"),
        pytest.param(["token", "create"], id="an option is missing"),
        pytest.param(["binding", "pause"], id="an argument is missing"),
        pytest.param(["inbox", "resolve", "hold-1", "title"], id="a choice without a side"),
        pytest.param(["admin", "invite", "--email", "a@b.cc", "--workplace", "x", "--role", "king"],
                     id="a role that is none"),
    ],
)  # fmt: skip
def test_wrong_usage_ends_with_two(duolog: Any, arguments: list[str]) -> None:
    outcome = duolog(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err


def test_all_problems_of_the_environment_are_told_at_once(tmp_path: Path) -> None:
    env = {
        **os.environ,
        "DUOLOG_HOME": str(tmp_path),
        "DUOLOG_PORT": "many",
        "DUOLOG_POLL_EVERY": "often",
        "DUOLOG_BOGUS": "1",
    }
    ended = subprocess.run(
        [sys.executable, "-c", "from duolog.cli.main import run; run()", "doctor"],
        env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    for name in ("DUOLOG_PORT", "DUOLOG_POLL_EVERY", "DUOLOG_BOGUS"):
        assert name in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_key_is_printed_that_seals(duolog: Any) -> None:
    box = Fernet(duolog("admin", "key", "--json").json["key"])
    assert box.decrypt(box.encrypt(b"x")) == b"x"


def test_every_command_that_asks_a_server_names_the_right_it_needs() -> None:
    document = api.get_openapi_schema(path_prefix="")["paths"]
    page = (Path(__file__).parents[2] / "docs" / "reference" / "cli.md").read_text()
    rows = re.findall(r"^\| `duolog ([^`]+)` \| `([A-Z]+) ([^`]+)` \| (.+) \|$", page, re.MULTILINE)
    for command, method, path, needed in rows:
        assert document[path][method.lower()]["x-right"] == needed, command
    asking = {" ".join(words) for words in COMMANDS if _asks_a_server(words)}
    assert {command for command, *_ in rows} == asking


def _asks_a_server(words: tuple[str, ...]) -> bool:
    """Such a command takes the address of the server."""
    command: Any = typer.main.get_command(app)
    for word in words:
        command = command.commands[word]
    return any(parameter.name == "server" for parameter in command.params)
