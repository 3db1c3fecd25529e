"""Answers that Django gives before the API is reached, made problem+json like all others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from duolog.api.problems import CONTENT_TYPE, TITLES, problem

PREFIX: Final = "/api/v1/"
_SENTENCES: Final = {
    404: "The API has no such address. See /api/v1/docs.",
    405: "See /api/v1/docs for what this address takes.",
}


def only_problems(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Replace error pages under the API's addresses; headers such as Allow stay."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code < 400 or not request.path.startswith(PREFIX):
            return response
        if response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
            return response
        status = response.status_code
        detail = _SENTENCES.get(status) or TITLES.get(status, "That was not possible")
        kept = {name: response[name] for name in ("Allow",) if name in response}
        return problem(status, detail, headers=kept)

    return answer
