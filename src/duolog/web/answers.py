"""The few kinds of answer htmx understands, by name."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event


def with_toast(
    response: HttpResponse, text: str, *, undo: str = "", kind: str = "ok"
) -> HttpResponse:
    """The same answer, which also says a few words at the corner, with an undo if there is one."""
    detail = {"text": text, "kind": kind} | ({"undo": undo} if undo else {})
    trigger_client_event(response, "toast", detail)
    return response


def done(text: str = "", *, undo: str = "") -> HttpResponse:
    """Done; nothing to put in place.  Parts of the page that show it refresh themselves."""
    response = HttpResponse(status=204)
    trigger_client_event(response, "refresh", {})
    return with_toast(response, text, undo=undo) if text else response


def go(url: str, *, toast: str = "") -> HttpResponse:
    """Go to another page, which says the words."""
    response = HttpResponseClientRedirect(url)
    if toast:
        response["HX-Trigger"] = json.dumps({"toast": {"text": toast}})
    return response


def leave(request: HttpRequest, url: str) -> HttpResponse:
    """Go to another page, whether htmx asked or the browser itself."""
    return go(url) if request.headers.get("HX-Request") else redirect(url)
