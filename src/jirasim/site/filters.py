"""Saved filters: who owns, sees and changes them.  Running them is elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from jirasim.jql import JqlError, parse
from jirasim.site.errors import Refusal
from jirasim.site.model import User
from jirasim.site.permissions import ROLE_IDS, is_administrator, may, roles_of
from jirasim.site.saved import Filter, Share
from jirasim.site.search import context_of
from jirasim.site.state import Site

UNSEEN = "The selected filter is not available to you, perhaps it has been deleted or had its permissions changed."
UNNAMED = "You must specify a name to save this filter as."
NOT_UNIQUE = "Filter with same name already exists."
NOT_YOURS = "You must be the owner of the filter to edit it."


def sees(site: Site, user: User | None, found: Filter) -> bool:
    """Whether a filter is the caller's own or shared with them."""
    if user is not None and user.account_id == found.owner:
        return True
    return any(reaches(site, user, share) for share in found.shares)


def reaches(site: Site, user: User | None, share: Share) -> bool:
    """Whether somebody is among those a filter is shared with."""
    if share.kind == "global":
        return True
    if user is None:
        return False
    project = site.state.projects.get(share.project_id or "")
    return {
        "loggedin": True,
        "authenticated": True,
        "user": share.account_id == user.account_id,
        "group": share.group in user.groups,
        "project": project is not None and may(user, "BROWSE_PROJECTS", project),
        "projectRole": project is not None
        and share.role in {ROLE_IDS[one] for one in roles_of(project, user)},
    }.get(share.kind, False)


def visible(site: Site, user: User | None, *, status: int = 400) -> "Visible":
    """The filters that the caller sees, and how a missing one is refused."""
    return Visible(site, user, status)


@dataclass(frozen=True, slots=True)
class Visible:
    """The filters as one caller finds them."""

    site: Site
    user: User | None
    status: int

    def all(self) -> list[Filter]:
        """By name."""
        rows = [one for one in self.site.state.filters.values() if sees(self.site, self.user, one)]
        return sorted(rows, key=lambda one: (one.name.lower(), int(one.id)))

    def one(self, filter_id: str) -> Filter:
        """By id.  Raises Refusal."""
        found = self.site.state.filters.get(filter_id)
        if found is None or not sees(self.site, self.user, found):
            raise Refusal(self.status, UNSEEN)
        return found

    def own(self, filter_id: str) -> Filter:
        """By id, for its owner or an administrator.  Raises Refusal."""
        found = self.one(filter_id)
        user = self.user
        if user is None or not (user.account_id == found.owner or is_administrator(user)):
            raise Refusal(self.status, NOT_YOURS)
        return found


def create(site: Site, user: User, body: Mapping[str, object]) -> Filter:
    """Save a new filter.  Raises Refusal 400."""
    draft = Filter("", "", "", user.account_id)
    made = _filled(site, user, draft, body)
    made = replace(made, id=site.next_id("filter"))
    return keep(site, made)


def edit(site: Site, user: User, filter_id: str, body: Mapping[str, object]) -> Filter:
    """Change what is named.  Raises Refusal 400."""
    return keep(site, _filled(site, user, visible(site, user).own(filter_id), body))


def keep(site: Site, found: Filter) -> Filter:
    """Store this version."""
    site.state.filters[found.id] = found
    site.revision += 1
    return found


def remove(site: Site, user: User, filter_id: str) -> None:
    """Delete a filter.  Raises Refusal 400."""
    found = visible(site, user).own(filter_id)
    del site.state.filters[found.id]
    site.revision += 1


def _filled(site: Site, user: User, before: Filter, body: Mapping[str, object]) -> Filter:
    name = str(body.get("name") or before.name).strip()
    if not name:
        raise Refusal(400, fields={"filterName": UNNAMED})
    same = (one for one in site.state.filters.values() if one.owner == before.owner)
    if any(one.name.lower() == name.lower() and one.id != before.id for one in same):
        raise Refusal(400, fields={"filterName": NOT_UNIQUE})
    jql = str(before.jql if body.get("jql") is None else body["jql"])
    _check(site, user, jql)
    after = replace(
        before,
        name=name,
        jql=jql,
        description=str(body.get("description") or before.description),
    )
    if "sharePermissions" in body:
        rows = cast("list[Mapping[str, object]]", body["sharePermissions"] or [])
        after = replace(after, shares=tuple(share_of(site, row) for row in rows))
    if isinstance(body.get("favourite"), bool):
        after = marked(after, user, favourite=body["favourite"] is True)
    return after


def marked(found: Filter, user: User, *, favourite: bool) -> Filter:
    """The filter as somebody's favourite, or no longer."""
    rest = found.favourites - {user.account_id}
    return replace(found, favourites=rest | {user.account_id} if favourite else rest)


def share_of(site: Site, row: Mapping[str, object]) -> Share:
    """From a request: the full object or the flat form.  Raises Refusal 400."""
    kind = str(row.get("type") or "")
    project_id = _part(row, "project", "id") or row.get("projectId")
    role_id = _part(row, "role", "id") or row.get("projectRoleId")
    group = _part(row, "group", "name") or row.get("groupname")
    account_id = _part(row, "user", "accountId") or row.get("accountId") or row.get("userKey")
    if kind == "project" and role_id:
        kind = "projectRole"
    needed = {"group": group, "user": account_id, "project": project_id, "projectRole": role_id}
    if kind not in {"global", "loggedin", "authenticated", *needed}:
        raise Refusal(400, f"'{kind}' is not a valid share type.")
    if kind in needed and not needed[kind]:
        raise Refusal(400, f"A share of type '{kind}' must say with whom.")
    if project_id and str(project_id) not in site.state.projects:
        raise Refusal(400, "The project to share with does not exist.")
    if account_id and str(account_id) not in site.state.users:
        raise Refusal(400, "The user to share with does not exist.")
    return Share(
        id=site.next_id("share"),
        kind=kind,
        group=str(group) if group else None,
        project_id=str(project_id) if project_id else None,
        role=str(role_id) if role_id else None,
        account_id=str(account_id) if account_id else None,
    )


def _part(row: Mapping[str, object], name: str, key: str) -> object:
    inner = row.get(name)
    return inner.get(key) if isinstance(inner, Mapping) else None


def _check(site: Site, user: User, jql: str) -> None:
    try:
        parse(jql).check(context_of(site, user))
    except JqlError as error:
        raise Refusal(400, *error.messages) from None
