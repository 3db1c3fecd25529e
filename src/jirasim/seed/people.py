"""Who works at Fernhill: names, zones, groups, tokens.  Roles in projects are given elsewhere."""

import base64
from dataclasses import replace
from uuid import UUID

from jirasim.seed.chance import seeded
from jirasim.site.credentials import ApiToken
from jirasim.site.grants import Group
from jirasim.site.model import EmailShown, User
from jirasim.site.permissions import (
    ADMINISTRATORS,
    CUSTOMERS,
    DEFAULT_SCHEME,
    PUBLIC_SCHEME,
    USERS,
)
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
AUTOMATION = User(
    account_id="557058:f58131cb-b67d-43c7-b30d-6b58d40bd077",
    display_name="Automation for Jira",
    email="",
    email_shown=EmailShown.ABSENT,
    account_type="app",
)
"""The same on every site of Cloud [R]."""
CUSTOMER = ("Greta Solberg", "greta.solberg", "Europe/Oslo", EmailShown.ABSENT)
CLOSED = ("Former user", "former-user", "Etc/UTC", EmailShown.ABSENT)
TEAM = "fernhill-developers"
OTHER_GROUPS = ("site-admins", "system-administrators", CUSTOMERS)
GIVEN = "Ada Ben Chi Dov Eda Finn Gia Hugo Ines Jan Kim Liv Mats Nora Omar Pia Quin Rosa Sven Tea"
FAMILY = "Abel Bruun Costa Duarte Ek Farkas Grau Holm Ito Jensen Kovac Lange Moreau Novak Okoye"
ZONES = ("Europe/Berlin", "Europe/Lisbon", "America/New_York", "Asia/Singapore", "Etc/UTC")
LOCALES = ("en_US", "de_DE", "fr_FR", "en_UK")


def add_people(state: State, more: int = 0) -> None:
    """Put the accounts, their groups, tokens and passwords into the state.

    `more` people are made up; they have no token, no password and no project.  Cloud has an app,
    a customer of the service desk and a closed account besides.
    """
    add_groups(state)
    inside = frozenset({USERS})
    service = replace(_user(state.seed, SERVICE), groups=inside | {ADMINISTRATORS})
    people = [replace(_user(state.seed, one), groups=inside | {TEAM}) for one in PEOPLE]
    former = replace(_user(state.seed, FORMER), active=False)
    others = [_stranger(state.seed, number) for number in range(more)]
    if state.product.cloud:
        others += _strangers_of_cloud(state.seed)
    for number, user in enumerate((service, *people, former, *others), start=10000):
        state.users[user.account_id] = replace(user, key=f"JIRAUSER{number}")
    state.counters["user"] = 10000 + len(state.users) - 1
    for user in (service, *people):
        token = _token(state, user)
        state.tokens[token.secret] = token
        state.passwords[user.account_id] = f"password of {user.display_name}"
    state.service_account = service.account_id
    state.people = tuple(user.account_id for user in people)


def _strangers_of_cloud(seed: int) -> list[User]:
    customer = _user(seed, CUSTOMER)
    site = _uuid(seed, "customers")
    return [
        AUTOMATION,
        replace(
            customer,
            account_id=f"qm:{site}:{_uuid(seed, customer.name)}",
            account_type="customer",
            groups=frozenset({CUSTOMERS}),
        ),
        replace(_user(seed, CLOSED), email="", name="", active=False),
    ]


def add_groups(state: State) -> None:
    """The groups that a site begins with, and the permission schemes."""
    for name in (ADMINISTRATORS, USERS, TEAM, *OTHER_GROUPS):
        state.groups[name] = Group(str(_uuid(state.seed, f"group/{name}")), name)
    for scheme in (DEFAULT_SCHEME, PUBLIC_SCHEME):
        state.schemes[scheme.id] = scheme


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


def _stranger(seed: int, number: int) -> User:
    """Somebody with an account; every tenth has left, and e-mails are hidden in all ways."""
    given, family = GIVEN.split(), FAMILY.split()
    names = (given[number % len(given)], family[(number * 7 + number // 20) % len(family)])
    login = ".".join((*names, str(number))).lower()
    shown = tuple(EmailShown)[number % len(EmailShown)]
    zone, locale = ZONES[number % len(ZONES)], LOCALES[number % len(LOCALES)]
    made = _user(seed, (" ".join(names), login, zone, shown))
    active = number % 10 != 9
    groups = frozenset({USERS}) if active else frozenset[str]()
    return replace(made, locale=locale, active=active, groups=groups)


def _uuid(seed: int, what: str) -> UUID:
    return UUID(int=seeded(seed, f"account/{what}").getrandbits(128), version=4)


def _token(state: State, user: User) -> ApiToken:
    bits = seeded(state.seed, f"token/{user.email}").getrandbits(192)
    personal = base64.b64encode(bits.to_bytes(24, "big")).decode()
    secret = f"ATATT3xFfGF0{bits:048x}" if state.product.cloud else personal
    number = state.counters.get("personal access token", 0) + 1
    state.counters["personal access token"] = number
    return ApiToken(secret, user.account_id, label="from the seed", id=str(number))
