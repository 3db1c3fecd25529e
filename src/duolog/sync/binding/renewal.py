"""What a Jira project offers, read anew: once a day, after a refusal, and when a person asks.

A required field or a status that is new there, and one that is gone, is so seen; where the mapping
is incomplete by it, that is kept with the binding in sentences, and told.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from duolog.connections.services import client_for
from duolog.notifications.models import Kind
from duolog.notifications.services import notify
from duolog.people.models import Member, Role
from duolog.people.rights import Right, require
from duolog.sync.basis.scopes import page_of
from duolog.sync.binding.proposal import read_meta
from duolog.sync.discovery.polling import end, find_active
from duolog.sync.discovery.retrying import retry_holds
from duolog.sync.doctor.gaps import note_gaps
from duolog.sync.mapping import ProjectMeta
from duolog.sync.models import Binding, Hold
from duolog.work.queue import Job


def renew(job: Job) -> None:
    """Read anew what one binding's project offers.  Raises SyncError."""
    binding = find_active(job)
    meta = None if binding is None else _read(binding)
    with transaction.atomic():
        if binding is not None and meta is not None:
            keep_meta(binding, meta)
        end(job)


def renew_now(by: Member, binding: Binding) -> Binding:
    """The same for a person who waits for it.  Raises SyncError."""
    require(by, Right.BIND, team=binding.team)
    keep_meta(binding, _read(binding))
    binding.refresh_from_db()
    return binding


def _read(binding: Binding) -> ProjectMeta:
    return read_meta(client_for(binding.connection), binding.jira_project_id)


def keep_meta(binding: Binding, meta: ProjectMeta) -> None:
    """Keep what the project offers; where it is another than before, what is held is tried again."""
    with transaction.atomic():
        row = Binding.objects.select_for_update(of=("self",)).select_related(
            "team__workplace", "connection", "project"
        ).get(pk=binding.pk)  # fmt: skip
        before = ProjectMeta.from_json(row.project_meta)
        known = meta.to_json()
        if "ways" not in row.project_meta:
            del known["ways"]  # links never crossed: `link_types` learns them as a whole
        row.project_meta, row.meta_fetched_at = known, timezone.now()
        fresh = note_gaps(row)
        row.save(update_fields=["project_meta", "meta_fetched_at", "gaps"])
        if before != ProjectMeta.from_json(known):
            retry_holds(
                Hold.objects.filter(link__binding=row, released_at=None).exclude(
                    slot_kind="deletion"
                )
            )
        if fresh:
            _tell(row, fresh)


def _tell(binding: Binding, sentences: list[str]) -> None:
    """Tell those who can mend the mapping."""
    workplace = binding.team.workplace
    admins = Member.objects.filter(workplace=workplace, left_at=None)
    notify(
        admins.filter(role__in=[Role.OWNER, Role.ADMIN]),
        Kind.CONNECTION,
        f"The mapping of {binding} is incomplete now: {' '.join(sentences)}",
        f"{page_of(binding)}/mapping",
        actor_name=binding.connection.account_name,
    )
