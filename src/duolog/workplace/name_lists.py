"""Several names in one line of text, as people write them: `API, "Sales, EMEA"`.  Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable


def join_names(names: Iterable[str]) -> str:
    """The names separated by commas; one that holds a comma or a quote stands in quotes."""
    return ", ".join(map(_quoted, names))


def split_names(text: str) -> tuple[str, ...]:
    """The names that `join_names` joined, or a person wrote."""
    rows = csv.reader(text.splitlines(), skipinitialspace=True)
    return tuple(name.strip() for row in rows for name in row if name.strip())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if "," in name or '"' in name else name
