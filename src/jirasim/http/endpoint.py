"""One REST endpoint: from a Starlette request to a plain handler and back.

Handlers are plain functions of a `Call`; they run under the site's lock and never wait.
"""

import asyncio
import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC
from email.utils import format_datetime
from urllib.parse import quote
from uuid import uuid4

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from jirasim.http import gate
from jirasim.http.answer import JSON_TYPE, NO_CONTENT, Answer
from jirasim.http.auth import Caller, Login, identify
from jirasim.http.body import parsed
from jirasim.http.calls import Calls
from jirasim.http.limiter import Limiter
from jirasim.site.errors import Refusal
from jirasim.site.model import User
from jirasim.site.product import CLOUD, Product, Where, anywhere
from jirasim.site.state import Site
from jirasim.wire.encoding import encode
from jirasim.wire.wire import Wire

__all__ = ["NO_CONTENT", "Answer", "Call", "Endpoint", "Server", "respond", "to_response"]
WORTH_ZIPPING = 1000
LONGEST = 18
"""The digits of a number in a query that are read."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, parsed.  `version` is 2 (wiki text) or 3 (ADF); `headers` in any case.

    `scopes` None: the credential is good for everything.  `app` is the OAuth app that asks, if
    one does.  `base_url` is where the site is for this caller, if not where it always is.
    """

    site: Site
    caller: User | None
    version: int
    params: Mapping[str, str]
    query: QueryParams
    raw_body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    scopes: frozenset[str] | None = None
    app: str = ""
    base_url: str = ""

    @property
    def user(self) -> User:
        """The logged-in caller; refuses anonymous ones."""
        if self.caller is None:
            raise Unauthenticated
        return self.caller

    @property
    def product(self) -> Product:
        """Which Jira the site is."""
        return self.site.product

    @property
    def wire(self) -> Wire:
        """Writes values of the site as this caller gets them."""
        return Wire(self.site, self.version, self.caller, self.base_url)

    def json(self) -> object:
        """The body.  Raises Refusal 400 when it is not JSON."""
        try:
            return parsed(self.raw_body)
        except ValueError:
            raise Refusal(
                400,
                "There was an error parsing JSON. Check that your request body is valid.",
            ) from None

    def object(self) -> dict[str, object]:
        """The body as a JSON object; an absent body counts as an empty one."""
        if not self.raw_body.strip():
            return {}
        found = self.json()
        if not isinstance(found, dict):
            raise Refusal(
                400, "Invalid request payload. Refer to the REST API documentation and try again."
            )
        return found

    def number(self, name: str, default: int, *, ceiling: int | None = None) -> int:
        """A whole number from the query, capped silently at `ceiling`."""
        given = self.query.get(name)
        if given is None or given == "":
            return default
        try:
            number = int(given[:LONGEST])
        except ValueError:
            raise Refusal(404, f"The value '{given}' is not valid for '{name}'.") from None
        return number if ceiling is None else min(number, ceiling)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A true/false parameter of the query."""
        given = self.query.get(name)
        return default if given is None else given.lower() == "true"


class Unauthenticated(Exception):
    """The endpoint needs a logged-in caller."""


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method and a path below `/rest/api/{version}`, or below `/rest/agile/1.0`.

    `anonymous`: a caller whose credential failed is served as nobody, with 200, as Jira does
    (jira.md 2.1); elsewhere it is 401.  `on` says which Jira has the endpoint, `consumes` of what
    type a body must be.
    """

    method: str
    path: str
    handler: Handler
    anonymous: bool = False
    on: Where = anywhere
    consumes: str = "application/json"


@dataclass(frozen=True, slots=True)
class Server:
    """What every endpoint of one running simulator shares."""

    site: Site
    calls: Calls
    limiter: Limiter


