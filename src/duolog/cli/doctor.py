"""`duolog doctor`: what is wrong with this installation, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from duolog.cli.database import open_installation
from duolog.cli.errors import NotDone
from duolog.cli.output import AsJson, print_json, show_lines

if TYPE_CHECKING:  # it needs Django, which is set up later
    from duolog.cli.findings import Finding


def doctor(*, as_json: AsJson = False) -> None:
    """Look at configuration, database, worker, connections, bindings, clock and disk."""
    open_installation()
    from duolog.app.settings import CONFIG
    from duolog.cli.findings import Grade, look

    found = tuple(look(CONFIG))
    if as_json:
        print_json({"items": [asdict(each) for each in found]})
    else:
        show_lines(line for each in found for line in _lines(each))
    wrong = sum(each.grade == Grade.WRONG for each in found)
    if wrong:
        raise NotDone(f"{wrong} of {len(found)} must be mended.")


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.grade:8} {finding.about}: {finding.sentence}"
    if finding.todo:
        yield f"{'':8} {finding.todo}"
