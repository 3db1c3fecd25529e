"""The timer of who has no server: what it runs on, in a file of the person's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from duolog.cli.errors import NotDone
from duolog.cli.site import site_path

NONE_RUNS: Final = "No timer runs. Start one with `duolog timer start ISSUE`."


@dataclass(frozen=True, slots=True)
class Running:
    """A timer: the issue by id and key, and when it began, in ISO 8601 with the offset.

    `stopped` is when it was told to stop; while the file still holds it, nobody knows whether Jira
    has its worklog, so it is looked for before it is logged.
    """

    site: str
    issue_id: str
    issue_key: str
    comment: str
    started: str
    stopped: str = ""

    @property
    def shown(self) -> Mapping[str, str]:
        """As the REST API shows a timer."""
        return {
            "issue_id": self.issue_id,
            "issue_key": self.issue_key,
            "comment": self.comment,
            "started": self.started,
        }

    @property
    def began(self) -> datetime:
        """When it began."""
        return datetime.fromisoformat(self.started)


def find_running() -> Running | None:
    """The timer that runs, if one does."""
    try:
        return Running(**json.loads(_path().read_text()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise NotDone(f"{_path()} cannot be read: {error}. Remove it to begin anew.") from error


def the_running(site: str) -> Running:
    """The timer that runs on this site.  Raises NotDone."""
    running = find_running()
    if running is None:
        raise NotDone(NONE_RUNS)
    if running.site != site:
        raise NotDone(f"The timer runs on {running.issue_key} of {running.site}: sign in there.")
    return running


def keep_running(running: Running) -> None:
    """Keep it, whole or not at all."""
    draft = _path().with_suffix(".new")
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.write_text(json.dumps(asdict(running)))
    draft.replace(_path())


def forget_running() -> None:
    """No timer runs any more."""
    _path().unlink(missing_ok=True)


def _path() -> Path:
    return site_path().with_name("timer.json")
