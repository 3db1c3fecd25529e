"""Keeps requests away from addresses inside our own network, whatever a name resolves to.

The address that was checked is the one connected to, so that a name cannot change its mind
in between; `Host` and the TLS name stay those of the site.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias

import httpx2

from duolog.jira.troubles import Trouble, barred

Address: TypeAlias = IPv4Address | IPv6Address
Resolve: TypeAlias = Callable[[str, int], tuple[Address, ...]]

# Where clouds keep the credentials of a machine, outside the link-local range.
METADATA: Final[frozenset[Address]] = frozenset(
    {ip_address("100.100.100.200"), ip_address("fd00:ec2::254"), ip_address("192.0.0.192")}
)
# Networks whose addresses end in an IPv4 address: NAT64 (RFC 6052, 8215), IPv4-translated
# (RFC 2765), and IPv4-compatible (RFC 4291, to which `::` and `::1` do not belong).
CARRYING: Final = (
    IPv6Network("64:ff9b::/96"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("::ffff:0:0:0/96"),
    IPv6Network("::/96"),
)
TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """Which hosts may be reached.  Link-local and metadata addresses never are."""

    allow_private: bool = False
    allow_http: bool = False

    def objection(self, address: Address) -> str | None:
        """What is wrong with connecting to `address`, or None."""
        inner = unwrapped(address)
        if inner in METADATA or inner.is_link_local:
            return "is where machines keep secrets"
        if inner.is_multicast or inner.is_unspecified or inner == ip_address("255.255.255.255"):
            return "is no single machine"
        is_site_local = isinstance(inner, IPv6Address) and inner.is_site_local
        if (is_site_local or not inner.is_global) and not self.allow_private:
            return "is inside a private network"
        return None


DEFAULT_POLICY: Final = HostPolicy()


class UnknownName(httpx2.ConnectError):
    """The name of a host leads nowhere."""

    def __init__(self, host: str) -> None:
        super().__init__(f"The name {host} is not known.")
        self.host = host


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address carries (mapped, 6to4, NAT64 …), or itself."""
    if isinstance(address, IPv4Address) or address.is_loopback or address.is_unspecified:
        return address
    if any(address in network for network in CARRYING):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def resolve(host: str, port: int) -> tuple[Address, ...]:
    """All addresses of `host`, in the order the system prefers."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UnknownName(host) from error
    texts = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)
    return tuple(ip_address(text) for text in texts)


class PinnedTransport(httpx2.BaseTransport):
    """Connects only to addresses that the policy allows, and exactly to those it checked."""

    def __init__(
        self, inner: httpx2.BaseTransport, policy: HostPolicy, *, resolve: Resolve = resolve
    ) -> None:
        self._inner = inner
        self._policy = policy
        self._resolve = resolve

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send `request`.  Raises Barred for an address that is out of bounds."""
        addresses = self._checked(request.url)
        for address in addresses[:-1]:
            try:
                return self._inner.handle_request(_pinned(request, address))
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue
        return self._inner.handle_request(_pinned(request, addresses[-1]))

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    def _checked(self, url: httpx2.URL) -> tuple[Address, ...]:
        if url.scheme != "https" and not (url.scheme == "http" and self._policy.allow_http):
            raise barred(Trouble.UNENCRYPTED, None, host=url.host)
        addresses = self._resolve(url.host, url.port or (443 if url.scheme == "https" else 80))
        for address in addresses:
            objection = self._policy.objection(address)
            if objection:
                raise barred(
                    Trouble.OUT_OF_BOUNDS,
                    None,
                    host=url.host,
                    address=address,
                    objection=objection,
                )
        if not addresses:
            raise UnknownName(url.host)
        return addresses[:TRIES]


def _pinned(request: httpx2.Request, address: Address) -> httpx2.Request:
    return httpx2.Request(
        request.method,
        request.url.copy_with(host=str(address)),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )
