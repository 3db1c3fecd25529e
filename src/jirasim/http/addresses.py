"""Addresses as Jira's servlet container reads them: `//` is `/`, and a last `/` says nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

MANY: Final = re.compile(r"/{2,}")


def tidied(app: ASGIApp) -> ASGIApp:
    """The application, asked for the plain form of each address of a REST API."""

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "/rest/" in scope["path"]:
            scope = {**scope, "path": plain(scope["path"])}
        await app(scope, receive, send)

    return outer


def plain(path: str) -> str:
    """Without doubled slashes and a last one."""
    return MANY.sub("/", path).removesuffix("/")
