"""Stopping what runs: what was not sent yet stays here, left out until a person takes it in."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.people.audit import audit
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.sync.marks import FETCH, SEND
from duolog.sync.models import Binding, Link, LinkState, Run, RunState
from duolog.work.marks import forget

STOPPED: Final = "The send was stopped before this was sent."


def stop(by: Member, binding: Binding) -> Binding:
    """End what is being sent or fetched: what is not yet in Jira stays here, left out."""
    require(by, Right.BIND, team=binding.team)
    now = timezone.now()
    with transaction.atomic():
        runs = Run.objects.filter(binding=binding, state=RunState.RUNNING)
        if runs.update(state=RunState.STOPPED, finished_at=now):
            unsent = Link.objects.filter(
                binding=binding, state=LinkState.CREATING, issue_id=None, sent_at=None
            )
            unsent.update(state=LinkState.ENDED, reason=STOPPED, left_out=True, ended_at=now)
            forget(SEND, binding.pk)
            forget(FETCH, binding.pk)
            audit(by.workplace, by, "run stopped", str(binding))
    return binding
