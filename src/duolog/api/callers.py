"""Who asks: by a token or by the session of the pages.  Rights are asked of `people.rights`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from duolog.api.limits import Limits
from duolog.api.problems import Problem, retry_header
from duolog.people.errors import Forbidden
from duolog.people.models import Member, Scope, User, Workplace
from duolog.people.needs import READING, must_enter, need_of, states
from duolog.people.queries import only_membership
from duolog.people.second_factor import must_set_up
from duolog.people.services import token_of
from duolog.people.tokens import hash_of
from duolog.workplace.actors import Actor
from duolog.workplace.models import Cause

LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Caller:
    """The member on whose behalf a request is made, what it may do, and by what way it came."""

    member: Member
    scope: Scope
    cause: Cause
    expires_on: date | None = None
    """The last day of the token the request came with, where it has one."""

    @property
    def workplace(self) -> Workplace:
        """The workplace the whole request is about."""
        return self.member.workplace

    @property
    def actor(self) -> Actor:
        """The author of what the request changes."""
        return Actor.of(self.member, self.cause)


class Bearer(HttpBearer):
    """A token of one member, for all or for reading only."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The token's member; None where it opens nothing."""
        found = token_of(token)
        if found is None:
            return None
        _count(hash_of(token))
        if found.scope == Scope.READ and request.method not in READING:
            raise Forbidden("This token only reads. Make one that writes.")
        return Caller(found.member, Scope(found.scope), Cause.API, found.expires_on)


class Session(APIKeyCookie):
    """The session of the pages, for scripts of our own origin: writes need the CSRF token.

    The header `X-Workplace` (a slug) names the workplace where the person has several.
    """

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Caller | None:
        """The signed-in person; None also where a token was sent, which alone counts then."""
        user = request.user
        if not isinstance(user, User) or "Authorization" in request.headers:
            return None
        if check_csrf(request) is not None:
            raise Problem(403, "Send the CSRF token of the page in the header X-CSRFToken.")
        return self.authenticate(request, user.email)

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """The membership that the request is about."""
        member = only_membership(key or "", request.headers.get("X-Workplace", ""))
        if must_set_up(member):
            raise Forbidden(
                "Set up your second factor first: this workplace asks its admins for it."
            )
        _count(f"session {member.pk}")
        return Caller(member, Scope.WRITE, Cause.PERSON)


def caller_of(request: HttpRequest) -> Caller:
    """The caller of a request that was let in."""
    caller = getattr(request, "auth", None)
    if not isinstance(caller, Caller):
        raise TypeError("This operation lets anybody in; it has no caller.")
    return caller


def checked(operation: Callable[..., Any]) -> Callable[..., Any]:
    """The operation, for callers who may have the right it states; without one nothing starts."""
    need = need_of(operation)

    @states(need.to_read, to_write=need.to_write, own=need.own)
    @wraps(operation)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        must_enter(caller_of(request).member, need, str(request.method))
        return operation(request, *args, **kwargs)

    return answer


def _count(caller: str) -> None:
    wait = LIMITS.take(caller)
    if wait is not None:
        raise Problem(429, "Wait a moment, then go on more slowly.", retry_header(wait))
