"""The address Jira sends its webhooks to.  Hands the raw bytes on; knows nothing of their content."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from duolog.people.needs import Door, states
from duolog.sync.intake import LARGEST_BODY, TOO_LARGE, Receipt, receive


@states(Door.ADDRESS)
@csrf_exempt
@require_POST
def deliver(request: HttpRequest, name: str) -> HttpResponse:
    """Keep one delivery.  202 once it is stored safely; everything else is a problem in words."""
    length = request.headers.get("Content-Length", "0")
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        return _answer(TOO_LARGE)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return _answer(receive(name, headers, request.body))


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
    return JsonResponse(problem, status=receipt.status, content_type="application/problem+json")
