"""Which work items and issues at the other ends of relations are linked, as one pass sees it.

Read once: what a pass has taken as not linked stays so until its end, whatever is linked or ended
meanwhile, so that neither side ever lacks a relation only because it was looked at later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from duolog.core.values import Slot
from duolog.sync.basis.ground import Ground
from duolog.sync.link.record import DELETION
from duolog.sync.models import DELETED, BaseSlot, Delivery, Hold, Link, LinkState


class Ends:
    """The other ends of the relations of one link's item and issue.

    An end counts as linked while its link lives and nobody has told of a deletion at it: what
    becomes of its relations is decided with its own fate.
    """

    def __init__(self, ground: Ground, link: Link) -> None:
        self._site = ground.binding.connection.base_url
        self._workplace = ground.binding.team.workplace_id
        self._link = link
        self._issue_of: dict[str, str | None] = {}
        self._item_of: dict[str, str | None] = {}

    def issues_of(self, item_ids: Sequence[str]) -> Mapping[str, str]:
        """The issue of each of these work items that is linked at this site."""
        asked = [it for it in item_ids if it not in self._issue_of]
        self._keep(
            asked, (), self._living().filter(work_item__in=map(int, asked)) if asked else None
        )
        return _present(self._issue_of, item_ids)

    def links_of(self, item_ids: Sequence[str]) -> Mapping[str, int]:
        """The link of each of these work items that is linked at this site, by now."""
        rows = self._living().filter(work_item__in=map(int, item_ids)) if item_ids else ()
        return {str(row.work_item_id): row.pk for row in rows}

    def items_of(self, issue_ids: Sequence[str]) -> Mapping[str, str]:
        """The work item of each of these issues that is linked."""
        asked = [it for it in issue_ids if it not in self._item_of]
        self._keep((), asked, self._living().filter(issue_id__in=asked) if asked else None)
        return _present(self._item_of, issue_ids)

    def _keep(
        self, items: Iterable[str], issues: Iterable[str], found: QuerySet[Link] | None
    ) -> None:
        rows = found.values_list("work_item_id", "issue_id") if found is not None else ()
        for item, issue in [(str(item), str(issue)) for item, issue in rows]:
            known = (self._issue_of.get(item, issue), self._item_of.get(issue, item))
            if known == (issue, item):
                self._issue_of[item], self._item_of[issue] = issue, item
        for item in items:
            self._issue_of.setdefault(item, None)
        for issue in issues:
            self._item_of.setdefault(issue, None)

    def _living(self) -> QuerySet[Link]:
        asked = Hold.objects.filter(link=OuterRef("pk"), slot_kind=DELETION, released_at=None)
        told = Delivery.objects.filter(
            connection=OuterRef("binding__connection"),
            issue_id=OuterRef("issue_id"),
            event=DELETED,
            taken_at=None,
        )
        rows = Link.objects.filter(
            binding__connection__base_url=self._site,
            work_item__team__workplace=self._workplace,
            work_item__deleted_at=None,
            work_item__isnull=False,
            issue_id__isnull=False,
        )
        return rows.exclude(state=LinkState.ENDED).exclude(Exists(asked)).exclude(Exists(told))

    def is_told_at_other_end(self, told: Slot, item_id: str) -> bool:
        """Whether that item's link has put it into Jira since a new issue was read back.

        New issues are read back many at once: what was linked with the first is missing in the
        last as it was read.
        """
        if self._link.state != LinkState.CREATING:
            return False  # its issue was not read in one go with others, so it was read late enough
        held = BaseSlot.objects.filter(
            link__work_item=int(item_id), kind=told.kind, key=told.key, remote=told.key
        )
        return held.exclude(link__state=LinkState.ENDED).exists()


def _present(known: Mapping[str, str | None], asked: Iterable[str]) -> dict[str, str]:
    return {it: found for it in asked if (found := known.get(it)) is not None}
