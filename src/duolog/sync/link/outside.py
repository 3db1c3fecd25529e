"""Links of an issue that are only shown here: kept as the last look at it told them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from duolog.jira.surroundings import OutsideLink as Told
from duolog.sync.models import Link, LinkState, OutsideLink
from duolog.workplace.models import WorkItem

_COLUMNS: Final = ("issue_id", "issue_key", "words")
_LONGEST_WORDS: Final = 255


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link to an issue that is no work item here, as Jira words it."""

    words: str
    issue_key: str
    issue_url: str


def outside_of(item: WorkItem) -> tuple[ShownLink, ...]:
    """The links of the item's issue that are only shown."""
    rows = OutsideLink.objects.filter(link__work_item=item).exclude(link__state=LinkState.ENDED)
    return tuple(
        ShownLink(row.words, row.issue_key, f"{url}/browse/{row.issue_key}")
        for row in rows.select_related("link__binding__connection")
        for url in [row.link.binding.connection.base_url]
    )


def shows_outside(link: Link, told: Iterable[Told]) -> bool:
    """Whether exactly these are kept."""
    kept = OutsideLink.objects.filter(link=link).values_list(*_COLUMNS)
    return sorted(kept) == sorted(_kept_form(told))


def keep_outside(link: Link, told: Sequence[Told]) -> None:
    """Keep these in place of those kept before; in the caller's transaction."""
    if shows_outside(link, told):
        return
    OutsideLink.objects.filter(link=link).delete()
    OutsideLink.objects.bulk_create(
        OutsideLink(link=link, issue_id=issue, issue_key=key, words=words)
        for issue, key, words in _kept_form(told)
    )


def _kept_form(told: Iterable[Told]) -> list[tuple[str, str, str]]:
    return [(each.issue_id, each.issue_key, each.words[:_LONGEST_WORDS]) for each in told]
