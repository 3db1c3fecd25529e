"""Understands what people paste as the address of their Jira.  Nothing is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from duolog.core.errors import Refused
from duolog.jira.dialect import Deployment

# First parts of Jira's own paths: what stands before one of them is the context path.
PAGES: Final = frozenset(
    {"browse", "secure", "projects", "issues", "rest", "plugins", "servicedesk", "dashboard"}
    | {"login", "si", "s", "sr", "wiki", "people", "c", "software", "boards"}
)
PAGE_ENDINGS: Final = (".jspa", ".jsp")
NOT_A_SITE: Final = frozenset({"id", "admin", "www", "start", "home", "support", "auth", "api"})
CLOUD_SUFFIX: Final = ".atlassian.net"
GATEWAY: Final = re.compile(r"^/ex/jira/(?P<cloud_id>[0-9a-fA-F-]{36})(/|$)")
LABEL: Final = re.compile(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")
NUMBER: Final = re.compile(r"^([0-9]+|0x[0-9a-f]*)$")
EXAMPLE: Final = "Paste an address such as https://company.atlassian.net."


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """Where a Jira's REST begins: scheme, host, port and context path, without a final slash.

    `deployment` is a guess from the host; None when only asking the site can tell.
    """

    base_url: str
    deployment: Deployment | None


def understand(pasted: str) -> SiteAddress:
    """The site that `pasted` means: a name, a host, or the address of any page in Jira.

    Raises Refused with a sentence for the person who typed it.
    """
    text = pasted.strip().strip("<>\"'")
    _refuse_what_is_no_address(text)
    if LABEL.match(text.lower()) and text.lower() != "localhost":
        return SiteAddress(f"https://{text.lower()}{CLOUD_SUFFIX}", Deployment.CLOUD)
    parts = _split(text if "://" in text else f"{_scheme_for(text)}://{text}")
    host = (parts.hostname or "").rstrip(".").lower()
    if host == "api.atlassian.com":
        return _gateway(parts)
    if host.endswith(CLOUD_SUFFIX):
        return SiteAddress(f"https://{host}", Deployment.CLOUD)
    _refuse_other_atlassian_pages(host)
    return SiteAddress(f"{parts.scheme}://{_place(parts, host)}{_context(parts.path)}", None)


def _refuse_what_is_no_address(text: str) -> None:
    if not text:
        raise Refused("The address is empty.", hint=EXAMPLE)
    if re.search(r"\s", text):
        raise Refused("An address has no spaces.", hint=EXAMPLE)
    if "@" in text and "://" not in text:
        raise Refused(f"{text} is an e-mail address.", hint=EXAMPLE)


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise Refused(f"{text} is not an address.", hint=EXAMPLE) from error
    if parts.username is not None or parts.password is not None:
        raise Refused(
            "The address has a user name or password in it.",
            hint="Leave it out; the credential has fields of its own.",
        )
    if parts.scheme.lower() not in {"https", "http"}:
        raise Refused(f"{parts.scheme}:// does not lead to a Jira.", hint=EXAMPLE)
    if not _is_host(parts.hostname or "") or port == 0:
        raise Refused(f"{text} is not an address.", hint=EXAMPLE)
    return parts


def _is_host(host: str) -> bool:
    if ":" in host:
        return _is_address(IPv6Address, host)
    try:
        name = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return False
    labels = name.split(".")
    if NUMBER.match(labels[-1]):
        # Other ways of writing one, such as 0177.0.0.1 or 0x7f.1, are read by some programs only.
        return _is_address(IPv4Address, name)
    return all(LABEL.match(label) for label in labels)


def _is_address(kind: type[IPv4Address] | type[IPv6Address], text: str) -> bool:
    try:
        kind(text)
    except AddressValueError:
        return False
    return True


def _scheme_for(text: str) -> str:
    host = text.partition("/")[0].partition(":")[0].lower()
    return "http" if host in {"localhost", "127.0.0.1"} else "https"


def _gateway(parts: SplitResult) -> SiteAddress:
    site = GATEWAY.match(parts.path)
    if site is None:
        raise Refused("This is Atlassian's gateway, not yet a Jira site.", hint=EXAMPLE)
    path = f"/ex/jira/{site['cloud_id'].lower()}"
    return SiteAddress(f"https://api.atlassian.com{path}", Deployment.CLOUD)


def _refuse_other_atlassian_pages(host: str) -> None:
    if host in {"atlassian.net", "atlassian.com"} or (
        host.endswith(".atlassian.com") and host.partition(".")[0] in NOT_A_SITE
    ):
        raise Refused(
            f"{host} belongs to Atlassian, but is not your Jira site.",
            hint="Open a Jira issue in the browser and paste its address.",
        )


def _place(parts: SplitResult, host: str) -> str:
    name = f"[{host}]" if ":" in host else host
    standard = {"https": 443, "http": 80}[parts.scheme.lower()]
    return name if parts.port in {None, standard} else f"{name}:{parts.port}"


def _context(path: str) -> str:
    context: list[str] = []
    for part in filter(None, path.split("/")):
        if part.lower() in PAGES or part.lower().endswith(PAGE_ENDINGS):
            break
        context.append(part)
    return "".join(f"/{part}" for part in context)
