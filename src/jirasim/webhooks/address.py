"""The address that a delivery goes to, with its variables filled in (jira.md 7.1).  Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode, urlsplit

from jirasim.webhooks.subjects import identity

if TYPE_CHECKING:
    from jirasim.site.events import Event
    from jirasim.site.product import Product
    from jirasim.site.state import Site

DOLLARLESS_SINCE: Final = (10,)
"""Server before that writes `${issue.key}`, later ones `{issue.key}`."""


def filled(url: str, site: Site, event: Event) -> str:
    """The address with its variables, and on Server perhaps with who acted."""
    for name, value in _variables(site, event).items():
        shown = quote(value, safe="")
        for form in _forms(site.product, name):
            url = url.replace(form, shown)
    if site.product.cloud or not site.state.settings.webhook_user_parameters:
        return url
    user = site.state.users[event.actor]
    said = urlencode({"user_id": user.name, "user_key": user.key})
    return f"{url}{'&' if urlsplit(url).query else '?'}{said}"


def _forms(product: Product, name: str) -> tuple[str, ...]:
    """How an address writes a variable; Cloud also knows the older way."""
    old, new = f"${{{name}}}", f"{{{name}}}"
    if product.cloud:
        return old, new
    return (new,) if product.version >= DOLLARLESS_SINCE else (old,)


def _variables(site: Site, event: Event) -> dict[str, str]:
    """What an address may name (jira.md 7.1)."""
    values = {}
    project_id = ""
    if event.issue is not None:
        values = {"issue.id": event.issue.id, "issue.key": event.issue.key}
        project_id = event.issue.project_id
    if (found := identity(event.subject)) is not None:
        kind, number = found
        values[f"{kind}.id"] = number
        project_id = number if kind == "project" else project_id
    if (project := site.state.projects.get(project_id)) is not None:
        values |= {"project.id": project.id, "project.key": project.key}
    for name, entry in (("comment", event.comment), ("worklog", event.worklog)):
        if entry is not None:
            values[f"{name}.id"] = entry.id
    return values
