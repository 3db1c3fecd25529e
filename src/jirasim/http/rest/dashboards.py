"""Dashboards over REST: every Jira has the system dashboard, and here nobody made another."""

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.site.errors import Refusal
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json

SYSTEM = "10000"
PAGE = 20
FILTERS = frozenset({"favourite", "my"})


def listing(call: Call) -> Answer:
    """GET /dashboard: all, or with `filter` those that the caller owns or marked."""
    asked = call.query.get("filter")
    if asked is not None and asked not in FILTERS:
        raise Refusal(400, f"The filter '{asked}' is not valid: it is 'favourite' or 'my'.")
    rows = [] if asked else [_written(call)]
    start, limit = call.number("startAt", 0), call.number("maxResults", PAGE)
    shown = rows[start : start + limit]
    return Answer({"startAt": start, "maxResults": limit, "total": len(rows), "dashboards": shown})


def get(call: Call) -> Answer:
    """GET /dashboard/{id}."""
    if call.params["id"] != SYSTEM:
        raise Refusal(404, f"The dashboard with id '{call.params['id']}' does not exist.")
    return Answer(_written(call))


def search(call: Call) -> Answer:
    """GET /dashboard/search: by a part of the name, or by an owner, which the system's lacks."""
    wanted, shown = call.query.get("dashboardName", ""), _written(call)
    owned = call.query.get("accountId") or call.query.get("owner")
    fits = not owned and wanted.casefold() in str(shown["name"]).casefold()
    rows = [shown] if fits else []
    return Answer(page(call, rows, dict, path="/dashboard/search"))


def _written(call: Call) -> Json:
    body: Json = {
        "id": SYSTEM,
        "name": "System Dashboard",
        "self": f"{call.wire.api}/dashboard/{SYSTEM}",
        "view": f"{call.site.base_url}/secure/Dashboard.jspa?selectPageId={SYSTEM}",
    }
    if not call.product.cloud:
        return body
    shared: Json = {"sharePermissions": [{"type": "global"}], "editPermissions": []}
    flags = {"isFavourite": False, "isWritable": False, "systemDashboard": True}
    return {**body, **flags, "popularity": 0, **shared}


ENDPOINTS = (
    Endpoint("GET", "/dashboard", listing, anonymous=True),
    Endpoint("GET", "/dashboard/search", search, anonymous=True, on=on_cloud),
    Endpoint("GET", "/dashboard/{id}", get, anonymous=True),
)
