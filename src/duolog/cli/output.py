"""What commands print: tables for people, JSON for scripts.  Knows nothing of what it prints."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, TypeAlias

import typer
from rich.console import Console
from rich.table import Table

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def tell(value: Mapping[str, Any], sentence: str, *, as_json: bool) -> None:
    """One result: the sentence for a person, or all of it as JSON."""
    if as_json:
        print_json(value)
    else:
        show_lines([sentence])


def show_table(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], *, as_json: bool, empty: str
) -> None:
    """Many results: `columns` names those a person sees; JSON holds everything."""
    if as_json:
        print_json({"items": list(rows)})
    elif not rows:
        Console(highlight=False).print(empty)
    else:
        Console(highlight=False).print(_table(rows, columns))


def show_lines(lines: Iterable[str]) -> None:
    """Lines for a person, never folded."""
    console = Console(soft_wrap=True, highlight=False, markup=False)
    for line in lines:
        console.print(plain(line))


def print_json(value: object) -> None:
    """The value as JSON, on stdout."""
    json.dump(value, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def complain(sentence: str) -> None:
    """Why nothing was done, on stderr."""
    print(sentence, file=sys.stderr)


def _table(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(name)) for name in columns))
    return table


def _cell(value: object) -> str:
    shown = "" if value is None else plain(str(value))
    return shown.replace("[", r"\[")


def plain(text: str) -> str:
    """Without what moves or colours a terminal, or turns the order of what is read: others wrote it."""
    return _COMMANDS.sub("", text)


_COMMANDS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
