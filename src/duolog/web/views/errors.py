"""What is said when there is no page, or when we made a mistake."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No page has this address."""
    return _error(request, 404, "There is nothing here", "No page has this address. It may have been moved or deleted.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not for this person."""
    return _error(request, 403, "You may not do that", "This page is not for you. Ask an administrator of the workplace.")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from an old page."""
    return _error(request, 403, "This page was open for too long", "Nothing was changed. Load the page again and repeat what you did.")


def broken(request: HttpRequest) -> HttpResponse:
    """A mistake of ours."""
    return _error(request, 500, "Something went wrong here", "The mistake is ours and has been noted. Nothing you wrote was sent anywhere. Try again, or tell your administrator.")


def _error(request: HttpRequest, status: int, heading: str, sentence: str) -> HttpResponse:
    context = {"heading": heading, "sentence": sentence, "status": status}
    return render(request, "web/error.html", context, status=status)
