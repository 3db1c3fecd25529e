"""Makes the whole demo in an empty database, and says how it is reached."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from duolog.demo.content import fernhill
from duolog.demo.items import make_items
from duolog.demo.pair import pair
from duolog.demo.people import make_people, make_teams
from duolog.people.services import create_api_token


def seed(jira: dict[str, Any]) -> dict[str, Any]:
    """Make everything, bring it in step, and answer how it is reached."""
    cast = make_people()
    teams = make_teams(cast)
    make_items(cast, teams)
    team = teams[fernhill.BOUND]
    binding, webhook_url = pair(cast, team, jira)
    _, token = create_api_token(cast.owner, name="demo")
    return {
        "duolog": {
            "url": settings.PUBLIC_URL,
            "email": cast.owner.user.email,
            "password": cast.password,
            "api_token": token,
            "workplace": cast.workplace.slug,
            "team_id": str(team.pk),
            "binding_id": str(binding.pk),
            "webhook_url": webhook_url,
        },
        "jira": jira,
    }
