"""Saved filters over REST: their own, shared and favourite ones."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.http.rest.issues import words
from jirasim.site import filters
from jirasim.site.errors import Refusal
from jirasim.site.filters import visible
from jirasim.site.product import on_cloud
from jirasim.site.saved import Filter, Share
from jirasim.wire.entities import Json
from jirasim.wire.filters import details_json, filter_json, share_json

NO_SHARE = "The share permission does not exist."
ORDERS: Mapping[str, Callable[[Filter], str | int]] = {
    "name": lambda one: one.name.lower(),
    "id": lambda one: int(one.id),
    "owner": lambda one: one.owner,
    "description": lambda one: one.description.lower(),
    "favourite_count": lambda one: len(one.favourites),
    "is_favourite": lambda one: len(one.favourites),
}


def create(call: Call) -> Answer:
    """POST /filter."""
    return _answer(call, filters.create(call.site, call.user, call.object()))


def get(call: Call) -> Answer:
    """GET /filter/{id}."""
    return _answer(call, _seen(call))


def edit(call: Call) -> Answer:
    """PUT /filter/{id}."""
    return _answer(call, filters.edit(call.site, call.user, call.params["id"], call.object()))


def delete(call: Call) -> Answer:
    """DELETE /filter/{id}."""
    filters.remove(call.site, call.user, call.params["id"])
    return NO_CONTENT


def favourites(call: Call) -> Answer:
    """GET /filter/favourite: those the caller marked and still sees."""
    rows = visible(call.site, call.caller).all()
    me = call.caller.account_id if call.caller is not None else ""
    return Answer([filter_json(call.wire, one) for one in rows if me in one.favourites])


def mine(call: Call) -> Answer:
    """GET /filter/my: those the caller owns, perhaps with the favourites."""
    me, both = call.user.account_id, call.flag("includeFavourites")
    rows = visible(call.site, call.user).all()
    shown = [one for one in rows if one.owner == me or (both and me in one.favourites)]
    return Answer([filter_json(call.wire, one) for one in shown])


def mark(call: Call) -> Answer:
    """PUT /filter/{id}/favourite."""
    return _answer(call, _marked(call, favourite=True))


def unmark(call: Call) -> Answer:
    """DELETE /filter/{id}/favourite."""
    return _answer(call, _marked(call, favourite=False))


def search(call: Call) -> Answer:
    """GET /filter/search."""
    rows = [one for one in visible(call.site, call.caller).all() if _asked_for(call, one)]
    field = call.query.get("orderBy") or "name"
    key = ORDERS.get(field.lstrip("+-").lower())
    if key is None:
        raise Refusal(400, f"The orderBy value '{field}' is not valid.")
    rows.sort(key=key, reverse=field.startswith("-"))
    expand = frozenset(words(call.query.getlist("expand")))
    return Answer(
        page(call, rows, lambda one: details_json(call.wire, one, expand), path="/filter/search")
    )


def _asked_for(call: Call, one: Filter) -> bool:
    query = call.query
    owner, ids = query.get("accountId") or query.get("owner"), query.getlist("id")
    group = query.get("groupname")
    project = query.get("projectId")
    return (
        query.get("filterName", "").lower() in one.name.lower()
        and owner in (None, one.owner)
        and (not ids or one.id in ids)
        and (group is None or any(share.group == group for share in one.shares))
        and (project is None or any(share.project_id == project for share in one.shares))
    )


def change_owner(call: Call) -> Answer:
    """PUT /filter/{id}/owner."""
    found = visible(call.site, call.user, status=403).own(call.params["id"])
    owner = str(call.object().get("accountId") or "")
    if owner not in call.site.state.users:
        raise Refusal(404, "The user does not exist.")
    filters.keep(call.site, replace(found, owner=owner))
    return NO_CONTENT


def shares(call: Call) -> Answer:
    """GET /filter/{id}/permission."""
    found = visible(call.site, call.user, status=404).one(call.params["id"])
    return Answer([share_json(call.wire, one) for one in found.shares])


def add_share(call: Call) -> Answer:
    """POST /filter/{id}/permission: 201 with all of them."""
    found = visible(call.site, call.user, status=404).own(call.params["id"])
    made = filters.share_of(call.site, call.object())
    kept = filters.keep(call.site, replace(found, shares=(*found.shares, made)))
    return Answer([share_json(call.wire, one) for one in kept.shares], 201)


def one_share(call: Call) -> Answer:
    """GET /filter/{id}/permission/{permission}."""
    found = visible(call.site, call.user, status=404).one(call.params["id"])
    return Answer(share_json(call.wire, _share(call, found)))


def remove_share(call: Call) -> Answer:
    """DELETE /filter/{id}/permission/{permission}."""
    found = visible(call.site, call.user, status=404).own(call.params["id"])
    gone = _share(call, found)
    rest = tuple(one for one in found.shares if one is not gone)
    filters.keep(call.site, replace(found, shares=rest))
    return NO_CONTENT


def scope(call: Call) -> Answer:
    """GET /filter/defaultShareScope."""
    kept = call.site.state.preferences.get(call.user.account_id, {})
    return Answer({"scope": kept.get("filter.scope", "PRIVATE")})


def set_scope(call: Call) -> Answer:
    """PUT /filter/defaultShareScope."""
    chosen = str(call.object().get("scope") or "")
    if chosen not in {"GLOBAL", "AUTHENTICATED", "PRIVATE"}:
        raise Refusal(400, f"'{chosen}' is not a valid scope.")
    call.site.state.preferences.setdefault(call.user.account_id, {})["filter.scope"] = chosen
    return Answer({"scope": chosen})


def _share(call: Call, found: Filter) -> Share:
    wanted = call.params["permission"]
    share = next((one for one in found.shares if one.id == wanted), None)
    if share is None:
        raise Refusal(404, NO_SHARE)
    return share


def _seen(call: Call) -> Filter:
    return visible(call.site, call.caller).one(call.params["id"])


def _marked(call: Call, *, favourite: bool) -> Filter:
    marked = filters.marked(_seen(call), call.user, favourite=favourite)
    return filters.keep(call.site, marked)


def _answer(call: Call, found: Filter) -> Answer:
    body: Json = filter_json(call.wire, found)
    return Answer(body)


ENDPOINTS = (
    Endpoint("POST", "/filter", create),
    Endpoint("GET", "/filter/my", mine, on=on_cloud),
    Endpoint("GET", "/filter/favourite", favourites, anonymous=True),
    Endpoint("GET", "/filter/search", search, anonymous=True, on=on_cloud),
    Endpoint("GET", "/filter/defaultShareScope", scope),
    Endpoint("PUT", "/filter/defaultShareScope", set_scope),
    Endpoint("GET", "/filter/{id}", get, anonymous=True),
    Endpoint("PUT", "/filter/{id}", edit),
    Endpoint("DELETE", "/filter/{id}", delete),
    Endpoint("PUT", "/filter/{id}/favourite", mark, on=on_cloud),
    Endpoint("DELETE", "/filter/{id}/favourite", unmark, on=on_cloud),
    Endpoint("PUT", "/filter/{id}/owner", change_owner, on=on_cloud),
    Endpoint("GET", "/filter/{id}/permission", shares),
    Endpoint("POST", "/filter/{id}/permission", add_share),
    Endpoint("GET", "/filter/{id}/permission/{permission}", one_share),
    Endpoint("DELETE", "/filter/{id}/permission/{permission}", remove_share),
)
