"""Reads about people for pages: memberships, members, invitations, tokens.  Writes nothing."""

from __future__ import annotations

from duolog.people.errors import Invalid, NotFound
from duolog.people.models import ApiToken, Invitation, Member, User, Workplace
from duolog.people.tokens import working_tokens


def has_users() -> bool:
    """Whether anybody can sign in yet."""
    return User.objects.exists()


def get_user(email: str) -> User:
    """The user who signs in with this e-mail, or `NotFound`."""
    found = User.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise NotFound(f"Nobody signs in with {email}.")
    return found


def is_email_of_another(email: str, user: User) -> bool:
    """Whether somebody else signs in with this address, in lower case."""
    return User.objects.filter(email=email).exclude(pk=user.pk).exists()


def find_membership(user: User, slug: str) -> Member | None:
    """The user's membership in the workplace of that address, unless they left it."""
    return (
        Member.objects.select_related("workplace", "user")
        .filter(user=user, workplace__slug=slug, left_at=None)
        .first()
    )


def get_workplace(slug: str) -> Workplace:
    """The workplace of that address, or `NotFound`."""
    found = Workplace.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(f"There is no workplace {slug}.")
    return found


def only_membership(email: str, slug: str = "") -> Member:
    """The membership of who signs in with this e-mail, in the named workplace or their only one.

    Raises `NotFound`, or `Invalid` where the workplace must be named.
    """
    mine = Member.objects.select_related("workplace", "user").filter(
        user__email=email.strip().lower(), user__is_active=True, left_at=None
    )
    named = list((mine.filter(workplace__slug=slug) if slug else mine).order_by("workplace__slug"))
    if not named:
        place = f"workplace {slug}" if slug else "any workplace"
        raise NotFound(f"{email} is not a member of {place}.")
    if len(named) > 1:
        slugs = ", ".join(member.workplace.slug for member in named)
        raise Invalid({"workplace": f"Say which workplace is meant: {slugs}."})
    return named[0]


def list_workplaces(user: User) -> tuple[Workplace, ...]:
    """The workplaces the user belongs to, by name."""
    mine = Workplace.objects.filter(members__user=user, members__left_at=None)
    return tuple(mine.order_by("name", "pk"))


def list_members(workplace: Workplace) -> tuple[Member, ...]:
    """Who belongs to the workplace now, by name."""
    members = Member.objects.select_related("user").filter(workplace=workplace, left_at=None)
    return tuple(members.order_by("user__name", "pk"))


def get_member(workplace: Workplace, member_id: int) -> Member:
    """Who belongs to the workplace now, or `NotFound`."""
    members = Member.objects.select_related("user").filter(workplace=workplace, left_at=None)
    found = members.filter(pk=member_id).first()
    if found is None:
        raise NotFound("There is no such member here.")
    return found


def list_open_invitations(workplace: Workplace) -> tuple[Invitation, ...]:
    """Invitations nobody has used, newest first; also those that are too old to be used."""
    unused = workplace.invitations.select_related("invited_by__user").filter(accepted_at=None)
    return tuple(unused.order_by("-pk"))


def has_account(email: str) -> bool:
    """Whether somebody signs in with this e-mail already."""
    return User.objects.filter(email=email).exists()


def list_tokens(member: Member) -> tuple[ApiToken, ...]:
    """The member's API tokens that still work, newest first."""
    return tuple(working_tokens().filter(member=member).order_by("-pk"))


def list_all_tokens(workplace: Workplace) -> tuple[ApiToken, ...]:
    """The tokens of everybody here that still work, by person, newest first."""
    tokens = working_tokens().select_related("member__user")
    here = tokens.filter(member__workplace=workplace)
    return tuple(here.order_by("member__user__name", "member_id", "-pk"))
