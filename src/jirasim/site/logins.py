"""Logging in to Server with a name and a password, and the sessions of it (jira.md 2.3)."""

import secrets
from dataclasses import replace
from enum import Enum

from jirasim.site.credentials import LoginRecord
from jirasim.site.model import User
from jirasim.site.state import Site


class Outcome(Enum):
    """What Jira says to a name and a password."""

    OK = "OK"
    FAILED = "AUTHENTICATED_FAILED"
    DENIED = "AUTHENTICATION_DENIED"


def try_password(
    site: Site, name: str, password: str, *, solved: bool = False
) -> tuple[Outcome, User | None]:
    """Judge a login and remember how it went.

    After too many failures even the right password is denied, until somebody logs in on the page
    and has `solved` the CAPTCHA there.
    """
    user = site.find_login(name)
    if user is None:
        return Outcome.FAILED, None
    right = user.active and site.state.passwords.get(user.account_id) == password
    if must_solve(site, user) and not solved:
        _count_failure(site, user)
        return Outcome.DENIED, user
    if not right:
        _count_failure(site, user)
        return Outcome.FAILED, user
    _count_success(site, user)
    return Outcome.OK, user


def must_solve(site: Site, user: User) -> bool:
    """Whether the account needs a CAPTCHA by now; a limit of 0 switches that off."""
    limit = site.state.settings.captcha_after
    return 0 < limit <= record(site, user).failed


def record(site: Site, user: User) -> LoginRecord:
    """How logging in went for this account so far."""
    return site.state.access.logins.get(user.account_id, LoginRecord())


def forgive(site: Site, user: User) -> None:
    """Forget the failures, as an administrator may."""
    _keep(site, user, replace(record(site, user), failed=0))


def open_session(site: Site, user: User) -> str:
    """A session of the user; returns its id, the value of the cookie."""
    number = secrets.token_hex(16).upper()
    site.state.access.sessions[number] = user.account_id
    site.revision += 1
    return number


def session_user(site: Site, number: str) -> User | None:
    """Whose session this is; nobody's once the account is switched off."""
    user = site.state.users.get(site.state.access.sessions.get(number, ""))
    return user if user is not None and user.active else None


def close_session(site: Site, number: str) -> None:
    """End a session, if there is one."""
    site.state.access.sessions.pop(number, None)
    site.revision += 1


def _count_failure(site: Site, user: User) -> None:
    before = record(site, user)
    after = replace(
        before,
        failed=before.failed + 1,
        failed_ever=before.failed_ever + 1,
        last_failed=site.now(),
    )
    _keep(site, user, after)


def _count_success(site: Site, user: User) -> None:
    before = record(site, user)
    _keep(
        site,
        user,
        replace(before, failed=0, count=before.count + 1, previous=before.last, last=site.now()),
    )


def _keep(site: Site, user: User, after: LoginRecord) -> None:
    site.state.access.logins[user.account_id] = after
    site.revision += 1
