"""Quick find: items that have a word beginning with each word asked for, the key's owner first."""

from __future__ import annotations

from typing import Final

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from duolog.people.models import Workplace
from duolog.workplace.models import SearchWord, WorkItem
from duolog.workplace.queries.rows import live_items, read_rows
from duolog.workplace.words import end_of, terms_of

FOUND: Final = 20


def find(workplace: Workplace, text: str, limit: int = FOUND) -> tuple[WorkItem, ...]:
    """The best hits: the item of that key, then titles, then the rest; the latest changed first."""
    asked = text.strip()
    if not terms_of(asked):
        return ()
    nearness = Case(
        When(key__iexact=asked, then=Value(0)),
        When(title__icontains=asked, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    hits = matching(live_items(workplace), asked).annotate(nearness=nearness)
    best = hits.order_by("nearness", "-updated_at", "-pk").values_list("pk", flat=True)
    return read_rows(best[:limit])


def matching(items: QuerySet[WorkItem], text: str) -> QuerySet[WorkItem]:
    """Those of the items that hold every word of the text, each as the beginning of a word.

    A text without a letter or digit matches nothing.
    """
    terms = terms_of(text)
    if not terms:
        return items.none()
    for term in terms:
        begins = Q(word__gte=term, word__lt=end_of(term))
        items = items.filter(pk__in=SearchWord.objects.filter(begins).values("work_item"))
    return items
