"""How tests reach the routes of an installation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from duolog.app.routes import Route


def address_of(route: Route) -> str:
    """The route with `{name}` where the resolver has a converter or a named group."""
    if route.name == "account_reset_password_from_key":
        return "/accounts/password/reset/key/1-set-password/"
    if route.path.startswith("/api/pms/"):
        return "/api/pms/webhook/jira/{webhook_hash}"
    if route.path.startswith("/assets/"):
        return "/assets/{version}/favicon.svg"
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is changed within is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
