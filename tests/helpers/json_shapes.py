"""The shape of JSON: which keys where, holding what.  Compares a recording with our answers."""

import re
from collections.abc import Iterable, Iterator

Shape = frozenset[tuple[str, str]]
NAMED_BY_SITE = (
    (re.compile(r"customfield_\d+"), "customfield"),
    (re.compile(r"com\.atlassian\.[\w.:-]+"), "app"),
)
TYPES = {str: "text", bool: "flag", int: "number", float: "number", dict: "object", list: "array"}


def shape(value: object, at: str = "") -> Shape:
    """Every path within the value with the type found there; null says nothing of a type.

    Custom fields and apps have names of their own on every site: they share one path each.
    """
    return frozenset(_walk(value, at))


def union(values: Iterable[object]) -> Shape:
    """All that several answers show."""
    return frozenset(one for value in values for one in shape(value))


def missing(recorded: object, have: Shape) -> list[str]:
    """What the recording has that no answer of ours shows: `path`, or `path: type`."""
    paths = {path for path, _ in have}
    wanted = sorted(shape(recorded) - have)
    lost = [path if path not in paths else f"{path}: {kind}" for path, kind in wanted if kind]
    unknown = [path for path, kind in wanted if not kind and path not in paths]
    return _topmost([*lost, *unknown])


def _walk(value: object, at: str) -> Iterator[tuple[str, str]]:
    yield at, TYPES.get(type(value), "")
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _walk(one, f"{at}.{_common(key)}" if at else _common(key))
    elif isinstance(value, list):
        for one in value:
            yield from _walk(one, f"{at}[]")


def _common(key: str) -> str:
    for pattern, name in NAMED_BY_SITE:
        if pattern.fullmatch(key):
            return name
    return key


def _topmost(paths: list[str]) -> list[str]:
    """Without what lies below something that is missing itself."""
    kept: list[str] = []
    for path in sorted(set(paths), key=lambda one: one.count(".") + one.count("[")):
        if not any(path.startswith((f"{one}.", f"{one}[")) for one in kept):
            kept.append(path)
    return sorted(kept)
