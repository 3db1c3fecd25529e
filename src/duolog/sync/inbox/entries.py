"""Acting on an entry of the inbox, whatever it is: try again, or choose.  No rules of its own."""

from __future__ import annotations

from collections.abc import Mapping

from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.sync.binding.services import look_now, retry
from duolog.sync.inbox.settling import (
    DELETION_CHOICES,
    Choice,
    name_of,
    resolve,
    resolve_deletion,
    takes_value,
)
from duolog.sync.shown.queries import InboxEntry

DELETION = "deletion"
"""The slot by which the question what follows a deletion is answered."""


def retry_entry(by: Member, entry: InboxEntry) -> None:
    """Try again what was refused; a conflict is looked at again.  Raises Forbidden."""
    if entry.hold is None or entry.is_deletion:
        look_now(by, entry.link)
    else:
        retry(by, entry.hold)


def settle_entry(by: Member, entry: InboxEntry, choices: Mapping[str, Choice | str]) -> None:
    """Choose for each slot, or for a deletion what follows.  Raises Invalid, Forbidden."""
    require(by, Right.SETTLE, team=entry.link.binding.team)
    if not choices:
        raise Invalid({"choices": "Choose for at least one slot."})
    if entry.hold is None:
        resolve(by, entry.link, {name: _side(name, choice) for name, choice in choices.items()})
    elif entry.is_deletion and set(choices) == {DELETION}:
        resolve_deletion(by, entry.hold, str(choices[DELETION]))
    elif entry.is_deletion:
        options = ", ".join(DELETION_CHOICES)
        raise Invalid({"choices": f"Choose what follows the deletion: {DELETION}: {options}."})
    else:
        raise Invalid({"choices": "There is nothing to choose here: change it, then retry."})


def choices_of(entry: InboxEntry) -> dict[str, list[str]]:
    """What may be chosen, by slot; nothing where only trying again helps."""
    if entry.is_deletion:
        return {DELETION: list(DELETION_CHOICES)}
    return {
        name_of(row): ["here", "jira", *(["value"] if takes_value(row) else [])]
        for row in entry.fields
    }


def _side(name: str, choice: Choice | str) -> Choice:
    if choice == "here":
        return "here"
    if choice == "jira":
        return "jira"
    if isinstance(choice, str):
        raise Invalid({name: "Choose here, jira, or give a value."})
    return choice
