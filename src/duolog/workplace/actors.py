"""Who changes our domain, and by what way.  No rules: those are in `people.rights`."""

from __future__ import annotations

from dataclasses import dataclass

from duolog.people.models import Member
from duolog.people.rights import Right, TeamLike, require
from duolog.workplace.models import Cause


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of a change as the activity names them.

    Synchronisation acts with `Cause.SYNC`: its rights were given with the binding, so none is
    asked, and `member` is only known where the Jira account is mapped to one.
    """

    member: Member | None
    name: str
    cause: Cause

    @classmethod
    def of(cls, member: Member, cause: Cause = Cause.PERSON) -> Actor:
        """The member acting for themself."""
        return cls(member, member.name, cause)

    @property
    def is_sync(self) -> bool:
        """Whether the change comes from Jira."""
        return self.cause == Cause.SYNC

    def must(self, right: Right, *, team: TeamLike | None = None) -> None:
        """Raise `Forbidden` unless this actor has the right."""
        if self.is_sync:
            return
        if self.member is None:
            raise TypeError("Only synchronisation acts without a member.")
        require(self.member, right, team=team)
