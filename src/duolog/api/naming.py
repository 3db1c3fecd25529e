"""The API says `parent_id` where our services say `parent`: one table per resource, both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from duolog.people.errors import Invalid


def renamed(fields: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    """The fields under the names of the services."""
    return {names.get(name, name): value for name, value in fields.items()}


@contextmanager
def named(names: Mapping[str, str]) -> Iterator[None]:
    """Let `Invalid` name the fields as the API does."""
    outside = {ours: theirs for theirs, ours in names.items()}
    try:
        yield
    except Invalid as invalid:
        errors = {outside.get(name, name): words for name, words in invalid.errors.items()}
        raise Invalid(errors) from invalid
