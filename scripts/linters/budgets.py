"""How long things may be, and how often a check may be silenced."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scripts.linters.sources import Definition, Finding, Source, sources

FOLDERS: Final = ("src", "tests", "scripts", "bench")
MODULE_LINES: Final = 400
FUNCTION_LINES: Final = 50
CORE_FUNCTION_LINES: Final = 30
CLASS_LINES: Final = 250
SILENCED: Final = 10

_SILENCER: Final = re.compile(r"#\s*(?:noqa|type:\s*ignore)")
_WITH_REASON: Final = re.compile(
    r"#\s*(?:noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w, -]+\])\s+#\s*\S"
)


def check(root: Path) -> Iterator[Finding]:
    """Whatever outgrew its budget, and silencers without code and reason or beyond their number."""
    silencers: list[Finding] = []
    for source in sources(root, *FOLDERS):
        length = source.text.count("\n")
        if length > MODULE_LINES:
            yield Finding(source.path, 1, f"{length} lines; a module has at most {MODULE_LINES}")
        in_core = source.path.is_relative_to(root / "src/duolog/core")
        for node in source.definitions():
            yield from _too_long(source, node, in_core=in_core)
        silencers.extend(_silencers(source))
    yield from (found for found in silencers if found.text)
    if len(silencers) > SILENCED:
        text = f"{len(silencers)} silenced checks; at most {SILENCED} in the repository"
        yield Finding(silencers[SILENCED].path, silencers[SILENCED].line, text)


def _too_long(source: Source, node: Definition, *, in_core: bool) -> Iterator[Finding]:
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    if isinstance(node, ast.ClassDef):
        most = CLASS_LINES
    else:
        most = CORE_FUNCTION_LINES if in_core else FUNCTION_LINES
    if length > most:
        yield Finding(source.path, node.lineno, f"{node.name} has {length} lines; at most {most}")


def _silencers(source: Source) -> Iterator[Finding]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if _SILENCER.search(_outside_strings(line)):
            text = (
                "" if _WITH_REASON.search(line) else "a silenced check needs its code and a reason"
            )
            yield Finding(source.path, number, text)


def _outside_strings(line: str) -> str:
    return re.sub(r"""(["']).*?\1""", "", line)
