"""Creating once: the same `Idempotency-Key` gets the same answer again, for a day."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from pydantic import BaseModel

from duolog.api.callers import caller_of
from duolog.api.models import RememberedAnswer
from duolog.api.problems import Problem, retry_header
from duolog.connections.seal import seal, unseal
from duolog.people.errors import Invalid
from duolog.people.text import is_storable
from duolog.worklogs.own.acts import Act

KEPT: Final = timedelta(days=1)
GIVEN_UP_AFTER: Final = timedelta(minutes=2)
_KEY_MAX: Final = 200


def create_once(
    request: HttpRequest, create: Callable[[], BaseModel], *, content: bytes | None = None
) -> HttpResponse:
    """201 with what `create` made, or made before for this key: both in one transaction.

    A refusal is not remembered, since nothing was made.  `content` stands for a body that is
    never written twice in the same way, such as multipart with its boundary.
    """
    key = _key(request)
    if not key:
        return created(_json(create()))
    with transaction.atomic():
        fingerprint = _fingerprint(request, request.body if content is None else content)
        row, is_first = _claim(request, key, fingerprint)
        if not is_first:
            return created(_remembered(row, fingerprint))
        body = _json(create())
        row.sealed_body = _sealed(body)
        row.save(update_fields=["sealed_body"])
    return created(body)


def create_once_in_jira(request: HttpRequest, create: Callable[[], BaseModel]) -> HttpResponse:
    """The same where `create` asks Jira, so that no transaction may span it.

    While one request is under way, others with its key are told to wait.
    """
    key = _key(request)
    if not key:
        return created(_json(create()))
    with transaction.atomic():
        fingerprint = _fingerprint(request, request.body)
        row, is_first = _claim(request, key, fingerprint)
        if not is_first and not _take_over(row):
            return created(_remembered(row, fingerprint))
    with _forgotten_on_failure(row):
        body = _json(create())
    RememberedAnswer.objects.filter(pk=row.pk).update(sealed_body=_sealed(body))
    return created(body)


def created(body: dict[str, Any]) -> HttpResponse:
    """201, with the ETag of what has a version."""
    headers = {"ETag": etag(body["version"])} if "version" in body else {}
    return JsonResponse(body, status=201, headers=headers)


def etag(version: int | str) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def _json(shape: BaseModel) -> dict[str, Any]:
    return shape.model_dump(mode="json")


def act_of(request: HttpRequest) -> Act | None:
    """The number of what the request asks for, where it comes with a key: the same each time.

    Whoever stores it with what is made knows it again, even if the answer was never remembered.
    """
    key = _key(request)
    if not key:
        return None
    said = f"{caller_of(request).member.pk} {key} {_fingerprint(request, request.body)}"
    return Act(uuid.uuid5(uuid.NAMESPACE_URL, said))


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > _KEY_MAX or not is_storable(key):
        raise Invalid({"Idempotency-Key": f"A key has at most {_KEY_MAX} plain characters."})
    return key


def _claim(request: HttpRequest, key: str, fingerprint: str) -> tuple[RememberedAnswer, bool]:
    """The row of this key, and whether this request is the first with it."""
    member, now = caller_of(request).member, timezone.now()
    answers = RememberedAnswer.objects.filter(member=member)
    answers.filter(claimed_at__lt=now - KEPT).delete()
    return RememberedAnswer.objects.get_or_create(
        member=member,
        key=key,
        defaults={"fingerprint": fingerprint, "claimed_at": now},
    )


def _fingerprint(request: HttpRequest, content: bytes) -> str:
    asked = f"{request.method} {request.get_full_path()}\n".encode() + content
    return hashlib.sha256(asked).hexdigest()


def _remembered(row: RememberedAnswer, fingerprint: str) -> dict[str, Any]:
    if row.fingerprint != fingerprint:
        raise Invalid({"Idempotency-Key": "This key was used for another request: take a new one."})
    if row.sealed_body is None:
        raise Problem(409, "Ask again for its answer.", retry_header(timedelta(seconds=2)))
    return dict(json.loads(unseal(row.sealed_body)))


def _sealed(body: Mapping[str, Any]) -> bytes:
    return seal(json.dumps(body))


def _take_over(row: RememberedAnswer) -> bool:
    """Whether the first request must have died, and its place is ours now."""
    now = timezone.now()
    left = RememberedAnswer.objects.filter(
        pk=row.pk, sealed_body=None, claimed_at__lt=now - GIVEN_UP_AFTER
    )
    return left.update(claimed_at=now) == 1


@contextmanager
def _forgotten_on_failure(row: RememberedAnswer) -> Iterator[None]:
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            RememberedAnswer.objects.filter(pk=row.pk).delete()
