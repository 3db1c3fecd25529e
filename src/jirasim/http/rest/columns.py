"""Columns of lists of issues: of the site, of a person, of a saved filter."""

from dataclasses import replace
from urllib.parse import parse_qs

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest.persons import own_or_administered
from jirasim.site import filters
from jirasim.site.errors import Refusal
from jirasim.site.filters import NOT_YOURS, visible
from jirasim.site.owners import check_administrator
from jirasim.site.saved import Filter

COLUMNS = (
    *("issuetype", "issuekey", "summary", "assignee", "reporter", "priority", "status"),
    *("resolution", "created", "updated", "duedate"),
)
NO_COLUMNS = "The filter has no columns of its own."


def of_site(call: Call) -> Answer:
    """GET /settings/columns: what everybody has who chose nothing."""
    check_administrator(call.user)
    return _answer(call, _usual(call))


def set_of_site(call: Call) -> Answer:
    """PUT /settings/columns; without any, all are removed."""
    check_administrator(call.user)
    call.site.state.navigator_columns = _chosen(call, unknown=404)
    return Answer()


def of_user(call: Call) -> Answer:
    """GET /user/columns."""
    user = own_or_administered(call)
    return _answer(call, call.site.state.columns.get(user.account_id, _usual(call)))


def set_of_user(call: Call) -> Answer:
    """PUT /user/columns."""
    user = own_or_administered(call)
    call.site.state.columns[user.account_id] = _chosen(call, unknown=500)
    return Answer()


def reset_of_user(call: Call) -> Answer:
    """DELETE /user/columns."""
    call.site.state.columns.pop(own_or_administered(call).account_id, None)
    return NO_CONTENT


def of_filter(call: Call) -> Answer:
    """GET /filter/{id}/columns: 404 where none were chosen."""
    found = visible(call.site, call.caller).one(call.params["id"])
    if not found.columns:
        raise Refusal(404, NO_COLUMNS)
    return _answer(call, found.columns)


def set_of_filter(call: Call) -> Answer:
    """PUT /filter/{id}/columns."""
    found = _owned(call)
    filters.keep(call.site, replace(found, columns=_chosen(call, unknown=400)))
    return Answer({})


def reset_of_filter(call: Call) -> Answer:
    """DELETE /filter/{id}/columns."""
    filters.keep(call.site, replace(_owned(call), columns=()))
    return NO_CONTENT


def _owned(call: Call) -> Filter:
    """The filter, for its owner.  Raises Refusal 400 where it is not seen, 403 for others."""
    found = visible(call.site, call.user).one(call.params["id"])
    if found.owner != call.user.account_id:
        raise Refusal(403, NOT_YOURS)
    return found


def _usual(call: Call) -> tuple[str, ...]:
    chosen = call.site.state.navigator_columns
    return COLUMNS if chosen is None else chosen


def _chosen(call: Call, *, unknown: int) -> tuple[str, ...]:
    """What a form or JSON names.  Raises Refusal where no field is called so."""
    raw = call.raw_body.decode("utf-8", errors="replace")
    if raw.lstrip().startswith("{"):
        given = call.object().get("columns") or []
        chosen = [str(one) for one in given] if isinstance(given, list) else []
    else:
        chosen = parse_qs(raw).get("columns", [])
    missing = [one for one in chosen if one not in {*call.site.state.fields, *COLUMNS}]
    if missing:
        status = unknown if call.product.cloud else 500
        raise Refusal(status, f"The column '{missing[0]}' does not exist.")
    return tuple(chosen)


def _answer(call: Call, chosen: tuple[str, ...]) -> Answer:
    fields = call.site.state.fields
    labels = {one: fields[one].name if one in fields else one.capitalize() for one in chosen}
    return Answer([{"label": label, "value": value} for value, label in labels.items()])


ENDPOINTS = (
    Endpoint("GET", "/settings/columns", of_site),
    Endpoint("PUT", "/settings/columns", set_of_site),
    Endpoint("GET", "/user/columns", of_user),
    Endpoint("PUT", "/user/columns", set_of_user),
    Endpoint("DELETE", "/user/columns", reset_of_user),
    Endpoint("GET", "/filter/{id}/columns", of_filter, anonymous=True),
    Endpoint("PUT", "/filter/{id}/columns", set_of_filter),
    Endpoint("DELETE", "/filter/{id}/columns", reset_of_filter),
)
