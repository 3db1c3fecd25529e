"""The site as a whole: its licence, the announcement banner, the audit log."""

from dataclasses import replace
from hashlib import md5

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest.permissions import require_administrator
from jirasim.site.errors import Refusal
from jirasim.site.product import on_cloud

VISIBILITIES = frozenset({"public", "private"})
AUDIT_PAGE = 1000


def license_of_site(_: Call) -> Answer:
    """GET /instance/license."""
    return Answer({"applications": [{"id": "jira-software", "plan": "PAID"}]})


def banner(call: Call) -> Answer:
    """GET /announcementBanner."""
    require_administrator(call)
    found = call.site.state.banner
    digest = md5(found.message.encode(), usedforsecurity=False).hexdigest()
    return Answer(
        {
            "message": found.message,
            "isDismissible": found.dismissible,
            "isEnabled": found.enabled,
            "hashId": digest,
            "visibility": found.visibility,
        }
    )


def set_banner(call: Call) -> Answer:
    """PUT /announcementBanner: what is named."""
    require_administrator(call)
    body, before = call.object(), call.site.state.banner
    visibility = str(body.get("visibility", before.visibility))
    if visibility not in VISIBILITIES:
        raise Refusal(400, fields={"visibility": "The visibility is public or private."})
    call.site.state.banner = replace(
        before,
        message=str(body.get("message", before.message)),
        dismissible=body.get("isDismissible", before.dismissible) is True,
        enabled=body.get("isEnabled", before.enabled) is True,
        visibility=visibility,
    )
    return NO_CONTENT


def audit(call: Call) -> Answer:
    """GET /auditing/record: nothing is recorded here."""
    require_administrator(call)
    limit = call.number("limit", AUDIT_PAGE, ceiling=AUDIT_PAGE)
    offset = call.number("offset", 0)
    return Answer({"offset": offset, "limit": limit, "total": 0, "records": []})


ENDPOINTS = (
    Endpoint("GET", "/instance/license", license_of_site, on=on_cloud),
    Endpoint("GET", "/announcementBanner", banner, on=on_cloud),
    Endpoint("PUT", "/announcementBanner", set_banner, on=on_cloud),
    Endpoint("GET", "/auditing/record", audit, on=on_cloud),
)
