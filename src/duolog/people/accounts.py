"""Making accounts: the first one of an installation, and one for an invited person."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from duolog.core.worklogs import UnknownZone, read_zone
from duolog.people.errors import Forbidden, Invalid
from duolog.people.models import Member, Role, User, Workplace
from duolog.people.queries import has_users
from duolog.people.services import accept, add_member, create_workplace, find_invitation


@transaction.atomic
def make_first_account(*, email: str, name: str, password: str, workplace: str) -> Member:
    """The owner of the first workplace, while nobody can sign in yet."""
    if has_users():
        raise Forbidden("There is an account already. Ask its owner for an invitation.")
    user = _new_user(email=email, name=name, password=password)
    made: Workplace = create_workplace(name=workplace, owner=user)
    return made.members.select_related("user", "workplace").get(user=user)


@transaction.atomic
def make_owner(*, email: str, name: str, password: str, workplace: str) -> Member:
    """An account that owns the workplace of that address or name, which is made where it is missing.

    For the command line, whose user holds the installation itself and needs no right.
    """
    user = _new_user(email=email, name=name, password=password)
    asked = workplace.strip()
    here = Workplace.objects.filter(slug=asked).first()
    if here is None:
        here = create_workplace(name=asked, owner=user, by_command_line=True)
    else:
        add_member(here, user, role=Role.OWNER)
    return here.members.select_related("user", "workplace").get(user=user)


@transaction.atomic
def join_with_new_account(plain: str, *, name: str, password: str) -> Member:
    """An account for the invited address, which joins at once by the link's secret."""
    invitation = find_invitation(plain)
    if invitation is None:
        raise Invalid({"link": "This invitation was used or is too old. Ask for a new one."})
    user = _new_user(email=invitation.email, name=name, password=password)
    return accept(plain, user)


@transaction.atomic
def choose_zone(user: User, zone: str) -> User:
    """Have the user's days begin by the clocks of this zone; empty leaves it to their Jira."""
    if zone:
        try:
            read_zone(zone)
        except UnknownZone as unknown:
            raise Invalid({"zone": str(unknown)}) from unknown
    user.zone = zone
    user.save(update_fields=["zone"])
    return user


@transaction.atomic
def rename_user(user: User, name: str) -> User:
    """Give the user another name, which all their workplaces show."""
    user.name = _name(name)
    user.save(update_fields=["name"])
    return user


def vouch_for_email(user: User) -> None:
    """Have the address a user signs in with count as confirmed.

    It is: an administrator invited it, or its owner confirmed it when they changed to it.
    """
    EmailAddress.objects.filter(user=user).exclude(email=user.email).update(primary=False)
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def _new_user(*, email: str, name: str, password: str) -> User:
    address = email.strip().lower()
    errors = {}
    try:
        validate_email(address)
    except ValidationError:
        errors["email"] = "Write a whole e-mail address, such as ann@example.com."
    if User.objects.filter(email=address).exists():
        errors["email"] = f"{address} has an account already. Sign in with it."
    try:
        validate_password(password, User(email=address, name=name))
    except ValidationError as weak:
        errors["password"] = " ".join(weak.messages)
    if not name.strip():
        errors["name"] = "Write the name others see."
    if errors:
        raise Invalid(errors)
    user = User.objects.create_user(address, password, name=_name(name))
    vouch_for_email(user)
    return user


def _name(name: str) -> str:
    shown = " ".join(name.split())
    if not shown or len(shown) > 120:
        raise Invalid({"name": "Write a name of at most 120 characters."})
    return shown
