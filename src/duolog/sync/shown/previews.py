"""What pages, API and command line show of previews.  Changes nothing, asks Jira nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from duolog.people.errors import NotFound
from duolog.people.models import Workplace
from duolog.sync.link import facts
from duolog.sync.models import Binding, EntryState, Preview, PreviewEntry, PreviewState


def find_preview(binding: Binding) -> Preview | None:
    """The latest preview of a binding, however far it is."""
    rows = Preview.objects.select_related(
        "binding__team__workplace", "binding__connection", "made_by__user"
    )
    return rows.filter(binding=binding).order_by("-pk").first()


def get_preview(binding: Binding) -> Preview:
    """The latest preview of a binding.  Raises NotFound."""
    preview = find_preview(binding)
    if preview is None:
        raise NotFound("This binding was never previewed. Pause it, then ask for a preview.")
    return preview


def get_preview_entry(workplace: Workplace, entry_id: int) -> PreviewEntry:
    """One entry of a preview of the workplace.  Raises NotFound."""
    rows = PreviewEntry.objects.select_related("preview__binding__team")
    entry = rows.filter(pk=entry_id, preview__binding__team__workplace=workplace).first()
    if entry is None:
        raise NotFound("There is no such entry, or it has been replaced by a newer one.")
    return entry


def list_entries(
    preview: Preview, *, act: str = "", state: str = "", after: int = 0, limit: int = 50
) -> Sequence[PreviewEntry]:
    """The entries of a preview in the order they were found, a page at a time."""
    rows = PreviewEntry.objects.select_related("work_item", "link").filter(
        preview=preview, pk__gt=after
    )
    if act:
        rows = rows.filter(act=act)
    if state:
        rows = rows.filter(state=state)
    return list(rows.order_by("pk")[:limit])


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries a preview has, by what they would do and by what became of them."""

    acts: Mapping[str, int]
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.acts.values())

    @property
    def open(self) -> int:
        """Those that run when all are approved."""
        return self.states.get(EntryState.OPEN, 0)


def count_entries(preview: Preview) -> Counts:
    """The counts, in two grouped reads."""
    rows = PreviewEntry.objects.filter(preview=preview).order_by()
    acts = rows.values_list("act").annotate(Count("pk"))
    states = rows.values_list("state").annotate(Count("pk"))
    return Counts(dict(acts), dict(states))


def is_outdated(preview: Preview) -> bool:
    """Whether the rules have changed since, so that all of it would be made anew."""
    is_open = preview.state in (PreviewState.MAKING, PreviewState.READY)
    return is_open and preview.rules != facts.of_rules(preview.binding)
