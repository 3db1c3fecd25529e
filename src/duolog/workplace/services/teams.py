"""Every write to teams and who belongs to them."""

from __future__ import annotations

import re
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.people.audit import audit
from duolog.people.errors import Forbidden, Invalid, NotFound
from duolog.people.models import Member, Role, Workplace
from duolog.people.rights import Right
from duolog.people.text import read_name
from duolog.people.tokens import Clock
from duolog.workplace.actors import Actor
from duolog.workplace.lookups import lock_team
from duolog.workplace.models import Stage, Status, Team, TeamMember

_FIRST_STATUSES: Final = (
    ("Backlog", Stage.DRAFT),
    ("To do", Stage.TO_DO),
    ("In progress", Stage.IN_PROGRESS),
    ("In review", Stage.IN_PROGRESS),
    ("Done", Stage.DONE),
    ("Canceled", Stage.CANCELED),
)
_PREFIX: Final = re.compile(r"[A-Z][A-Z0-9]{1,9}")


@transaction.atomic
def create_team(workplace: Workplace, *, name: str, key_prefix: str, actor: Actor) -> Team:
    """A team with the usual statuses; the acting member belongs to it as its admin."""
    _require_here(workplace, actor)
    actor.must(Right.CREATE_TEAM)
    prefix = key_prefix.strip().upper()
    if not _PREFIX.fullmatch(prefix):
        raise Invalid({"key_prefix": "A prefix has 2 to 10 letters or digits, a letter first."})
    Workplace.objects.select_for_update(no_key=True).get(pk=workplace.pk)
    if workplace.teams.filter(is_hidden=True).exists():
        raise Invalid(
            {"name": "Teams are turned off here. An admin turns them on in the settings."}
        )
    if workplace.teams.filter(key_prefix=prefix).exists():
        raise Invalid({"key_prefix": f"Another team has the prefix {prefix}."})
    team = Team.objects.create(
        workplace=workplace, name=read_name(name, most=80), key_prefix=prefix
    )
    Status.objects.bulk_create(
        Status(team=team, name=label, stage=stage, position=position)
        for position, (label, stage) in enumerate(_FIRST_STATUSES)
    )
    if actor.member is not None:
        TeamMember.objects.create(team=team, member=actor.member, is_admin=True)
    audit(workplace, actor.member, "team created", f"{team.name} ({prefix})")
    return team


@transaction.atomic
def rename_team(team_id: int, name: str, *, actor: Actor) -> Team:
    """Give the team another name; its prefix, and so the keys of its items, stay."""
    team = lock_team(team_id, actor)
    team.name = read_name(name, most=80)
    team.save(update_fields=["name"])
    audit(team.workplace, actor.member, "team renamed", team.name)
    return team


@transaction.atomic
def archive_team(team_id: int, *, actor: Actor, clock: Clock = timezone.now) -> Team:
    """Take the team out of sight; its items keep their keys and stay readable."""
    team = lock_team(team_id, actor)
    if team.is_hidden:
        raise Invalid({"team": "Turn teams on first: all items are in this one."})
    if team.archived_at is None:
        team.archived_at = clock()
        team.save(update_fields=["archived_at"])
        audit(team.workplace, actor.member, "team archived", team.name)
    return team


@transaction.atomic
def add_team_member(
    team_id: int, member_id: int, *, actor: Actor, is_admin: bool = False
) -> TeamMember:
    """Have the member in the team, as its admin or not."""
    team = lock_team(team_id, actor)
    member = Member.objects.filter(
        pk=member_id, workplace_id=team.workplace_id, left_at=None
    ).first()
    if member is None:
        raise NotFound("There is no such member in this workplace.")
    if is_admin and member.role == Role.GUEST:
        raise Invalid({"is_admin": f"{member} is a guest, who only reads. Make them member first."})
    membership, _ = TeamMember.objects.update_or_create(
        team=team, member=member, defaults={"is_admin": is_admin}
    )
    audit(team.workplace, actor.member, "team member added", f"{member} to {team.name}")
    return membership


@transaction.atomic
def remove_team_member(team_id: int, member_id: int, *, actor: Actor) -> None:
    """Have the member out of the team; what is assigned to them stays so."""
    team = lock_team(team_id, actor)
    place = TeamMember.objects.filter(team=team, member_id=member_id).first()
    if place is not None:
        place.delete()
        audit(team.workplace, actor.member, "team member removed", f"{place.member} of {team.name}")


def _require_here(workplace: Workplace, actor: Actor) -> None:
    if actor.member is not None and actor.member.workplace_id != workplace.pk:
        raise Forbidden("You are not a member of this workplace.")
