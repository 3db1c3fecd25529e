"""What a Jira tells to everybody: which product it is, and its id on Cloud.  Signs nothing.

Asked before any credential is sent, so that none is tried where it cannot work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from duolog.core.errors import SyncError, Unseen
from duolog.jira.auth import Nobody
from duolog.jira.call import Answer, Call
from duolog.jira.client import open_client
from duolog.jira.dialect import SERVER, Deployment
from duolog.jira.errors import from_answer
from duolog.jira.identity import VISITOR
from duolog.jira.transport import DEFAULTS, JiraTransport, Options, open_http
from duolog.jira.troubles import OF_THE_CREDENTIAL, Barred, Trouble, unreached
from duolog.jira.wire import ServerInfo, read

MOVED: Final = frozenset({301, 302, 303, 307, 308})
SERVER_INFO: Final = Call(
    "GET", f"{SERVER.rest}/serverInfo", expected=MOVED | {403, 404}
)  # at the path of Server, which every Jira answers
USUAL_CONTEXT: Final = "/jira"
CLOSED: Final = OF_THE_CREDENTIAL | {Trouble.SIGN_IN_PAGE}
"""What visitors hear from a Jira that shows itself only to those it knows."""


@dataclass(frozen=True, slots=True)
class SiteSeen:
    """A Jira as everybody sees it; `cloud_id` is empty on Server, and where it is not told."""

    deployment: Deployment
    version: str
    cloud_id: str = ""


def look_at(base_url: str, options: Options = DEFAULTS) -> SiteSeen | None:
    """Which Jira answers at this address; None where visitors are told nothing.

    Raises SyncError where none does: with the right address, if only the context path is missing
    from this one.
    """
    try:
        told = _find(base_url, options)
    except Barred as error:
        if error.trouble in CLOSED:
            return None
        raise
    if told is None:
        return None
    if not told.is_cloud:
        return SiteSeen(Deployment.SERVER, told.version)
    return SiteSeen(Deployment.CLOUD, told.version, _cloud_id(base_url, options))


def _find(base_url: str, options: Options) -> ServerInfo | None:
    answer = _ask(base_url, options)
    if answer.status == 403:
        return None
    if answer.status == 200:
        return _understood(answer)
    _refuse_near_miss(base_url, answer, options)
    error = from_answer(answer, SERVER_INFO)
    raise unreached(Trouble.NOT_JIRA, status=404) if isinstance(error, Unseen) else error


def _ask(base_url: str, options: Options) -> Answer:
    http = open_http(base_url, Nobody(), options)
    with JiraTransport(http, account=VISITOR, options=options) as transport:
        return transport.send(SERVER_INFO)


def _understood(answer: Answer) -> ServerInfo:
    try:
        return read(ServerInfo, answer.json())
    except SyncError:
        raise unreached(Trouble.NOT_JIRA, status=answer.status) from None


def _refuse_near_miss(base_url: str, answer: Answer, options: Options) -> None:
    for other in _nearby(base_url, answer):
        if _is_jira(other, options):
            raise Barred(
                Trouble.ELSEWHERE,
                f"No Jira answers at {base_url}, but one does at {other}.",
                hint=f"Use {other} as the address.",
            )


def _nearby(base_url: str, answer: Answer) -> Iterator[str]:
    """Addresses on the same host that may be meant: where we were sent, and the usual place."""
    site = urlsplit(base_url)
    goal = urlsplit(answer.headers.get("location", ""))
    path, _, rest = goal.path.partition("/rest/")
    if rest and goal.hostname in {site.hostname, None} and path != site.path:
        yield f"{site.scheme}://{site.netloc}{path}"
    if not site.path:
        yield f"{site.scheme}://{site.netloc}{USUAL_CONTEXT}"


def _is_jira(base_url: str, options: Options) -> bool:
    """Whether one answers there; only a better sentence hangs on it."""
    try:
        answer = _ask(base_url, options)
        return answer.status == 200 and bool(_understood(answer).base_url)
    except SyncError:
        return False


def _cloud_id(base_url: str, options: Options) -> str:
    try:
        with open_client(base_url, Nobody(), account=VISITOR, options=options) as client:
            return client.site.cloud_id()
    except SyncError:
        return ""  # only tokens with scopes need it, and they then fail in words
