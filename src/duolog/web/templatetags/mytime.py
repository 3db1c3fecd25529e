"""What the pages of My time draw with: addresses of other days, sums.  No queries."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date

from django import template

from duolog.core.markup import plain_text
from duolog.web.mytime.asked import Asked, View
from duolog.web.mytime.grid import Column

register = template.Library()


@register.filter
def on_day(day: date, asked: Asked) -> str:
    """The query of the same view around another day."""
    return asked.on(day).query


@register.filter
def day_view(day: date, asked: Asked) -> str:
    """The query of that day alone."""
    return asked.on(day, View.DAY).query


@register.filter
def week_view(day: date, asked: Asked) -> str:
    """The query of that day's week."""
    return asked.on(day, View.WEEK).query


@register.filter
def summed(columns: Iterable[Column]) -> int:
    """The seconds of some days."""
    return sum(column.seconds for column in columns)


@register.filter
def in_words(comment: str) -> str:
    """What a reader sees of a comment, on one line."""
    return " ".join(plain_text(comment).split())


@register.filter
def seconds_left(waiting: float) -> str:
    """How long until the next try: 12 s, or 3 min."""
    seconds = max(1, math.ceil(waiting))
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
