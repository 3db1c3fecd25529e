"""Members whom texts mention: by links, and by their names as people type them.  Writes nothing."""

from __future__ import annotations

import re
from collections import Counter

from duolog.core.markup import mention_of, mentioned_members
from duolog.people.models import Member, Workplace


def newly_mentioned(workplace_id: int, before: str, after: str) -> tuple[Member, ...]:
    """The members whom a text mentions now, and did not before."""
    ids = mentioned_members(after) - mentioned_members(before)
    if not ids:
        return ()
    members = Member.objects.filter(workplace=workplace_id, pk__in=map(int, ids), left_at=None)
    return tuple(members)


def with_typed_mentions(workplace: Workplace, text: str) -> str:
    """A text as a person typed it, with `@` and a whole name that one member bears as a mention.

    What stands in brackets or in code is left alone.
    """
    if "@" not in text:
        return text
    members = Member.objects.filter(workplace=workplace, left_at=None).select_related("user")
    names = [(member.name, str(member.pk)) for member in members if f"@{member.name}" in text]
    borne = Counter(name for name, _ in names)
    ids = {name: pk for name, pk in names if borne[name] == 1}
    if not ids:
        return text
    longest_first = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    pattern = re.compile(rf"(?P<code>`+).*?(?P=code)|(?<![\w\[@/.\\])@(?P<name>{longest_first})(?!\w)",
                         re.DOTALL)  # fmt: skip
    return pattern.sub(
        lambda it: mention_of(ids[it["name"]], it["name"]) if it["name"] else it[0], text
    )
