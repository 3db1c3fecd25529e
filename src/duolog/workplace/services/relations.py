"""Every write to relations between work items, and to web links."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction

from duolog.people.errors import Invalid
from duolog.people.text import is_storable
from duolog.workplace.actors import Actor
from duolog.workplace.lookups import lock_items, lock_relation, lock_web_link
from duolog.workplace.models import (
    OWN_READINGS,
    Reading,
    Relation,
    RelationKind,
    WebLink,
    WorkItem,
)
from duolog.workplace.record import Entry, record

URL_MAX: Final = 2000
TITLE_MAX: Final = 255
_SCHEMES: Final = frozenset({"http", "https"})
_UNFIT: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")


@transaction.atomic
def add_relation(item_id: int, reading: Reading, other_id: int, *, actor: Actor) -> Relation:
    """Have the item stand so to the other one; both count as changed.

    Where it does so already, nothing is written.  The two may not each block, or duplicate,
    the other.
    """
    if item_id == other_id:
        raise Invalid({"work_item": "A work item has no relation to itself. Choose another one."})
    item, other = _lock_pair(item_id, other_id, actor)
    kind = _kind(item, reading)
    first, second = (other, item) if reading.is_told_by_second else (item, other)
    present = _find(first, second, reading)
    if present is not None:
        if present.reading_of(item) != reading:
            told = f"{item.key} {present.reading_of(item).words} {other.key} already."
            raise Invalid({"type": f"{told} Remove that relation first."})
        return present
    relation = Relation.objects.create(
        from_item=first, to_item=second, type=reading.type, kind=kind
    )
    for end, at_end in ((item, reading), (other, reading.inverse)):
        after = f"{at_end.words} {relation.other_than(end).key}"
        record(end, [Entry("related", after=after)], actor)
    return relation


@transaction.atomic
def remove_relation(relation_id: int, *, actor: Actor) -> None:
    """Take the relation away from both of its items."""
    relation = lock_relation(relation_id, actor)
    for end in (relation.from_item, relation.to_item):
        before = f"{relation.reading_of(end).words} {relation.other_than(end).key}"
        record(end, [Entry("relation removed", before=before)], actor)
    relation.delete()


@transaction.atomic
def add_web_link(item_id: int, url: str, title: str = "", *, actor: Actor) -> WebLink:
    """Have the address on the item, under the title or its own words; once only.

    One that is there already takes the title, if one is given.
    """
    (item,) = lock_items([item_id], actor)
    address, given = _address(url), _title(title)
    link, is_new = WebLink.objects.get_or_create(
        work_item=item,
        url=address,
        defaults={"title": given or _words(address), "added_by": actor.member},
    )
    if is_new:
        record(item, [Entry("web link added", after=link.title)], actor)
    elif given and given != link.title:
        record(item, [Entry("web link renamed", before=link.title, after=given)], actor)
        link.title = given
        link.save(update_fields=["title"])
    return link


@transaction.atomic
def remove_web_link(web_link_id: int, *, actor: Actor) -> None:
    """Take the address off its item; the activity keeps its title and address."""
    link = lock_web_link(web_link_id, actor)
    before = link.title if link.url.endswith(link.title) else f"{link.title} ({link.url})"
    record(link.work_item, [Entry("web link removed", before=before)], actor)
    link.delete()


def _lock_pair(item_id: int, other_id: int, actor: Actor) -> tuple[WorkItem, WorkItem]:
    found = {item.pk: item for item in lock_items([item_id, other_id], actor)}
    item, other = found[item_id], found[other_id]
    if item.team.workplace_id != other.team.workplace_id:
        raise Invalid({"work_item": "Choose a work item of the same workplace."})
    return item, other


def _kind(item: WorkItem, reading: Reading) -> RelationKind | None:
    """The kind that the workplace added for the reading, locked so that nobody removes it now."""
    if reading in OWN_READINGS:
        return None
    kinds = RelationKind.objects.select_for_update(no_key=True)
    kind = kinds.filter(workplace=item.team.workplace_id, value=reading.type).first()
    if kind is None:
        raise Invalid({"type": "There is no such kind of relation any more. Choose another one."})
    return kind


def _find(first: WorkItem, second: WorkItem, reading: Reading) -> Relation | None:
    """The relation of this type between the two, whichever comes first; both are locked."""
    pair = (first, second)
    relations = Relation.objects.select_related("from_item", "to_item", "kind")
    return relations.filter(from_item__in=pair, to_item__in=pair, type=reading.type).first()


def _address(url: str) -> str:
    address = url.strip()
    if len(address) > URL_MAX or not is_storable(address) or _UNFIT.search(address):
        raise Invalid({"url": f"An address has at most {URL_MAX} characters, and no blanks."})
    try:
        parts = urlsplit(address)
        is_web = parts.scheme.lower() in _SCHEMES and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web:
        raise Invalid({"url": "Write an address that begins with https:// or http://."})
    return address


def _title(title: str) -> str:
    line = " ".join(title.split())
    if len(line) > TITLE_MAX or not is_storable(line):
        raise Invalid({"title": f"A title has at most {TITLE_MAX} plain characters."})
    return line


def _words(address: str) -> str:
    """The address without its scheme, cut where it is too long for a title."""
    bare = address.partition("://")[2].rstrip("/")
    return bare if len(bare) <= TITLE_MAX else f"{bare[: TITLE_MAX - 1]}…"
