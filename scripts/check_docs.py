"""Check the docs against the code: links resolve, settings are described, commands exist."""

from __future__ import annotations

import ast
import importlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

CONFIG: Final = Path("src/duolog/app/config.py")
SETTINGS: Final = Path("docs/reference/settings.md")
CLI: Final = "duolog.cli.main"

_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ +(.*)$", re.MULTILINE)
_FENCED: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE: Final = re.compile(r"`([^`\n]+)`")
_SETTING: Final = re.compile(r"\bDUOLOG_[A-Z_]+[A-Z]\b")


def main() -> int:
    """Print every disagreement; 1 if there is one."""
    root = Path.cwd()
    pages = [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]
    problems = [
        *(problem for page in pages for problem in broken_links(page)),
        *pages_not_named(root / "docs"),
        *undocumented_settings((root / CONFIG).read_text(), (root / SETTINGS).read_text()),
        *unknown_commands(pages),
    ]
    for problem in problems:
        print(problem)
    print(f"Docs: {len(pages)} pages, {len(problems) or 'nothing'} to mend.")
    return 1 if problems else 0


def broken_links(page: Path) -> Iterator[str]:
    """Links of a page to files or headings that are not there; other sites are not asked."""
    for target in _LINK.findall(_FENCED.sub("", page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists():
            yield f"{page}: {target} leads nowhere"
        elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text()):
            yield f"{page}: {target} names no heading of {file.name}"


def pages_not_named(docs: Path) -> list[str]:
    """Pages that the index, docs/README.md, does not lead to."""
    index = docs / "README.md"
    named = {(docs / link.partition("#")[0]).resolve() for link in _LINK.findall(index.read_text())}
    pages = {page.resolve() for page in docs.rglob("*.md") if page != index}
    return [f"{index}: {page.name} is not named" for page in sorted(pages - named)]


def anchors(markdown: str) -> set[str]:
    """The fragment of each heading, as GitHub makes them."""
    headings = _HEADING.findall(_FENCED.sub("", markdown))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def settings_read(config: str) -> set[str]:
    """The settings that the configuration reads: the names handed to its `reader`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(config)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="reader"), attr=kind),
                args=[ast.Constant(value=str(name)), *_],
            ):
                names |= {name, f"{name}_FILE"} if kind in {"secret", "secret_url"} else {name}
            case _:
                pass
    return {f"DUOLOG_{name}" for name in names}


def undocumented_settings(config: str, page: str) -> list[str]:
    """Settings that are read but not described, or described but not read."""
    read, described = settings_read(config), set(_SETTING.findall(page))
    return [
        *(f"{SETTINGS}: {name} is read but not described" for name in sorted(read - described)),
        *(f"{SETTINGS}: {name} is described but not read" for name in sorted(described - read)),
    ]


def commands_named(markdown: str) -> set[tuple[str, ...]]:
    """The words after `duolog` in code: `duolog token create NAME` names token create."""
    found = set()
    code = [*_CODE.findall(_FENCED.sub("", markdown)), *_FENCED.findall(markdown)]
    for line in "\n".join(code).splitlines():
        match = re.match(r"(?:\$ )?duolog((?: [a-z]+)+)(?![\w|])", line)
        if match:
            found.add(tuple(match.group(1).split()))
    return found


def unknown_commands(pages: list[Path]) -> list[str]:
    """Commands that a page names and the program does not have."""
    sys.path.insert(0, "src")
    known = command_words()
    return [
        f"{page}: `duolog {' '.join(words)}` is not a command"
        for page in pages
        for words in sorted(commands_named(page.read_text()))
        if not any(words[: len(command)] == command for command in known)
    ]


def command_words() -> set[tuple[str, ...]]:
    """Every command of the program, as its words; a group alone counts too."""
    typer = importlib.import_module("typer.main")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duolog.app.settings")
    program = typer.get_command(importlib.import_module(CLI).app)

    def walk(command: object, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if words:
            yield words
        for name, child in getattr(command, "commands", {}).items():
            yield from walk(child, (*words, name))

    return set(walk(program, ()))


if __name__ == "__main__":
    sys.exit(main())
