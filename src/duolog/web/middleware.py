"""What happens to every request before its view."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from duolog.people.sessions import Noted, note_session

Answer = Callable[[HttpRequest], HttpResponseBase]


def answer_at_names(get_response: Answer) -> Answer:
    """Have a workplace answer at SLUG.domain: its own pages there, others at our own address."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        slug = _slug_of(request)
        if not slug:
            return get_response(request)
        if request.path == "/":
            return HttpResponseRedirect(f"/w/{slug}/")
        if request.path.startswith("/w/") and request.path.split("/")[2] != slug:
            return HttpResponseRedirect(f"{settings.PUBLIC_URL}{request.get_full_path()}")
        request.META.setdefault("HTTP_X_WORKPLACE", slug)
        return get_response(request)

    return answer


def _slug_of(request: HttpRequest) -> str:
    """The workplace that the name in the address means; nothing for our own name."""
    domain = settings.WORKPLACE_DOMAIN
    host = request.get_host().partition(":")[0].lower()
    if not domain or host == urlsplit(settings.PUBLIC_URL).hostname:
        return ""
    name, _, rest = host.partition(".")
    return name if rest == domain else ""


def note_sessions(get_response: Answer) -> Answer:
    """Note every few minutes that a session is in use, so that its owner can tell them apart."""
    noted = Noted()

    def answer(request: HttpRequest) -> HttpResponseBase:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if key and noted.is_due(key) and request.user.is_authenticated:
            note_session(request)
        return get_response(request)

    return answer
