"""Who works at Fernhill.  Names, zones, tokens; no permissions."""

import base64
from dataclasses import replace
from uuid import UUID

from jirasim.seed.chance import seeded
from jirasim.site.credentials import ApiToken
from jirasim.site.model import EmailShown, User
from jirasim.site.state import State

DOMAIN = "fernhill.example"
SERVICE = ("Duolog Sync", "duolog-sync", "Etc/UTC", EmailShown.SHOWN)
PEOPLE = (
    ("Maya Lind", "maya", "Europe/Berlin", EmailShown.SHOWN),
    ("Aiko Tanabe", "aiko", "Asia/Tokyo", EmailShown.SHOWN),
    ("Jonas Weber", "jonas", "Europe/Zurich", EmailShown.SHOWN),
    ("Priya Nair", "priya", "Asia/Kolkata", EmailShown.ABSENT),
    ("Tomás Reyes", "tomas", "America/Lima", EmailShown.EMPTY),
)
FORMER = ("Lena Fuchs", "lena", "Europe/Berlin", EmailShown.NULL)


def add_people(state: State) -> None:
    """Put the accounts, their tokens and passwords into the state."""
    service = replace(_user(state.seed, SERVICE), site_admin=True)
    people = [_user(state.seed, one) for one in PEOPLE]
    former = replace(_user(state.seed, FORMER), active=False)
    for number, user in enumerate((service, *people, former), start=10000):
        state.users[user.account_id] = replace(user, key=f"JIRAUSER{number}")
    for user in (service, *people):
        token = _token(state, user)
        state.tokens[token.secret] = token
        state.passwords[user.account_id] = f"password of {user.display_name}"
    state.service_account = service.account_id
    state.people = tuple(user.account_id for user in people)


def _user(seed: int, person: tuple[str, str, str, EmailShown]) -> User:
    name, login, zone, shown = person
    return User(
        account_id=f"712020:{_uuid(seed, login)}",
        display_name=name,
        email=f"{login}@{DOMAIN}",
        name=login,
        email_shown=shown,
        time_zone=zone,
    )


def _uuid(seed: int, what: str) -> UUID:
    return UUID(int=seeded(seed, f"account/{what}").getrandbits(128), version=4)


def _token(state: State, user: User) -> ApiToken:
    bits = seeded(state.seed, f"token/{user.email}").getrandbits(192)
    personal = base64.b64encode(bits.to_bytes(24, "big")).decode()
    secret = f"ATATT3xFfGF0{bits:048x}" if state.product.cloud else personal
    return ApiToken(secret, user.account_id, label="from the seed")
