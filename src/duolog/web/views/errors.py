"""What is said when there is no page, or when we made a mistake."""

from __future__ import annotations

import sys
from urllib.parse import quote

from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No request of ours looks like that: another host's name, too many fields, broken cookies."""
    sentence = "The request cannot be read. Go back and try again from the page itself."
    if isinstance(exception, DisallowedHost):
        sentence = (
            "This installation does not answer to that name. Use its own address; an "
            "administrator sets it with DUOLOG_PUBLIC_URL."
        )
    return _error(request, 400, "That request was not understood", sentence)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No page has this address, or what it names is gone."""
    standard = "No page has this address. It may have been moved or deleted."
    return _error(request, 404, "There is nothing here", _said(exception) or standard)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not for this person."""
    standard = "This page is not for you. Ask an administrator of the workplace."
    return _error(request, 403, "You may not do that", _said(exception) or standard)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from an old page."""
    advice = "Nothing was changed. Load the page again and repeat what you did."
    heading = "This page was open for too long"
    return _error(request, 403, heading, f"{advice} ({reason})" if reason else advice)


def too_many(request: HttpRequest) -> HttpResponse:
    """More tries than a person makes."""
    sentence = "That was tried too often. Wait a few minutes, then try again."
    return _error(request, 429, "Too many tries", sentence)


def broken(request: HttpRequest) -> HttpResponse:
    """A mistake of ours, or a database that does not answer."""
    if isinstance(sys.exception(), InterfaceError | OperationalError):
        return _without_database()
    sentence = "The mistake is ours and has been noted. Try again, or tell your administrator."
    return _error(request, 500, "Something went wrong here", sentence)


def _without_database() -> HttpResponse:
    """Drawn without the request, which would ask the database who is signed in."""
    sentence = "The database cannot be reached just now. Try again; of a change, look first whether it was made."
    context = {"heading": "Not possible at the moment", "sentence": sentence, "status": 503}
    answer = HttpResponse(render_to_string("web/error.html", context), status=503)
    answer["X-Reason"], answer["Retry-After"] = quote(sentence), "5"
    return answer


def _said(exception: Exception) -> str:
    """The exception's own sentence, where a person wrote one."""
    words = exception.args[0] if exception.args else ""
    return words if isinstance(words, str) else ""


def _error(request: HttpRequest, status: int, heading: str, sentence: str) -> HttpResponse:
    context = {"heading": heading, "sentence": sentence, "status": status}
    answer = render(request, "web/error.html", context, status=status)
    answer["X-Reason"] = quote(sentence)
    return answer
