"""Sealed secrets as a whole: how they stand, and sealing them all anew with the newest key.

A secret at rest lies in a binary column whose name begins with `sealed_`, which is how it is found;
or in a text of a JSON column that a package keeps, which is named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import models

from duolog.connections.seal import reseal

PREFIX: Final = "sealed_"
IN_JSON: Final = (("mfa", "Authenticator", "data"),)
"""Columns of packages whose texts are sealed where they begin as sealed texts do."""
_BEGINNING: Final = "gAAAAA"


class Standing(StrEnum):
    """Which key opens a sealed secret."""

    NEWEST = "newest"
    OLDER = "older"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One column with sealed secrets."""

    model: type[models.Model]
    field: str

    def __str__(self) -> str:
        return f"{self.model.__name__}.{self.field}"


@dataclass(frozen=True, slots=True)
class Resealed:
    """What was done to a column; `unknown` ones stay as they are."""

    column: Sealed
    resealed: int
    unknown: int


def sealed_columns() -> tuple[Sealed, ...]:
    """Every column with sealed secrets, of all apps."""
    ours = [
        Sealed(model, name)
        for model in apps.get_models()
        for name in vars(model)
        if name.startswith(PREFIX)
    ]
    of_packages = [Sealed(apps.get_model(app, model), field) for app, model, field in IN_JSON]
    return (*ours, *of_packages)


def standing_of(sealed: bytes) -> Standing:
    """Which key opens it."""
    newest, *_ = settings.ENCRYPTION_KEYS
    if _opens(Fernet(newest), sealed):
        return Standing.NEWEST
    every = MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])
    return Standing.OLDER if _opens(every, sealed) else Standing.UNKNOWN


def count_standings() -> dict[Standing, int]:
    """How many secrets each kind of key opens."""
    counts = dict.fromkeys(Standing, 0)
    for column in sealed_columns():
        for _, value in _rows(column):
            for sealed in _sealed_in(value):
                counts[standing_of(sealed)] += 1
    return counts


def reseal_everything() -> tuple[Resealed, ...]:
    """Seal with the newest key whatever an older one sealed.

    Each value is exchanged for exactly the one that was read: what somebody replaced meanwhile,
    which is sealed with the newest key already, stays.  Doing it twice changes nothing more.
    """
    return tuple(_reseal_column(column) for column in sealed_columns())


def _reseal_column(column: Sealed) -> Resealed:
    resealed = unknown = 0
    for pk, value in _rows(column):
        standings = {standing_of(sealed) for sealed in _sealed_in(value)}
        unknown += Standing.UNKNOWN in standings
        if Standing.OLDER in standings:
            unchanged = {"pk": pk, column.field: value}
            anew = {column.field: _with_each(value, _resealed)}
            resealed += models.QuerySet(column.model).filter(**unchanged).update(**anew)
    return Resealed(column, resealed, unknown)


def _rows(column: Sealed) -> Iterator[tuple[Any, Any]]:
    rows: models.QuerySet[Any] = models.QuerySet(column.model).exclude(**{column.field: None})
    for pk, value in rows.values_list("pk", column.field).iterator():
        yield pk, bytes(value) if isinstance(value, memoryview) else value


def _sealed_in(value: Any) -> Iterator[bytes]:
    """A forgotten secret is an empty value."""
    if isinstance(value, bytes) and value:
        yield value
    elif isinstance(value, str) and value.startswith(_BEGINNING):
        yield value.encode()
    elif isinstance(value, dict):
        for each in value.values():
            yield from _sealed_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _sealed_in(each)


def _with_each(value: Any, change: Callable[[bytes], bytes]) -> Any:
    """The same value with every sealed secret in it changed."""
    if isinstance(value, bytes):
        return change(value)
    if isinstance(value, str) and value.startswith(_BEGINNING):
        return change(value.encode()).decode()
    if isinstance(value, dict):
        return {name: _with_each(each, change) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_each(each, change) for each in value]
    return value


def _resealed(sealed: bytes) -> bytes:
    return reseal(sealed) if standing_of(sealed) == Standing.OLDER else sealed


def _opens(box: Fernet | MultiFernet, sealed: bytes) -> bool:
    try:
        box.decrypt(sealed)
    except InvalidToken:
        return False
    return True
