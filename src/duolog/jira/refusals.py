"""The reasons Jira gives in an answer, out of its three shapes of error body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic_core import from_json

from duolog.jira.call import Answer

LONGEST_TEXT: Final = 500  # characters; a refusal is shown to people and stored


@dataclass(frozen=True, slots=True)
class Reasons:
    """What Jira objected to: sentences of its own, and sentences by its name of the field.

    `of_gateway` when Atlassian's gateway said so and no Jira did: it has a shape of its own.
    """

    sentences: tuple[str, ...]
    fields: Mapping[str, str]
    of_gateway: bool = False

    @property
    def text(self) -> str:
        """All of it in one line, cut to a readable length."""
        by_field = (f"{field}: {sentence}" for field, sentence in self.fields.items())
        line = "; ".join(" ".join(it.split()).rstrip(".") for it in (*self.sentences, *by_field))
        return line if len(line) <= LONGEST_TEXT else f"{line[:LONGEST_TEXT]}…"


def reasons_in(answer: Answer) -> Reasons:
    """The reasons in an error answer; none when its body is a page, or cut, or foreign."""
    try:
        body = from_json(answer.body)
    except ValueError:
        return Reasons((), {})
    if not isinstance(body, dict):
        return Reasons((), {})
    listed = body.get("errorMessages")
    single = body.get("message")
    by_field = body.get("errors")
    sentences = [it for it in listed if isinstance(it, str)] if isinstance(listed, list) else []
    if isinstance(single, str):
        sentences.append(single)
    of_gateway = isinstance(body.get("code"), int) and listed is None and by_field is None
    return Reasons(tuple(sentences), _texts(by_field), of_gateway)


def _texts(by_field: object) -> Mapping[str, str]:
    if not isinstance(by_field, dict):
        return {}
    return {str(field): it for field, it in by_field.items() if isinstance(it, str)}
