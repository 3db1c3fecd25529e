"""Carries out scripted faults on the wire.  Which request fails is decided in `faults`."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from jirasim.faults import UNDONE, Fault, Kind, Script

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

HANG_UP: Final = "jirasim.hang_up"
LOGIN_PAGE: Final = (
    "<!DOCTYPE html><html><head><title>Log in with Atlassian account</title></head>"
    '<body><form action="/login" method="post"><h1>Log in to continue</h1></form></body></html>'
)


def hangable(app: ASGIApp) -> ASGIApp:
    """The application, able to drop a connection; to be the outermost one under uvicorn.

    ASGI has no way to close a connection unanswered, so the transport of uvicorn's
    request cycle is handed down in the scope.
    """

    async def outermost(scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            scope.setdefault("extensions", {})[HANG_UP] = transport.close
        await app(scope, receive, send)

    return outermost


async def answered(
    script: Script, request: Request, answer: Callable[[], Awaitable[Response]]
) -> Response:
    """The answer to the request, or what a fault makes of it."""
    fault = script.next_for(request.method, request.url.path)
    if fault is None:
        return await answer()
    await asyncio.sleep(fault.delay_ms / 1000)
    if fault.kind in UNDONE:
        return spoiled(fault, None)
    return spoiled(fault, await answer())


def spoiled(fault: Fault, response: Response | None) -> Response:
    """What the caller gets; `response` is the true answer where there is one."""
    match fault.kind:
        case Kind.STATUS_BEFORE | Kind.STATUS_AFTER:
            return refused(fault)
        case Kind.CUT_BEFORE | Kind.CUT_AFTER:
            return Cut()
        case Kind.HTML:
            return Response(LOGIN_PAGE, 200, {**fault.headers}, "text/html;charset=UTF-8")
        case Kind.TRUNCATE if response is not None:
            return Truncated(response)
        case _:
            return response or refused(fault)


def refused(fault: Fault) -> Response:
    body = fault.body
    if body is None:
        body = {"errorMessages": [f"Scripted failure {fault.status}."], "errors": {}}
    if isinstance(body, str):
        return Response(body, fault.status, {**fault.headers}, "text/html;charset=UTF-8")
    return Response(
        json.dumps(body), fault.status, {**fault.headers}, "application/json;charset=UTF-8"
    )


class CannotHangUp(Exception):
    """The server running this application gives no way to drop a connection."""


class Cut(Response):
    """No answer at all: the connection closes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del send
        hang_up(scope)
        while (await receive())["type"] != "http.disconnect":
            continue


class Truncated(Response):
    """The head of an answer and half its body, then nothing."""

    def __init__(self, whole: Response) -> None:
        super().__init__(status_code=whole.status_code)
        self.raw_headers = whole.raw_headers
        self.body = whole.body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})
        hang_up(scope)
        while (await receive())["type"] != "http.disconnect":
            continue


def hang_up(scope: Scope) -> None:
    close = scope.get("extensions", {}).get(HANG_UP)
    if close is None:
        raise CannotHangUp("Run the application with `hangable` outermost, under uvicorn.")
    close()
