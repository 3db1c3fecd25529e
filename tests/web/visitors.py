"""Clients that are signed in without typing a password."""

from __future__ import annotations

from django.test import Client
from helpers.builders import a_member, a_team, a_workplace, the_owner

from duolog.people.models import Member, Role, Workplace
from duolog.web.views.entry import BACKEND

__all__ = ["a_guest", "a_team", "a_workplace", "signed_in", "the_owner"]


def signed_in(member: Member) -> Client:
    """A client whose session is the member's."""
    client = Client()
    client.force_login(member.user, BACKEND)
    return client


def a_guest(workplace: Workplace) -> Client:
    """Somebody who only reads."""
    return signed_in(a_member(workplace, name="Gus Guest", role=Role.GUEST))
