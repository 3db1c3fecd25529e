"""What a page asks for under a number, so that asked again after a lost answer it is made once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from duolog.people.errors import Outdated
from duolog.people.models import Member, SentForm

KEPT: Final = timedelta(days=1)


class SentOtherwise(Outdated):
    """Asked for again in other words: `made` came of the first ones, nothing of these."""

    def __init__(self, made: str) -> None:
        super().__init__("This was made already, as it was first sent.")
        self.made = made


@transaction.atomic
def make_once(member: Member, number: uuid.UUID, said: str, make: Callable[[], str]) -> str:
    """The name of what `make` made, which it does for the first request with this number alone.

    `said` is what was asked, as a digest.  A refusal is not remembered, since nothing was made.
    Raises SentOtherwise.
    """
    row, is_first = remember(member, number, said)
    if is_first:
        row.made = make()
        row.save(update_fields=["made"])
    elif row.said != said:
        raise SentOtherwise(row.made)
    return row.made


def remember(member: Member, number: uuid.UUID, said: str) -> tuple[SentForm, bool]:
    """What is known under the number, and whether it is asked for now; in the transaction that makes it.

    Of two requests at once the later one waits here until the first is over.
    """
    return SentForm.objects.get_or_create(member=member, number=number, defaults={"said": said})


def find_sent(member: Member, number: uuid.UUID) -> SentForm | None:
    """What the member asked for under the number."""
    return SentForm.objects.filter(member=member, number=number).first()


def forget_sent_forms() -> None:
    """Those that nobody sends again any more."""
    SentForm.objects.filter(at__lt=timezone.now() - KEPT).delete()
