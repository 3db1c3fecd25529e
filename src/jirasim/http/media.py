"""Signed addresses from which files are read without a credential, for a short while.

On a real site they are of another host (jira.md 6.9); here, of another path.
"""

import hashlib
import hmac
from datetime import timedelta
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jirasim.http.admin.sim import Controls
from jirasim.http.auth import NOBODY
from jirasim.http.endpoint import Answer, to_response
from jirasim.http.faulty import answered
from jirasim.http.ranges import served
from jirasim.site.errors import Refusal
from jirasim.site.model import Attachment
from jirasim.site.state import Site

LIFE = timedelta(minutes=5)


def address(site: Site, attachment: Attachment) -> str:
    """Where the file can be had until its time is over on the simulator's clock."""
    expires = round((site.now() + LIFE).timestamp())
    place = f"{site.base_url}/media/file/{attachment.id}/{quote(attachment.filename, safe='')}"
    return f"{place}?expires={expires}&signature={_signature(site, attachment.id, str(expires))}"


def route(controls: Controls) -> Route:
    """The route of all files.  Scripted faults strike here too; calls are not counted."""

    async def serve(request: Request) -> Response:
        async def answer() -> Response:
            with controls.site.lock:
                return to_response(_answer(controls.site, request), NOBODY)

        return await answered(controls.script, request, answer)

    return Route("/media/file/{id}/{name:path}", serve, methods=["GET"])


def _answer(site: Site, request: Request) -> Answer:
    number, expires = request.path_params["id"], request.query_params.get("expires", "")
    given = request.query_params.get("signature", "")
    if not hmac.compare_digest(given.encode(), _signature(site, number, expires).encode()):
        return Answer("The signature is not valid.", 403)
    if int(expires) <= site.now().timestamp():
        return Answer("The address has expired.", 403)
    issue = site.state.issues.get(site.state.attachment_homes.get(number, ""))
    if issue is None:
        return Answer("The file is gone.", 404)
    attachment = next(one for one in issue.attachments if one.id == number)
    try:
        return served(attachment, site.state.contents[number], request.headers)
    except Refusal as refusal:
        return Answer(" ".join(refusal.messages), refusal.status)


def _signature(site: Site, number: str, expires: str) -> str:
    key = f"{site.state.seed} {site.state.cloud_id}".encode()
    return hmac.new(key, f"{number} {expires}".encode(), hashlib.sha256).hexdigest()
