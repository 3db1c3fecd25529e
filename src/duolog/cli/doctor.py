"""`duolog doctor`: what is wrong with this installation, and what to do."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from duolog.cli.database import open_installation
from duolog.cli.errors import NotDone
from duolog.cli.output import AsJson, show_table

_COLUMNS: Final = {"grade": "", "about": "Looked at", "sentence": "Found", "todo": "What to do"}


def doctor(*, as_json: AsJson = False) -> None:
    """Look at configuration, database, worker, connections, clock and disk."""
    open_installation()
    from duolog.app.settings import CONFIG
    from duolog.cli.findings import Grade, look

    found = tuple(look(CONFIG))
    show_table([asdict(each) for each in found], _COLUMNS, as_json=as_json, empty="")
    wrong = sum(each.grade == Grade.WRONG for each in found)
    if wrong:
        raise NotDone(f"{wrong} of {len(found)} must be mended.")
