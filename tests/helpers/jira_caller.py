"""Calls a simulated site in process; every answer of version 3 is judged by the document."""

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from helpers.jira_document import AGILE, Document, document

from jirasim.http.admin.sim import Controls
from jirasim.http.app import ENDPOINTS, JIRA_SOFTWARE, create_app
from jirasim.site.model import User
from jirasim.site.state import Site

Asked = set[tuple[str, str]]
AGILE_BASE = "/rest/agile/1.0"
WHOLE = ("/rest", "//", "/_", "/media", "/secure", "/images", "/ex/")


@dataclass(frozen=True)
class Reply:
    """An answer; `json` is None when there was no body."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content) if self.content else None

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass(frozen=True)
class Api:
    """A caller of one site.  `asked` collects the operations that were used."""

    controls: Controls
    authorization: str | None
    document: Document | None
    asked: Asked
    app: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Where paths begin that are not whole."""
        return "/rest/api/3" if self.site.product.cloud else "/rest/api/2"

    @property
    def site(self) -> Site:
        return self.controls.site

    def as_user(self, user: User) -> "Api":
        return replace(self, authorization=credential(self.site, user))

    def anonymous(self) -> "Api":
        return replace(self, authorization=None)

    def with_headers(self, **headers: str) -> "Api":
        return replace(self, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def get(self, path: str, **query: object) -> Reply:
        return self.call("GET", path, query=query)

    def post(self, path: str, body: object = None, **query: object) -> Reply:
        return self.call("POST", path, body=body, query=query)

    def put(self, path: str, body: object = None, **query: object) -> Reply:
        return self.call("PUT", path, body=body, query=query)

    def delete(self, path: str, **query: object) -> Reply:
        return self.call("DELETE", path, query=query)

    def upload(self, path: str, *files: tuple[str, bytes], kind: str = "text/plain") -> Reply:
        """Files as the parts `file` of a form, with the header that uploads need."""
        sent = [
            b'Content-Disposition: form-data; name="file"; filename="%s"\r\nContent-Type: %s'
            b"\r\n\r\n%s\r\n" % (name.encode(), kind.encode(), content)
            for name, content in files
        ]
        form = b"".join(b"--b0undary\r\n" + one for one in sent) + b"--b0undary--\r\n"
        content_type = "multipart/form-data; boundary=b0undary"
        given = {"content-type": content_type, "x-atlassian-token": "no-check", **self.headers}
        return replace(self, headers=given).call("POST", path, body=form)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
    ) -> Reply:
        """`path` below the newest REST API, or a whole path beginning with /rest or /_."""
        whole = path if path.startswith(WHOLE) else f"{self.base}{path}"
        raw = body if isinstance(body, bytes) else encoded(body)
        reply = asyncio.run(self._exchange(method, whole, urlencode(query or {}, doseq=True), raw))
        if whole.startswith(self.base):
            self._judge(method, urlsplit(whole).path, reply)
        elif base := next((one for one in JIRA_SOFTWARE if whole.startswith(one)), None):
            agile = replace(self, document=document(AGILE))
            agile._judge(method, urlsplit(whole).path, reply, base)
        return reply

    def _judge(self, method: str, path: str, reply: Reply, base: str = "") -> None:
        template = template_of(method, path, base or self.base)
        if template is None or self.document is None:
            return
        self.asked.add((method, template))
        body = reply.json if "json" in reply.headers.get("content-type", "") else None
        complaints = self.document.complaints(method, template, reply.status, body)
        assert complaints == [], f"{method} {template} answered {reply.status}: {complaints[:5]}"

    async def _exchange(self, method: str, path: str, query: str, raw: bytes) -> Reply:
        given = {"content-type": "application/json", "user-agent": "tests", **self.headers}
        if self.authorization is not None:
            given["authorization"] = self.authorization
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(k.lower().encode(), v.encode()) for k, v in given.items()],
            "server": ("testserver", 80),
            "client": ("127.0.0.1", 1),
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        headers = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return Reply(sent[0]["status"], headers, content)


def encoded(body: object) -> bytes:
    """A body as JSON; nothing at all for None."""
    return b"" if body is None else json.dumps(body).encode()


def api_of(controls: Controls, document: Document | None, asked: Asked) -> Api:
    """A caller with the service account's token."""
    site = controls.site
    service = site.state.users[site.state.service_account]
    return Api(controls, credential(site, service), document, asked, create_app(controls))


def credential(site: Site, user: User) -> str:
    """The Authorization header of an account of the seed: API token, or PAT on Server."""
    tokens = site.state.tokens.values()
    secret = next(one.secret for one in tokens if one.account_id == user.account_id)
    return basic_header(user.email, secret) if site.product.cloud else f"Bearer {secret}"


def basic_header(email: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{email}:{secret}".encode()).decode()


def template_of(method: str, path: str, base: str) -> str | None:
    """The endpoint that serves a path, by its whole template."""
    parts = path.split("/")
    for endpoint in JIRA_SOFTWARE.get(base, ENDPOINTS):
        wanted = f"{base}{endpoint.path}".split("/")
        fits = len(wanted) == len(parts) and all(
            mine == given or mine.startswith("{") for mine, given in zip(wanted, parts, strict=True)
        )
        if endpoint.method == method and fits:
            return f"{base}{endpoint.path}"
    return None


def doc(*texts: str) -> dict[str, Any]:
    """A document of plain paragraphs."""
    rows = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts]
    return {"type": "doc", "version": 1, "content": rows}
