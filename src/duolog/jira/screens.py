"""Fills in the screen of a transition: from the mapping, from the issue, or by suggestion.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from duolog.core.errors import Refused
from duolog.jira.dialect import Dialect
from duolog.jira.exits import Asked, Exit, Shape
from duolog.jira.texts import texts_for
from duolog.jira.wire import Json, JsonObject

RESOLUTION: Final = "resolution"
USUAL_RESOLUTIONS: Final = ("done", "fixed", "resolved")


@dataclass(frozen=True, slots=True)
class Screens:
    """What the mapping says is to be filled in, by field, or by transition and field (`31:field`).

    A choice is named by its id, an account by its own; anything else is text.
    """

    given: Mapping[str, str]
    dialect: Dialect

    def value(self, way: Exit, asked: Asked) -> str | None:
        """What is to be filled in, or None where nobody said and nothing suggests itself."""
        said = self.given.get(f"{way.id}:{asked.key}") or self.given.get(asked.key)
        return said or (suggested(asked) if asked.is_required else None)

    def lacking(self, way: Exit, known: JsonObject) -> tuple[Asked, ...]:
        """The required fields that nothing is there for; `known` are the issue's own values."""
        return tuple(
            asked
            for asked in way.required
            if _kept(asked, known.get(asked.key), self.dialect) is None
            and (self.value(way, asked) is None or asked.shape is Shape.OTHER)
        )

    def fill(self, way: Exit, known: JsonObject) -> Filled:
        """The screen as it is sent.  Raises Refused for a value that cannot be one."""
        filled = Filled()
        for asked in way.asks:
            value = self.value(way, asked)
            kept = _kept(asked, known.get(asked.key), self.dialect) if asked.is_required else None
            if value is None and kept is None:
                continue
            there = kept if value is None else _encode(asked, value, self.dialect)
            if asked.shape is Shape.COMMENT:
                filled.update[asked.key] = [{"add": {"body": there}}]
            else:
                filled.fields[asked.key] = there
        return filled


@dataclass(frozen=True, slots=True)
class Filled:
    """What is sent with a transition."""

    fields: dict[str, Json] = field(default_factory=dict)
    update: dict[str, Json] = field(default_factory=dict)


def suggested(asked: Asked) -> str | None:
    """The choice that suggests itself: of resolutions the one called Done."""
    if asked.key != RESOLUTION:
        return None
    by_name = {name.casefold(): choice for choice, name in asked.choices}
    return next((by_name[name] for name in USUAL_RESOLUTIONS if name in by_name), None)


def names_of(fields: Sequence[Asked]) -> str:
    """The fields in words."""
    return ", ".join(asked.name for asked in fields)


def _encode(asked: Asked, value: str, dialect: Dialect) -> Json:
    choice: dict[str, Json] = {"id": value}
    match asked.shape:
        case Shape.CHOICE:
            return choice
        case Shape.CHOICES:
            return [choice]
        case Shape.WORDS:
            return [*value.split()]
        case Shape.ACCOUNT:
            return {dialect.account_key: value}
        case Shape.NUMBER:
            return _number(asked, value)
        case Shape.TEXT | Shape.RICH_TEXT | Shape.COMMENT | Shape.OTHER:
            return _text(asked, value, dialect)


def _text(asked: Asked, value: str, dialect: Dialect) -> Json:
    is_rich = asked.shape is not Shape.TEXT and asked.shape is not Shape.OTHER
    return texts_for(dialect.deployment).there(value, None) if is_rich else value


def _number(asked: Asked, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise Refused(
            f"{asked.name} takes a number, and the mapping says {value!r}.",
            hint="Correct it under Transition screens in the mapping of this binding.",
        ) from None


def _kept(asked: Asked, present: Json, dialect: Dialect) -> Json:
    """What the issue holds already, as Jira takes it; None where it holds nothing usable."""
    if asked.shape is Shape.ACCOUNT and isinstance(present, dict):
        account = present.get(dialect.account_key)
        return {dialect.account_key: account} if account else None
    if asked.shape is Shape.CHOICE and isinstance(present, dict):
        return {"id": present["id"]} if present.get("id") else None
    if asked.shape in {Shape.TEXT, Shape.RICH_TEXT, Shape.NUMBER, Shape.WORDS}:
        return present or None
    return None
