"""What every answer tells browsers, and what is believed of a request.  Decides about nobody's rights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
UNUSED: Final = (
    "accelerometer", "autoplay", "camera", "display-capture", "fullscreen",
    "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial",
    "usb", "xr-spatial-tracking",
)  # fmt: skip
ALWAYS: Final[Mapping[str, str]] = {
    "Permissions-Policy": ", ".join(f"{each}=()" for each in UNUSED),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Cache-Control": "no-store",
}
"""Kept where a view says something else; Django and django-csp say the rest."""
PROBES: Final = ("/health/", "/metrics")


def harden(get_response: Answer) -> Answer:
    """Add to every answer what it does not say itself: not kept, not framed, not read elsewhere."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        return response

    return answer


def believe(get_response: Answer) -> Answer:
    """Take the scheme from `PUBLIC_URL`, never from a header that anybody can send.

    We serve plain HTTP behind whatever ends TLS, so `https://` in our address is all there is to
    know.  Probes name the machine by the address they reached it at, which is then no matter.
    """
    scheme = urlsplit(settings.PUBLIC_URL).scheme

    def answer(request: HttpRequest) -> HttpResponseBase:
        request.META["wsgi.url_scheme"] = scheme
        if request.path_info.startswith(PROBES):
            request.META["HTTP_HOST"] = LOOPBACK[0]
        return get_response(request)

    return answer


def hosts_of(public_url: str, workplace_domain: str) -> list[str]:
    """The names we answer to: our own address, the workplaces' below it, and this machine."""
    own = str(urlsplit(public_url).hostname)
    below = [f".{workplace_domain}"] if workplace_domain else []
    return list(dict.fromkeys([f"[{own}]" if ":" in own else own, *below, *LOOPBACK]))


def is_of_this_machine(public_url: str) -> bool:
    """Whether the address is one that only this machine can reach."""
    host = str(urlsplit(public_url).hostname)
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
