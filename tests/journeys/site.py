"""Fills an installation for the journeys; imported in a process whose Django is set up."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from journeys.cast import DESCRIPTION, EMAIL, OTHER_EMAIL, PASSWORD, TITLES, WAYS, owner_of

from duolog.people.accounts import make_first_account, make_owner
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


def fill() -> None:
    """One workplace, two people, three teams, items in every status."""
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


def fill_ways() -> None:
    """A workplace with one empty team for each way to connect, all apart from each other."""
    for way in WAYS:
        owner = make_owner(
            email=owner_of(way), name="Maya Lindqvist", password=PASSWORD, workplace=way.title()
        )
        create_team(owner.workplace, name="Platform", key_prefix="PLAT", actor=Actor.of(owner))
