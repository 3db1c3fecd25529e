"""The folder of a demo: kept, begun afresh, and never mistaken for anybody's real data."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from duolog.app.config import ConfigError
from duolog.demo.home import Home, write_private
from duolog.demo.wish import Wish, read_wish

MADE: dict[str, Any] = {
    "duolog": {"url": "http://127.0.0.1:8000", "password": "secret"},
    "jira": {"url": "http://127.0.0.1:8070", "deployment": "cloud"},
}


def wish(folder: Path, **env: str) -> Wish:
    return read_wish({"DUOLOG_HOME": str(folder), **env})


def made_in(folder: Path) -> Home:
    home = Home(folder)
    assert home.open(wish(folder)) is None
    (folder / "duolog.sqlite3").write_text("rows")
    home.keep(MADE)
    return home


def test_a_demo_that_is_whole_is_kept(tmp_path: Path) -> None:
    home = made_in(tmp_path)
    assert home.open(wish(tmp_path)) == MADE
    assert (tmp_path / "duolog.sqlite3").exists()


def test_addresses_are_not_announced_before_they_answer(tmp_path: Path) -> None:
    home = made_in(tmp_path)
    write_private(home.announced, MADE)
    home.open(wish(tmp_path))
    assert not home.announced.exists()


def test_reset_removes_what_is_ours_and_nothing_else(tmp_path: Path) -> None:
    home = made_in(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    assert home.open(wish(tmp_path, RESET="1")) is None
    assert not (tmp_path / "duolog.sqlite3").exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("reset", [pytest.param("", id="as it is"), pytest.param("1", id="reset")])
def test_an_installation_that_is_no_demo_is_left_alone(tmp_path: Path, reset: str) -> None:
    (tmp_path / "duolog.sqlite3").write_text("somebody's work")
    with pytest.raises(ConfigError, match="is no demo"):
        Home(tmp_path).open(wish(tmp_path, RESET=reset))
    assert (tmp_path / "duolog.sqlite3").read_text() == "somebody's work"


def test_a_demo_beside_the_other_jira_is_not_mistaken_for_this_one(tmp_path: Path) -> None:
    home = made_in(tmp_path)
    with pytest.raises(ConfigError, match="was made with DEPLOYMENT=cloud"):
        home.open(wish(tmp_path, DEPLOYMENT="server"))
    assert home.open(wish(tmp_path, DEPLOYMENT="server", RESET="1")) is None


def test_a_demo_that_was_cut_off_while_it_was_made_is_made_anew(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.open(wish(tmp_path))
    (tmp_path / "duolog.sqlite3").write_text("half of it")
    assert home.open(wish(tmp_path)) is None
    assert not (tmp_path / "duolog.sqlite3").exists()


def test_other_ports_than_it_was_made_for_are_refused(tmp_path: Path) -> None:
    home = made_in(tmp_path)
    with pytest.raises(ConfigError, match="DUOLOG_PORT=8000 and JIRASIM_PORT=8070"):
        home.open(wish(tmp_path, DUOLOG_PORT="8001"))


def test_only_the_owner_can_read_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    path.write_text("{}")
    path.chmod(0o644)
    write_private(path, MADE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == MADE
