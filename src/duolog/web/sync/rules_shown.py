"""The rules of a binding control by control, so that of two who save them neither is overwritten.

A control that takes several choices is one text here.  Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.http import QueryDict

from duolog.core.directions import SlotDirection
from duolog.web.seen import SEVERAL, Shown
from duolog.web.sync.binding_rules import CONFLICTS, DELETES, DIRECTIONS, Chosen
from duolog.web.sync.narrowing import DIRECTIONS_OF_FIELDS, Narrowing, names
from duolog.workplace.models import WorkItemType

_TAKING_SEVERAL: Final = ("only_type", "only_status")
_ALWAYS_SENT: Final = frozenset(
    {"direction", "conflict_policy", "on_delete_jira", "on_delete_here"}
)


def shown_rules(
    chosen: Chosen, narrow: Narrowing, statuses: Sequence[tuple[str, str]]
) -> dict[str, Shown]:
    """What the form shows of the rules; the statuses as (id, name)."""
    deleted = dict(DELETES)
    return {
        "direction": Shown(
            "Direction", chosen.direction, {each.value: each.title for each in DIRECTIONS}
        ),
        "conflict_policy": Shown(
            "When both sides change the same field", chosen.conflict_policy, dict(CONFLICTS)
        ),
        "on_delete_jira": Shown(
            "When an item is deleted here, its issue in Jira", chosen.on_delete_jira, deleted
        ),
        "on_delete_here": Shown(
            "When an issue is deleted in Jira, its item here", chosen.on_delete_here, deleted
        ),
        **_narrowed(narrow, statuses),
    }


def _narrowed(narrow: Narrowing, statuses: Sequence[tuple[str, str]]) -> dict[str, Shown]:
    ways = dict(DIRECTIONS_OF_FIELDS)
    types = {value: str(words) for value, words in WorkItemType.choices}
    both = SlotDirection.BOTH.value
    return {
        **{
            f"field-{name}": Shown(words, narrow.fields.get(name, both), ways)
            for name, words in names().items()
        },
        "only_type": _several("Only items of these types", narrow.types, types),
        "only_status": _several("Only items in these statuses", narrow.statuses, dict(statuses)),
        "only_labels": Shown("Only items with one of these labels", narrow.labels),
        "jql": Shown("Only new issues that this JQL finds", narrow.jql),
        "restricted_comments": Shown(
            "Comments that Jira restricts",
            "1" if narrow.restricted_comments else "",
            {"1": "Bring them here, too", "": "Leave them in Jira"},
        ),
    }


def _several(label: str, chosen: Sequence[str], words: Mapping[str, str]) -> Shown:
    return Shown(label, SEVERAL.join(sorted(it for it in chosen if it in words)), words)


def drawn(form: QueryDict, shown: Mapping[str, Shown]) -> dict[str, Shown]:
    """Those controls that the form had: what it sends, and what narrows, which may send nothing."""
    may_send_nothing = shown.keys() - _ALWAYS_SENT if "narrow" in form else frozenset()
    return {name: each for name, each in shown.items() if name in form or name in may_send_nothing}


def in_one(form: QueryDict) -> QueryDict:
    """The form with one text for each control that takes several choices."""
    whole = form.copy()
    for name in _TAKING_SEVERAL:
        whole[name] = SEVERAL.join(sorted(form.getlist(name)))
    return whole


def apart(form: QueryDict) -> QueryDict:
    """The same form as it is sent: a choice each; a mark that is not set is not sent."""
    sent = form.copy()
    for name in _TAKING_SEVERAL:
        sent.setlist(name, [it for it in form.get(name, "").split(SEVERAL) if it])
    if not form.get("restricted_comments"):
        sent.pop("restricted_comments", None)
    return sent
