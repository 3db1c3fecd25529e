"""Fills an installation for the journeys.  Run as a program, with the server's environment."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

PASSWORD: Final = "correct-horse-9"
EMAIL: Final = "maya@fernhill.test"
OTHER_EMAIL: Final = "dario@fernhill.test"
TITLES: Final = (
    "Retry webhook deliveries that arrive while the worker restarts",
    "Rotate signing keys without dropping in-flight requests",
    "Move invoice PDFs to object storage",
    "Rate-limit budget per connection instead of per worker",
    "Idempotency keys for comment create calls",
    "Backfill worklogs older than 90 days in monthly slices",
    "Show which field caused a conflict in the inbox row",
    "Drop the legacy epic link field on Cloud sites",
)
DESCRIPTION: Final = """Invoice PDFs live on the app server's volume.

### Steps

1. Write both places behind `INVOICE_STORE=dual`
2. Backfill *oldest* first

| Region | Files |
| --- | --- |
| eu-north | 412,009 |

See [Panel: rollback](jira:panel/ab12cd) and <https://example.com>.
"""


def fill() -> None:
    """One workplace, two people, three teams, items in every status."""
    from django.utils import timezone

    from duolog.people.accounts import make_first_account
    from duolog.people.models import User
    from duolog.people.services import add_member
    from duolog.workplace.actors import Actor
    from duolog.workplace.services import (
        NewItem,
        add_comment,
        create_item,
        create_project,
        create_team,
        delete_item,
    )

    maya = make_first_account(
        email=EMAIL, name="Maya Lindqvist", password=PASSWORD, workplace="Fernhill"
    )
    user = User.objects.create_user(OTHER_EMAIL, PASSWORD, name="Dario Okafor")
    dario = add_member(maya.workplace, user, by=maya)
    actor = Actor.of(maya)
    team = create_team(maya.workplace, name="Platform", key_prefix="PLAT", actor=actor)
    create_team(maya.workplace, name="Mobile", key_prefix="MOB", actor=actor)
    project = create_project(maya.workplace, "Checkout revamp", actor=actor)
    today = timezone.now().date()
    names = [status.name for status in team.statuses.all()]
    for place, title in enumerate(TITLES):
        item = create_item(
            team,
            NewItem(
                title=title,
                status=names[place % 4],
                priority=("urgent", "high", "low")[place % 3],
                assignee=(maya, dario, None)[place % 3],
                labels=("sync", "data")[: place % 3],
                due_on=today + timedelta(days=place - 2) if place % 2 else None,
                description=DESCRIPTION if place == 2 else "",
                project=project if place % 2 else None,
            ),
            actor=actor,
        )
        if place < 3:
            add_comment(item.pk, "Can we keep the *old* one until January?", actor=Actor.of(dario))
    delete_item(item.pk, actor=actor)


if __name__ == "__main__":
    import django

    django.setup()
    fill()
