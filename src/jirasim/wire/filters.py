"""Saved filters as JSON (recorded: go-jira's favourite filters), in the forms of both products."""

from urllib.parse import quote

from jirasim.site.filters import sees
from jirasim.site.permissions import ROLE_IDS, is_administrator
from jirasim.site.saved import Filter, Share
from jirasim.wire.entities import Json
from jirasim.wire.projects import role_json
from jirasim.wire.wire import Wire

UNTOLD = frozenset({"accountType", "emailAddress", "timeZone"})
"""What the document leaves out of a user with whom something is shared."""
NOBODY: Json = {"size": 0, "items": [], "max-results": 0, "start-index": 0, "end-index": 0}


def filter_json(wire: Wire, found: Filter) -> Json:
    """A filter as it is got by id."""
    body = _common(wire, found)
    if not wire.site.product.cloud:
        return {**body, "editable": _editable(wire, found), "sharedUsers": NOBODY}
    return {
        **body,
        "favouritedCount": len(found.favourites),
        "editPermissions": [],
        "sharedUsers": NOBODY,
        "subscriptions": NOBODY,
    }


def details_json(wire: Wire, found: Filter, expand: frozenset[str]) -> Json:
    """A filter in Cloud's search: beyond its name only what is asked for."""
    whole = {**_common(wire, found), "favouritedCount": len(found.favourites)}
    whole |= {"subscriptions": [], "editPermissions": []}
    shown = {"self", "id", "name", *expand}
    known = {"expand": ",".join(DETAILS)}
    return {**known, **{name: value for name, value in whole.items() if name in shown}}


DETAILS = (
    "description",
    "owner",
    "jql",
    "viewUrl",
    "searchUrl",
    "favourite",
    "favouritedCount",
    "sharePermissions",
    "editPermissions",
    "subscriptions",
)


def _common(wire: Wire, found: Filter) -> Json:
    base = wire.site.base_url
    viewer = wire.viewer.account_id if wire.viewer is not None else ""
    search = "search/jql" if wire.site.product.cloud else "search"
    return {
        "self": f"{wire.api}/filter/{found.id}",
        "id": found.id,
        "name": found.name,
        "description": found.description,
        "owner": wire.user(found.owner),
        "jql": found.jql,
        "viewUrl": f"{base}/issues/?filter={found.id}",
        "searchUrl": f"{wire.api}/{search}?jql={quote(found.jql)}",
        "favourite": viewer in found.favourites,
        "sharePermissions": [share_json(wire, one) for one in found.shares],
    }


def _editable(wire: Wire, found: Filter) -> bool:
    viewer = wire.viewer
    if viewer is None or not sees(wire.site, viewer, found):
        return False
    return viewer.account_id == found.owner or is_administrator(viewer)


def share_json(wire: Wire, share: Share) -> Json:
    """With whom a filter is shared; Jira calls a role of a project `project`, too."""
    kind = "project" if share.kind == "projectRole" else share.kind
    body: Json = {"id": int(share.id), "type": kind}
    if not wire.site.product.cloud:
        body |= {"view": True, "edit": False}
    project = wire.site.state.projects.get(share.project_id or "")
    if share.group is not None:
        body["group"] = wire.entities.group(share.group)
    if project is not None:
        body["project"] = wire.entities.project(project)
    role = next((name for name, number in ROLE_IDS.items() if number == share.role), None)
    if role is not None:
        body["role"] = role_json(wire, role, project)
    if share.account_id is not None:
        user = wire.user(share.account_id) or {}
        body["user"] = {name: value for name, value in user.items() if name not in UNTOLD}
    return body
