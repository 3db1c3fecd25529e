"""Saved filters as frozen values.  No rules."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """With whom a filter is shared; what says it depends on the `kind`, one of Jira's words."""

    id: str
    kind: str
    group: str | None = None
    project_id: str | None = None
    role: str | None = None
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A query with a name.  `favourites` are the accounts that marked it."""

    id: str
    name: str
    jql: str
    owner: str
    description: str = ""
    shares: tuple[Share, ...] = ()
    favourites: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()
