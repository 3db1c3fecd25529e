"""What happens to every request before its view."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from duolog.people.sessions import Noted, note_session

Answer = Callable[[HttpRequest], HttpResponseBase]


def note_sessions(get_response: Answer) -> Answer:
    """Note every few minutes that a session is in use, so that its owner can tell them apart."""
    noted = Noted()

    def answer(request: HttpRequest) -> HttpResponseBase:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if key and noted.is_due(key) and request.user.is_authenticated:
            note_session(request)
        return get_response(request)

    return answer
