"""The kinds of issue links, which administrators add, rename and delete."""

from collections.abc import Mapping
from dataclasses import replace

from jirasim.site.errors import Refusal
from jirasim.site.model import LinkType, User
from jirasim.site.permissions import may
from jirasim.site.state import Site

Json = Mapping[str, object]


def named(site: Site, id_or_name: str) -> LinkType | None:
    """By id, or by name in any case."""
    wanted, types = id_or_name.casefold(), site.state.link_types.values()
    return next((one for one in types if wanted in (one.id, one.name.casefold())), None)


def find(site: Site, type_id: str) -> LinkType:
    """By id.  Raises Refusal 400 for what is no number, 404 for what is not there."""
    if not type_id.isdigit():
        raise Refusal(400, f"The issue link type id '{type_id}' is not valid.")
    found = site.state.link_types.get(type_id)
    if found is None:
        raise Refusal(404, f"No issue link type with id '{type_id}' found.")
    return found


def create(site: Site, actor: User, body: Json) -> LinkType:
    """Add a type; its three texts are needed."""
    _require_admin(actor)
    texts = {name: str(body.get(name) or "").strip() for name in ("name", "inward", "outward")}
    missing = {name: f"You must specify the '{name}'." for name in texts if not texts[name]}
    if missing:
        raise Refusal(400, fields=missing)
    _refuse_twice(site, texts["name"])
    made = LinkType(site.next_id("link type"), **texts)
    site.state.link_types[made.id] = made
    return made


def edit(site: Site, actor: User, type_id: str, body: Json) -> LinkType:
    """Change what is named."""
    _require_admin(actor)
    before = find(site, type_id)
    given = {name: str(body[name]) for name in ("name", "inward", "outward") if body.get(name)}
    if given.get("name", before.name).casefold() != before.name.casefold():
        _refuse_twice(site, given["name"])
    after = replace(before, **given)
    site.state.link_types[type_id] = after
    return after


def remove(site: Site, actor: User, type_id: str) -> None:
    """Delete a type and its links, which nobody is told of."""
    _require_admin(actor)
    kind = find(site, type_id)
    for link in tuple(site.state.links.values()):
        if link.type_id == kind.id:
            site.untie(link)
    del site.state.link_types[type_id]


def _require_admin(actor: User) -> None:
    if not may(actor, "ADMINISTER", None):
        raise Refusal(404, "You do not have permission to manage issue link types.")


def _refuse_twice(site: Site, name: str) -> None:
    if any(one.name.casefold() == name.casefold() for one in site.state.link_types.values()):
        raise Refusal(404, fields={"name": "Another link type with this name already exists."})
