"""Makes the whole demo in an empty database, and says how it is reached."""

from __future__ import annotations

from typing import Any

import httpx2
from django.conf import settings

from duolog.connections.oauth_app import callback_url
from duolog.demo.content import fernhill
from duolog.demo.items import make_items
from duolog.demo.pair import pair
from duolog.demo.people import make_people, make_teams
from duolog.people.services import create_api_token


def seed(jira: dict[str, Any]) -> dict[str, Any]:
    """Make everything, bring it in step, and answer how it is reached."""
    jira = _with_our_callback(jira)
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


def _with_our_callback(jira: dict[str, Any]) -> dict[str, Any]:
    """Have the simulated Atlassian send people back to us; Server has no such app."""
    if "oauth" not in jira:
        return jira
    app = {**jira["oauth"], "redirect_uris": [callback_url()]}
    changed = {name: app[name] for name in ("client_id", "redirect_uris")}
    httpx2.post(f"{jira['url']}/_sim/oauth/apps", json=changed).raise_for_status()
    return {**jira, "oauth": app}
