"""Every address with what it needs to be let in, read from the views: complete, or no start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver

from duolog.api.rest import api
from duolog.people.needs import Door, Need, find_need

API: Final = "/api/v1"
_ANYBODY: Final = Need(Door.ANYBODY, Door.ANYBODY)
_SIGNED_IN: Final = Need(Door.SIGNED_IN, Door.SIGNED_IN)
_ADDRESS: Final = Need(Door.ADDRESS, Door.ADDRESS)
OF_PACKAGES: Final[Mapping[str, Need]] = {
    "api:api-root": _ANYBODY,
    "api:openapi-json": _ANYBODY,
    "account_login": _ANYBODY,
    "account_logout": _ANYBODY,
    "account_change_password": _SIGNED_IN,
    "account_reset_password": _ANYBODY,
    "account_reset_password_done": _ANYBODY,
    "account_reset_password_from_key": _ADDRESS,
    "account_reset_password_from_key_done": _ANYBODY,
    "account_reauthenticate": _SIGNED_IN,
    "account_email": _SIGNED_IN,
    "account_confirm_email": _ADDRESS,
    "account_set_password": _SIGNED_IN,
    "mfa_authenticate": _ANYBODY,
    "mfa_reauthenticate": _SIGNED_IN,
    "mfa_activate_totp": _SIGNED_IN,
    "mfa_deactivate_totp": _SIGNED_IN,
    "mfa_view_recovery_codes": _SIGNED_IN,
    "mfa_generate_recovery_codes": _SIGNED_IN,
    "mfa_download_recovery_codes": _SIGNED_IN,
    "mfa_login_webauthn": _ANYBODY,
    "mfa_add_webauthn": _SIGNED_IN,
    "mfa_remove_webauthn": _SIGNED_IN,
    "mfa_reauthenticate_webauthn": _SIGNED_IN,
}
"""What the views of packages need, by name, since they cannot state it themselves."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address as the resolver knows it; without `method` its view tells which it takes."""

    path: str
    name: str
    need: Need
    method: str = ""


def list_routes() -> tuple[Route, ...]:
    """All routes, by address.  Raises TypeError, naming every route that states no need."""
    found = [*_routes_of_api(), *_routes_of_views()]
    silent = sorted(route.path for route, need in found if need is None)
    if silent:
        raise TypeError(
            f"{', '.join(silent)}: say what right is needed, with @workplace_page(Right…) or "
            "@states(…), or in OF_PACKAGES for a view of a package."
        )
    routes = [route for route, _ in found]
    return tuple(sorted(routes, key=lambda route: (route.path, route.method)))


def _routes_of_api() -> Iterator[tuple[Route, Need | None]]:
    document = api.get_openapi_schema(path_prefix="")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = operation["operationId"]
            need = api.needs[name]
            yield Route(f"{API}{path}", name, need, method.upper()), need


def _routes_of_views() -> Iterator[tuple[Route, Need | None]]:
    for path, name, view in _views(get_resolver().url_patterns, "/", ()):
        if not path.startswith(f"{API}/") or find_need(view) or name in OF_PACKAGES:
            need = find_need(view) or OF_PACKAGES.get(name)
            yield Route(path, name, need or _ANYBODY), need


def _views(
    patterns: Iterable[URLPattern | URLResolver], prefix: str, spaces: tuple[str, ...]
) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    for each in patterns:
        path = f"{prefix}{each.pattern}"
        if isinstance(each, URLResolver):
            inner = (*spaces, each.namespace) if each.namespace else spaces
            yield from _views(each.url_patterns, path, inner)
        else:
            yield path, ":".join((*spaces, each.name or "")), each.callback
