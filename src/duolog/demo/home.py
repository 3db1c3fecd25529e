"""The demo's files in the home folder: which are ours, what they say, and how all is forgotten."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from duolog.app.config import ConfigError
from duolog.demo.wish import Wish

FOLDERS: Final = ("static",)
FILES: Final = (
    "demo.json",
    "demo-seed.json",
    "jirasim.state",
    "jirasim.log",
    "duolog.log",
    "duolog.sqlite3",
    "duolog.sqlite3-wal",
    "duolog.sqlite3-shm",
    "duolog.sqlite3.lock",
    "secret.key",
    "encryption.key",
)
"""Everything a demo leaves in its home."""


class Home:
    """A folder that holds a demo, a half-made one, or nothing yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "jirasim.state"
        self.announced = folder / "demo.json"
        self._seed = folder / "demo-seed.json"

    def open(self, wish: Wish) -> Mapping[str, Any] | None:
        """What was kept of the demo in this home; None where one is to be made.

        Raises ConfigError where the home holds something else, or the demo was made for other
        ports.  A demo that was only half made is made anew.
        """
        if (self.folder / "duolog.sqlite3").exists() and not self._seed.exists():
            raise ConfigError(
                [f"{self.folder} holds an installation that is no demo. Choose a DUOLOG_HOME=…"]
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = json.loads(self._seed.read_text()) if self._seed.exists() else {}
        if wish.is_reset or "duolog" not in kept:
            self._forget()
            write_private(self._seed, {"is": "being made"})
            return None
        self._must_fit(wish, kept)
        self.announced.unlink(missing_ok=True)
        return dict(kept)

    def keep(self, made: Mapping[str, Any]) -> None:
        """The demo is whole: this is how it is reached, whenever it runs."""
        write_private(self._seed, made)

    def log(self, name: str) -> Path:
        """Where a child process writes what it has to say."""
        return self.folder / f"{name}.log"

    def _must_fit(self, wish: Wish, kept: Mapping[str, Any]) -> None:
        simulated = kept["jira"]["deployment"]
        if simulated != wish.deployment:
            raise ConfigError(
                [
                    f"The demo in {self.folder} was made with DEPLOYMENT={simulated}. Use that, "
                    "choose another DUOLOG_HOME=…, or begin afresh with RESET=1."
                ]
            )
        made_for = kept["duolog"]["url"], kept["jira"]["url"]
        if made_for != (wish.duolog_url, wish.jira_url):
            ports = [url.rpartition(":")[2] for url in made_for]
            raise ConfigError(
                [
                    f"The demo in {self.folder} was made for DUOLOG_PORT={ports[0]} and "
                    f"JIRASIM_PORT={ports[1]}, which its addresses hold. Use these, or begin "
                    "afresh with RESET=1."
                ]
            )

    def _forget(self) -> None:
        for name in FILES:
            (self.folder / name).unlink(missing_ok=True)
        for name in FOLDERS:
            shutil.rmtree(self.folder / name, ignore_errors=True)


def write_private(path: Path, content: Mapping[str, Any]) -> None:
    """Put JSON in place, whole, for its owner's eyes alone."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
        file.write("\n")
    draft.replace(path)
