"""Every module says what lives in it; every public name of core, jira and sync what is true of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scripts.linters.sources import Definition, Finding, Source, sources

THOROUGH: Final = ("src/duolog/core/", "src/duolog/jira/", "src/duolog/sync/")
FIRST_LINE: Final = 100


def check(root: Path) -> Iterator[Finding]:
    """Missing docstrings, and first lines too long to read at a glance."""
    for source in sources(root, "src", "scripts"):
        if not ast.get_docstring(source.tree):
            yield Finding(source.path, 1, "the module does not say what lives here")
        yield from _long_first_lines(source)
        if source.path.relative_to(root).as_posix().startswith(THOROUGH):
            for node in public_names(source.tree):
                if not ast.get_docstring(node):
                    yield Finding(source.path, node.lineno, f"{node.name} has no docstring")


def public_names(node: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    """Classes and functions that others may use, with the methods of such classes."""
    for child in node.body:
        if not isinstance(child, Definition) or child.name.startswith("_"):
            continue
        if isinstance(child, ast.ClassDef):
            if child.name == "Meta":  # Django's place for options of a model
                continue
            yield from public_names(child)
        yield child


def _long_first_lines(source: Source) -> Iterator[Finding]:
    for node in (source.tree, *source.definitions()):
        first = (ast.get_docstring(node) or "").partition("\n")[0]
        if len(first) > FIRST_LINE:
            line = getattr(node, "lineno", 1)
            yield Finding(
                source.path, line, f"first line of the docstring over {FIRST_LINE} characters"
            )
