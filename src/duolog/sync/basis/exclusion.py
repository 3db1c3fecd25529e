"""What was not approved stays out: a link that ended before it began, or was put to rest.

No pass looks at such a link, no list wants its item, no poll takes in its issue.
"""

from __future__ import annotations

from django.utils import timezone

from duolog.sync.basis.ground import new_token
from duolog.sync.models import Binding, EntryState, Link, LinkState, PreviewEntry

WORDS = "Left out when the preview was approved."


def keep_out(binding: Binding, entry: PreviewEntry) -> None:
    """Leave it out, in the caller's transaction; again does nothing."""
    if entry.link_id is None:
        entry.link = _link_to_nowhere(binding, entry)
    Link.objects.filter(pk=entry.link.pk if entry.link else 0).update(
        state=LinkState.ENDED, reason=WORDS, left_out=True, ended_at=timezone.now()
    )
    entry.state = EntryState.LEFT_OUT
    entry.save(update_fields=["state", "link"])


def _link_to_nowhere(binding: Binding, entry: PreviewEntry) -> Link:
    item, issue_id = entry.work_item, entry.issue_id or None
    rows = Link.objects.filter(binding=binding, left_out=True)
    known = rows.filter(issue_id=issue_id) if issue_id else rows.filter(work_item=item)
    return known.first() or Link.objects.create(
        binding=binding,
        work_item=item,
        issue_id=issue_id,
        issue_key=entry.issue_key,
        state=LinkState.ENDED,
        token=new_token(),
        left_out=True,
    )


def take_in(binding: Binding, entry: PreviewEntry) -> None:
    """What was left out may begin, or go on with what both sides last held."""
    out = Link.objects.filter(binding=binding, left_out=True)
    if entry.issue_id:
        out = out.filter(issue_id=entry.issue_id)
    else:
        out = out.filter(work_item=entry.work_item_id)
    begun = out.filter(work_item__isnull=False, issue_id__isnull=False)
    begun.update(state=LinkState.IN_STEP, reason="", left_out=False, ended_at=None)
    PreviewEntry.objects.filter(pk=entry.pk, link__in=out).update(link=None)
    out.delete()
