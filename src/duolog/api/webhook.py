"""The address Jira sends its webhooks to.  Hands the raw bytes on; knows nothing of their content.

Only POST, of any content type: what is in the body decides.  No answer is a fault of the server
whatever the body, save 503 where the database cannot be written; Jira then sends again.
"""

from __future__ import annotations

import logging
from typing import Final

from django.core.handlers.wsgi import WSGIRequest
from django.db import Error
from django.http import HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from duolog.api.limits import Limits
from duolog.connections.seal import SealBroken
from duolog.connections.webhooks import find_by_hash, note_refused
from duolog.people.needs import Door, states
from duolog.sync.discovery.intake import LARGEST_BODY, NO_SUCH_HASH, TOO_LARGE, Receipt, receive

log = logging.getLogger(__name__)

AT_A_TIME: Final = 64 * 1024
_ONLY_POST: Final = Receipt(
    405, "This address takes deliveries of Jira's webhook, by POST. Paste it into Jira."
)
_CUT_OFF: Final = Receipt(400, "The connection ended before the whole delivery had come.")
_CANNOT_STORE: Final = Receipt(503, "The delivery could not be stored now. Send it again.")
_TOO_MANY: Final = Receipt(
    429, "Too many deliveries to this address were refused. Genuine ones are still taken."
)
_RETRY_AFTER: Final = {429: "60", 503: "30"}
REFUSALS_AT_ONCE: Final = 120
REFUSALS_PER_SECOND: Final = 2
_refusals: Final = Limits(per_second=REFUSALS_PER_SECOND, at_once=REFUSALS_AT_ONCE)
"""How many refusals of one address are counted; genuine deliveries are never limited."""


@states(Door.ADDRESS)
@csrf_exempt
def deliver(request: WSGIRequest, name: str) -> HttpResponse:
    """Keep one delivery.  202 once it is stored safely; everything else is a problem in words."""
    if request.method != "POST":
        return _answer(_ONLY_POST)
    try:
        return _answer(_counted(name, _receive(request, name)))
    except UnreadablePostError:
        return _answer(_CUT_OFF)
    except (Error, SealBroken) as error:
        log.warning("A delivery could not be stored: %s", type(error).__name__)
        return _answer(_CANNOT_STORE)


def _receive(request: WSGIRequest, name: str) -> Receipt:
    """Refuse what needs no reading before it is read."""
    connection = find_by_hash(name)
    if connection is None:
        return NO_SUCH_HASH
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > LARGEST_BODY:
        return TOO_LARGE
    headers = {header.lower(): value for header, value in request.headers.items()}
    return receive(connection, headers, _read(request))


def _read(request: WSGIRequest) -> bytes:
    """The body, or one byte more than it may have.

    Django reads no body without a length; a server that ends its input itself gives it in chunks.
    """
    in_chunks = not request.environ.get("CONTENT_LENGTH")
    ends_itself = in_chunks and request.environ.get("wsgi.input_terminated")
    source = request.environ["wsgi.input"] if ends_itself else request
    body = bytearray()
    while len(body) <= LARGEST_BODY and (part := source.read(AT_A_TIME)):
        body += part
    return bytes(body[: LARGEST_BODY + 1])


def _counted(name: str, receipt: Receipt) -> Receipt:
    """Count a refusal, unless they come in such a flood that counting would hold others up."""
    if receipt.reason is None:
        return receipt
    if _refusals.take(name) is not None:
        return receipt if receipt.status == 202 else _TOO_MANY
    note_refused(name, receipt.reason)
    return receipt


def _answer(receipt: Receipt) -> HttpResponse:
    if receipt.status == 202:
        return JsonResponse({"detail": receipt.sentence}, status=202)
    problem = {
        "type": "about:blank",
        "title": "The delivery was not taken",
        "status": receipt.status,
        "detail": receipt.sentence,
        "errors": [],
    }
    answer = JsonResponse(problem, status=receipt.status, content_type="application/problem+json")
    if receipt.status == 405:
        answer["Allow"] = "POST"
    if wait := _RETRY_AFTER.get(receipt.status):
        answer["Retry-After"] = wait
    return answer
