"""Python files, parsed once, and findings about them.  No rules here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that breaks a rule, and what to do about it."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file: its text and its tree."""

    path: Path
    text: str
    tree: ast.Module

    def definitions(self) -> Iterator[Definition]:
        """Every class and function, wherever it stands."""
        for node in ast.walk(self.tree):
            if isinstance(node, Definition):
                yield node


@cache
def load_source(path: Path) -> Source:
    """The file, parsed."""
    text = path.read_text()
    return Source(path, text, ast.parse(text, str(path)))


def sources(root: Path, *folders: str) -> Iterator[Source]:
    """Every file under the folders that a person wrote: migrations are made by Django."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.relative_to(root).parts:
                yield load_source(path)
