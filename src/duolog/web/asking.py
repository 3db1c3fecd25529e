"""Views that ask Jira: let through the gate one by one, their failures said in words.

No page of its own.  A view that can show a failure where it belongs catches it itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import render

from duolog.connections.gate import GATE, Gate, GateFull
from duolog.core.errors import Retryable, SyncError
from duolog.people.models import Member

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Member, P], HttpResponseBase]


def asks_jira(view: View[P], gate: Gate = GATE) -> View[P]:
    """Let the view through the gate; 503 where it is full or Jira cannot answer, else 422."""

    @wraps(view)
    def answer(
        request: HttpRequest, member: Member, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        try:
            with gate.passed():
                return view(request, member, *args, **kwargs)
        except GateFull as full:
            response = _refusal(request, "Jira is being asked already", str(full), 503)
            response["Retry-After"] = str(full.retry_after_seconds)
            return response
        except SyncError as error:
            status = 503 if isinstance(error, Retryable) else 422
            return _refusal(request, "Jira could not be asked", said(error), status)

    return answer


def said(error: SyncError) -> str:
    """What happened and what to do, in one line."""
    return f"{error} {error.hint}".strip()


def _refusal(request: HttpRequest, heading: str, sentence: str, status: int) -> HttpResponse:
    context = {"heading": heading, "sentence": sentence, "status": status}
    response = render(request, "web/error.html", context, status=status)
    response["X-Reason"] = quote(sentence)
    return response
