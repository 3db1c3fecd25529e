"""What runs once a binding is stored: both sides are brought together, then watched for ever."""

from __future__ import annotations

from typing import Final

from django.conf import settings

from duolog.connections.services import open_lane
from duolog.sync.binding.preview import make_anew
from duolog.sync.creation.pairing import take_over
from duolog.sync.doctor.gaps import accept_gaps
from duolog.sync.marks import (
    BACKGROUND,
    COMPARE,
    CREATE,
    EPIC,
    FETCH,
    POLL,
    SEND,
    SWEEP,
    ask_to_look,
    mark_binding,
)
from duolog.sync.models import Binding, BindingState, Link, LinkState, Run, RunKind, Start
from duolog.sync.tidy import keep_tidy
from duolog.sync.webhook_care import follow_bindings
from duolog.work.marks import mark

SWEEP_EVERY: Final = 3600.0
COMPARE_EVERY: Final = 86_400.0


def begin(binding: Binding) -> Binding:
    """Store it and have everything run that follows, in the caller's transaction."""
    accept_gaps(binding)
    binding.save()
    if binding.state == BindingState.PREVIEW:
        open_lane(binding.connection)
        make_anew(binding, binding.created_by)
    else:
        _start(binding)
    take_over(binding)
    follow_bindings(binding.connection)
    return binding


def _start(binding: Binding) -> None:
    """What must run: first both sides are brought together, then polled and swept for ever."""
    open_lane(binding.connection)
    kinds = []
    if binding.start_jira == Start.EVERYTHING and binding.is_two_way:
        kinds.append(RunKind.FETCH)
    if binding.start == Start.EVERYTHING:
        kinds.append(RunKind.SEND)
    for kind in kinds:
        Run.objects.create(binding=binding, kind=kind)
    if binding.project_id is not None:
        mark_binding(EPIC, binding)
    elif kinds:
        mark_binding(FETCH if RunKind.FETCH in kinds else SEND, binding)
    keep_watching(binding)


def go_live(binding: Binding) -> None:
    """What was previewed works from now on, in the caller's transaction."""
    binding.state = BindingState.ACTIVE
    binding.save(update_fields=["state"])
    _start(binding)
    look_at_all(binding)


def keep_watching(binding: Binding) -> None:
    """Poll, sweep and compare from now on."""
    lane, every = binding.connection.lane, settings.POLL_EVERY.total_seconds()
    mark(POLL, binding.pk, lane=lane, due_in=every, every=every)
    mark(SWEEP, binding.pk, lane=lane, due_in=SWEEP_EVERY, every=SWEEP_EVERY)
    mark(
        COMPARE,
        binding.pk,
        lane=lane,
        priority=BACKGROUND,
        due_in=COMPARE_EVERY,
        every=COMPARE_EVERY,
    )
    keep_tidy()


def look_at_all(binding: Binding) -> None:
    """Every link is looked at again, whatever it believes to know."""
    live = Link.objects.filter(binding=binding).exclude(state=LinkState.ENDED)
    ask_to_look(live.exclude(state=LinkState.CREATING).values_list("pk", flat=True))
    mark_binding(CREATE, binding)