def respond(
    server: Server, endpoint: Endpoint, request: Request, body: bytes, *, version: int
) -> Response:
    """Answer one request, whatever happens, in Jira's shapes."""
    site, headers = server.site, request.headers
    cloud_id = request.path_params.get("cloud_id", "")
    gateway = f"/ex/jira/{cloud_id}" if cloud_id else ""
    with site.lock:
        caller = identify(site, headers, gateway=bool(gateway))
        path = request.url.path.removeprefix(gateway)
        arrival = gate.Arrival(endpoint, caller, headers, body, path, cloud_id, request.path_params)
        answer = gate.refusal(site, arrival) or server.limiter.refusal(arrival)
        if answer is None:
            call = Call(
                site,
                caller.user,
                version,
                request.path_params,
                request.query_params,
                body,
                headers,
                caller.scopes,
                caller.app,
                f"{site.base_url}{gateway}" if gateway else "",
            )
            answer = _handled(endpoint.handler, call)
            counted = server.limiter.settle(arrival, answer)
            answer = replace(answer, headers={**counted, **answer.headers})
        answer = replace(answer, headers={"Date": date_of(site), **answer.headers})
    return zipped(to_response(answer, caller, site.product), headers)


def date_of(site: Site) -> str:
    """The header by which an answer tells the site's own time."""
    return format_datetime(site.now().astimezone(UTC), usegmt=True)


def _handled(handler: Handler, call: Call) -> Answer:
    try:
        return handler(call)
    except Refusal as refusal:
        return Answer(
            {"errorMessages": list(refusal.messages), "errors": refusal.fields}, refusal.status
        )
    except Unauthenticated:
        return gate.unauthenticated(call.site)


def zipped(response: Response, headers: Mapping[str, str]) -> Response:
    """The same, compressed, where that is worth it and the caller can read it."""
    kind = response.headers.get("content-type", "")
    if "gzip" not in headers.get("accept-encoding", "") or "json" not in kind:
        return response
    if len(response.body) < WORTH_ZIPPING:
        return response
    response.body = gzip.compress(bytes(response.body), 1, mtime=0)
    response.headers["Content-Length"] = str(len(response.body))
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def to_response(answer: Answer, caller: Caller, product: Product = CLOUD) -> Response:
    """With the identity and trace headers that this Jira sends (jira.md 1)."""
    said = _cloud_headers(caller) if product.cloud else _server_headers(caller)
    headers = {"Cache-Control": "no-cache, no-store, no-transform", **said, **answer.headers}
    if isinstance(answer.body, bytes):
        return Response(answer.body, answer.status, headers)
    if isinstance(answer.body, str):
        return Response(answer.body, answer.status, headers, "text/plain;charset=UTF-8")
    content = b"" if answer.body is None else encode(answer.body)
    return Response(content, answer.status, headers, JSON_TYPE)


def _cloud_headers(caller: Caller) -> dict[str, str]:
    request_id = uuid4().hex
    names = ("X-Arequestid", "Atl-Traceid", "Atl-Request-Id")
    headers = {"Server": "AtlassianEdge", **dict.fromkeys(names, request_id)}
    if caller.user is not None:
        return {**headers, "X-AAccountId": quote(caller.user.account_id, safe="")}
    if caller.login is Login.NONE:
        return headers
    return {**headers, "X-Seraph-Loginreason": "AUTHENTICATED_FAILED"}


def _server_headers(caller: Caller) -> dict[str, str]:
    headers = {"X-AREQUESTID": uuid4().hex[:16], "X-ANODEID": "node1"}
    if caller.user is not None:
        name = quote(caller.user.name, safe="")
        return {**headers, "X-AUSERNAME": name, "X-Seraph-LoginReason": "OK"}
    headers["X-AUSERNAME"] = "anonymous"
    if caller.login is Login.NONE:
        return headers
    return {**headers, "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}


async def pause(milliseconds: float) -> None:
    """Hold an answer back, in real time."""
    if milliseconds > 0:
        await asyncio.sleep(milliseconds / 1000)
