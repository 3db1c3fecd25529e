"""Refusals as application/problem+json: one table from exceptions to answers.  Decides nothing else."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from duolog.connections.gate import GateFull
from duolog.connections.seal import SealBroken
from duolog.core.errors import Refused, Retryable, SyncError
from duolog.people.errors import Forbidden, Invalid, NotFound, Outdated, Stale

log = logging.getLogger(__name__)

CONTENT_TYPE: Final = "application/problem+json"
TRY_AGAIN_IN: Final = timedelta(seconds=5)
TITLES: Final[Mapping[int, str]] = {
    400: "The request cannot be read",
    401: "Sign in first",
    403: "You may not do that",
    404: "There is nothing here",
    405: "This address does not take that method",
    409: "Not as things stand now",
    412: "It was changed meanwhile",
    413: "The request is too large",
    422: "That cannot be stored",
    429: "Too many requests",
    500: "A mistake of ours",
    503: "Not possible at the moment",
}
_SIGN_IN: Final = (
    "Send `Authorization: Bearer TOKEN`. Make a token under Settings, API tokens, or with "
    "`duolog token create`."
)
_NO_DATABASE: Final = "The database cannot be reached just now. Try again; of a change, look first whether it was made."
_BROKEN: Final = "The mistake is ours and has been noted. Nothing was lost; try again."


class Problem(Exception):
    """A refusal of the API itself, with its status and headers."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = headers or {}


def problem(
    status: int,
    detail: str,
    errors: Iterable[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer that says why nothing was done; `errors` has one sentence per field."""
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, "That was not possible"),
        "status": status,
        "detail": detail,
        "errors": list(errors),
    }
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, headers=dict(headers or {}))


def retry_header(wait: timedelta | None) -> dict[str, str]:
    """`Retry-After` in whole seconds, at least one."""
    seconds = (wait or TRY_AGAIN_IN).total_seconds()
    return {"Retry-After": str(max(1, math.ceil(seconds)))}


def register(api: NinjaAPI) -> None:
    """Have every exception answered by its row of the table."""
    for kind, answer in _ANSWERS.items():
        api.add_exception_handler(kind, answer)


def _own(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status, str(error), headers=error.headers)


def _http(_request: HttpRequest, error: Any) -> HttpResponse:
    if error.status_code == 401:
        return problem(401, _SIGN_IN, headers={"WWW-Authenticate": "Bearer"})
    return problem(error.status_code, str(error))


def _unreadable(_request: HttpRequest, error: Any) -> HttpResponse:
    """The framework places each error, such as ("body", "body", "title"); we name the field."""
    errors = [{"field": _field(each["loc"]), "message": str(each["msg"])} for each in error.errors]
    detail = " ".join(f"{each['field']}: {each['message']}." for each in errors)
    return problem(422, detail, errors)


def _field(place: Iterable[object]) -> str:
    where, *names = (str(part) for part in place)
    return ".".join(names[1:] if where == "body" and len(names) > 1 else names)


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    errors = [{"field": name, "message": words} for name, words in error.errors.items()]
    return problem(422, str(error), errors)


def _stale(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(412, str(error), headers={"ETag": f'"{error.version}"'})


def _jira_refused(_request: HttpRequest, error: Any) -> HttpResponse:
    fields = error.fields.items() if isinstance(error, Refused) else ()
    errors = [{"field": name, "message": words} for name, words in fields]
    return problem(422, f"{error} {error.hint}".strip(), errors)


def _jira_busy(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(503, f"{error} {error.hint}".strip(), headers=retry_header(error.retry_after))


def _gate_full(_request: HttpRequest, error: Any) -> HttpResponse:
    wait = timedelta(seconds=error.retry_after_seconds)
    return problem(503, str(error), headers=retry_header(wait))


def _no_database(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("The database did not answer at %s %s: %s", request.method, request.path, error)
    return problem(503, _NO_DATABASE, headers=retry_header(None))


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("The API failed at %s %s", request.method, request.path, exc_info=error)
    return problem(500, _BROKEN)


_ANSWERS: Final[Mapping[type[Exception], Any]] = {
    Problem: _own,
    HttpError: _http,
    ValidationError: _unreadable,
    Invalid: _invalid,
    Stale: _stale,
    Outdated: lambda _request, error: problem(409, str(error)),
    Forbidden: lambda _request, error: problem(403, str(error)),
    NotFound: lambda _request, error: problem(404, str(error)),
    MultiPartParserError: lambda _request, error: problem(400, f"{error}."),
    RequestDataTooBig: lambda _request, _error: problem(413, "A request has at most 26 MB."),
    SealBroken: lambda _request, error: problem(503, str(error)),
    GateFull: _gate_full,
    Retryable: _jira_busy,
    SyncError: _jira_refused,
    OperationalError: _no_database,
    InterfaceError: _no_database,
    Exception: _broken,
}
