"""By which clocks a person lives, as they chose."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.db import transaction

from duolog.people.errors import Invalid
from duolog.people.models import User


def list_zones() -> tuple[str, ...]:
    """The zones a person may choose: UTC, then places by continent, in the order of the alphabet."""
    places = (name for name in available_timezones() if "/" in name)
    return ("UTC", *sorted(name for name in places if not name.startswith(("Etc/", "posix"))))


@transaction.atomic
def choose_zone(user: User, zone: str) -> User:
    """Have the user's days begin by the clocks of this zone; without one, as in Jira."""
    if zone and zone not in list_zones():
        raise Invalid({"zone": "Choose a time zone from the list, such as Europe/Berlin."})
    user.zone = zone
    user.save(update_fields=["zone"])
    return user
