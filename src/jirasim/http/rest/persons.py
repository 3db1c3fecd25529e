"""Whom a request is about, and who matches what was typed: shared by all lists of people."""

from collections.abc import Iterable, Mapping

from jirasim.http.endpoint import Call
from jirasim.http.rest.permissions import require_administrator
from jirasim.site.errors import Refusal
from jirasim.site.model import EmailShown, User
from jirasim.site.permissions import may

UNKNOWN = "Specified user does not exist or you do not have required permissions"
NEITHER = "Either the 'username' or the 'key' query parameters need to be provided"
STRICT = "The query parameter '{}' is not supported in GDPR strict mode."
EVERYBODY = frozenset({".", "%"})
"""What Server takes for all users (its document names the dot)."""


def requested(call: Call, *, missing: int = 404) -> User:
    """The user of the query: by account on Cloud, by login name or key on Server.

    Raises Refusal: `missing` where nobody is named, 404 where nobody is found.
    """
    if call.product.cloud:
        refuse_names(call)
        named = call.query.get("accountId")
        if not named:
            raise Refusal(missing, "The 'accountId' query parameter needs to be provided")
        return known(call, named)
    name, key = call.query.get("username"), call.query.get("key") or call.query.get("userKey")
    if name:
        found = call.site.find_login(name)
    elif key:
        found = next((one for one in call.site.state.users.values() if one.key == key), None)
    else:
        raise Refusal(missing, NEITHER)
    if found is None:
        what = f"The user named '{name}'" if name else f"The user with the key '{key}'"
        raise Refusal(404, f"{what} does not exist")
    return found


def known(call: Call, account_id: str) -> User:
    """A user of Cloud.  Raises Refusal 404."""
    found = call.site.state.users.get(account_id)
    if found is None:
        raise Refusal(404, UNKNOWN)
    return found


def refuse_names(call: Call) -> None:
    """Cloud knows no login names since 2019.  Raises Refusal 400."""
    for name in ("username", "key", "userKey"):
        if name in call.query:
            raise Refusal(400, STRICT.format(name))


def own_or_administered(call: Call) -> User:
    """The caller, or the user that an administrator names.  Raises Refusal 403, 404."""
    if not any(name in call.query for name in ("accountId", "username", "key", "userKey")):
        return call.user
    found = requested(call)
    if found.account_id != call.user.account_id:
        require_administrator(call)
    return found


def may_browse(call: Call) -> bool:
    """Whether the caller may look for users at all."""
    return may(call.caller, "USER_PICKER", None)


def require_browsing(call: Call) -> None:
    """Raises Refusal 403 for those who may not look for users."""
    if not may_browse(call):
        raise Refusal(403, "You do not have permission to browse users and groups.")


def matches(call: Call, user: User, query: str | None) -> bool:
    """Whether what was typed is the beginning of a name, or of an e-mail that is shown.

    A hidden address is found in full alone, and so is an account id of Cloud, as the client `jira`
    looks for it; Server hides none, and matches login names.
    """
    if not query:
        return True
    wanted = query.casefold()
    cloud = call.product.cloud
    if user.email.casefold() == wanted or (wanted in EVERYBODY and not cloud):
        return True
    if cloud and user.account_id == query:
        return True
    parts: Iterable[str] = (user.display_name, *user.display_name.split())
    if user.email_shown is EmailShown.SHOWN or not cloud:
        parts = (*parts, user.email)
    if not cloud:
        parts = (*parts, user.name)
    return any(part.casefold().startswith(wanted) for part in parts)


def everybody(call: Call) -> list[User]:
    """All accounts by name, without the deleted ones."""
    users: Mapping[str, User] = call.site.state.users
    found = [one for one in users.values() if not one.deleted]
    return sorted(found, key=lambda one: (one.display_name, one.account_id))
