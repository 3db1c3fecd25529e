"""What the environment may ask of the demo, and the sentence for each thing it may not."""

import socket
from pathlib import Path

import pytest

from duolog.app.config import ConfigError
from duolog.demo.wish import ports_in_use, read_wish


def test_nothing_said_means_the_usual() -> None:
    wish = read_wish({})
    assert (wish.duolog_port, wish.jirasim_port, wish.is_reset) == (8000, 8070, False)
    assert (wish.home, wish.deployment) == (Path("var").resolve(), "cloud")
    assert wish.duolog_url == "http://127.0.0.1:8000"


def test_either_jira_can_stand_beside_it() -> None:
    assert read_wish({"DEPLOYMENT": "server"}).deployment == "server"


def test_an_address_of_ones_own_is_kept() -> None:
    wish = read_wish({"DUOLOG_PORT": "9000", "DUOLOG_PUBLIC_URL": "http://box.example:9000"})
    assert wish.duolog_url == "http://box.example:9000"


@pytest.mark.parametrize(
    ("env", "word"),
    [
        pytest.param({"DEPLOYMENT": "moon"}, "must be cloud or server", id="no such deployment"),
        pytest.param({"DUOLOG_PORT": "http"}, "DUOLOG_PORT must be a port", id="port in words"),
        pytest.param({"JIRASIM_PORT": "70000"}, "JIRASIM_PORT must be", id="port too high"),
        pytest.param(
            {"DUOLOG_PORT": "9000", "JIRASIM_PORT": "9000"}, "choose two ports", id="same port"
        ),
        pytest.param(
            {"DUOLOG_DATABASE_URL": "postgresql://x@y/z"}, "its own SQLite", id="other database"
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(env: dict[str, str], word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        read_wish(env)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as told:
        read_wish({"DEPLOYMENT": "moon", "DUOLOG_PORT": "x", "JIRASIM_PORT": "y"})
    assert len(told.value.problems) == 3


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        [problem] = ports_in_use(read_wish({"DUOLOG_PORT": str(port), "JIRASIM_PORT": "1"}))[:1]
    assert problem.startswith(f"Port {port} is in use.")
