"""An item whose issue was deleted in Jira gets another one, sent as if for the first time.

Jira keeps no trash.  The former link ends and stays as a row; the new issue is made by the ordinary
way of creation, so exactly once, and with all that the item has.
"""

from __future__ import annotations

from duolog.core.values import Side
from duolog.people.errors import Invalid, Outdated
from duolog.people.models import Member
from duolog.sync.basis.scopes import items_of
from duolog.sync.basis.wanting import want_issues
from duolog.sync.engine.moves import end
from duolog.sync.link import record
from duolog.sync.link.causes import Reason, WriteCause
from duolog.sync.marks import CREATE, INTERACTIVE, mark_binding
from duolog.sync.models import Link, LinkState


def may_be_sent_again(link: Link) -> bool:
    """Whether the link's item is still one that its binding sends."""
    return items_of(link.binding).filter(pk=link.work_item_id or 0).exists()


def send_again(by: Member, link: Link) -> None:
    """End the link and want another issue for its item, in the caller's transaction.

    Raises Invalid where the item is no longer sent, Outdated where the link has ended.
    """
    link = Link.objects.select_for_update(of=("self",)).select_related("work_item").get(pk=link.pk)
    if link.state == LinkState.ENDED:
        raise Outdated("This was decided already.")
    if not may_be_sent_again(link):
        name = link.work_item.key if link.work_item is not None else "The work item"
        raise Invalid(
            {"deletion": f"{name} is no longer sent to Jira by this binding: delete or unlink it."}
        )
    end(link)
    record.journal_event(link, Side.REMOTE, "ended", Reason(WriteCause.HERE, by.name))
    want_issues(link.binding, [link.work_item_id or 0])
    mark_binding(CREATE, link.binding, priority=INTERACTIVE)
