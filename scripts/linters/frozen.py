"""A function that returns a new value is called for its value."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from scripts.linters.sources import Finding, sources


def check(root: Path) -> Iterator[Finding]:
    """Statements that make a changed copy and drop it."""
    for source in sources(root, "src", "tests", "scripts"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                name = dropped_copy(node.value.func)
                if name:
                    text = f"{name}(…) returns a new value, which is dropped here"
                    yield Finding(source.path, node.lineno, text)


def dropped_copy(called: ast.expr) -> str:
    """The name of what is called, if it only makes a copy; else nothing.

    `path.replace(…)` renames a file, so `replace` counts as a bare name or of `dataclasses`.
    """
    match called:
        case ast.Name(id="replace"):
            return "replace"
        case ast.Attribute(value=ast.Name(id="dataclasses" | "copy"), attr="replace"):
            return "replace"
        case ast.Attribute(attr="_replace"):
            return "_replace"
        case ast.Name(id=name) | ast.Attribute(attr=name) if name.startswith("with_"):
            return name
        case _:
            return ""
