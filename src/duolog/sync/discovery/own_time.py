"""A person's own worklogs on issues that are linked: their items take them in at once."""

from __future__ import annotations

from duolog.sync.marks import ask_to_look
from duolog.sync.models import Link, LinkState
from duolog.work.queue import Job
from duolog.worklogs.own.sending import send_own_worklogs


def send_own_time(job: Job) -> None:
    """Bring what a person wrote to Jira, and have the items of those issues look.

    Not every webhook tells of worklogs, and a poll may be minutes away.
    """
    sent = send_own_worklogs(job)
    if sent is None:
        return
    links = Link.objects.filter(binding__connection__base_url=sent.site, issue_id__in=sent.issues)
    ask_to_look(links.exclude(state=LinkState.ENDED).values_list("pk", flat=True))
