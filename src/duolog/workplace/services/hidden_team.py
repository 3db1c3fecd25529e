"""Turning teams off and on: one hidden team then gives prefix and statuses (ruling 21)."""

from __future__ import annotations

import re

from django.db import transaction

from duolog.people.audit import audit
from duolog.people.errors import Invalid
from duolog.people.models import Workplace
from duolog.people.rights import Right
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team
from duolog.workplace.services.teams import create_team


@transaction.atomic
def turn_teams_off(workplace: Workplace, *, actor: Actor) -> Team:
    """Have everything done at the level of projects, in the one team there is, or in a new one.

    Refused while several teams are at work: their items would have no place to be seen at.
    """
    actor.must(Right.CREATE_TEAM)
    Workplace.objects.select_for_update(no_key=True).get(pk=workplace.pk)
    teams = list(workplace.teams.filter(archived_at=None)[:2])
    if len(teams) > 1:
        raise Invalid(
            {"teams": "Several teams are at work here. Archive all but one, then turn teams off."}
        )
    if teams:
        team = teams[0]
    else:
        prefix = _free_prefix(workplace)
        team = create_team(workplace, name=workplace.name[:80], key_prefix=prefix, actor=actor)
    if not team.is_hidden:
        team.is_hidden = True
        team.save(update_fields=["is_hidden"])
        audit(workplace, actor.member, "teams turned off")
    return team


@transaction.atomic
def turn_teams_on(workplace: Workplace, *, actor: Actor) -> None:
    """Show the team again, with name, people and all it had."""
    actor.must(Right.CREATE_TEAM)
    if Team.objects.filter(workplace=workplace, is_hidden=True).update(is_hidden=False):
        audit(workplace, actor.member, "teams turned on")


def _free_prefix(workplace: Workplace) -> str:
    letters = re.sub(r"[^A-Z0-9]", "", workplace.slug.upper()).lstrip("0123456789")
    base = letters[:4] if len(letters) > 1 else "ITEM"
    taken = set(workplace.teams.values_list("key_prefix", flat=True))
    tried = [base, *(f"{base}{number}" for number in range(2, 100))]
    return next(prefix for prefix in tried if prefix not in taken)
