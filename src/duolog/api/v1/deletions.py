"""`/deletions`: many deletions that wait, by binding and side, and one decision about them."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from ninja import Router

from duolog.api.callers import caller_of
from duolog.api.shapes import Body, Listing, Shape
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.sync.inbox.deletions import Deletions, decide, get_deletions, list_deletions
from duolog.sync.inbox.settling import DELETION_CHOICES

router = Router(tags=["Inbox"])

Choice = Literal["delete", "unlink", "restore"]


class DeletionsShape(Shape):
    """Deletions of one binding that wait; `names` are what would be deleted too.

    `version` changes with anything that comes or goes: a decision names it.
    """

    id: str
    binding_id: str
    deleted_in: Literal["here", "jira"]
    count: int
    names: list[str]
    entries: list[str]
    choices: list[Choice]
    version: str


class Decision(Body):
    """What is to follow for all of them: those of this version and no others."""

    choice: Choice
    version: str


class Decided(Shape):
    """How many it was about."""

    decided: int


@router.get("/deletions", response=Listing[DeletionsShape])
@states(Right.VIEW)
def read_deletions(request: HttpRequest) -> Listing[DeletionsShape]:
    """Where at least two deletions of a binding wait for the same decision."""
    found = list_deletions(caller_of(request).workplace)
    return Listing[DeletionsShape](items=[_shape(each) for each in found])


@router.post("/deletions/{deletions_id}/decide", response=Decided)
@states(Right.BIND)
def decide_deletions(request: HttpRequest, deletions_id: str, body: Decision) -> Decided:
    """Decide about all of them at once; 409 where they are no longer those that were shown."""
    caller = caller_of(request)
    asked = get_deletions(caller.workplace, deletions_id)
    number = decide(caller.member, asked, body.choice, version=body.version)
    return Decided(decided=number)


def _shape(each: Deletions) -> DeletionsShape:
    return DeletionsShape.model_validate(
        {
            "id": each.id,
            "binding_id": str(each.binding.pk),
            "deleted_in": each.where,
            "count": len(each.holds),
            "names": list(each.names),
            "entries": [f"hold-{hold.pk}" for hold in each.holds],
            "choices": list(DELETION_CHOICES),
            "version": each.version,
        }
    )
