"""Walks an issue to a status: the whole way is decided before the first step.

An issue is never moved to find out.  What each look at an issue's transitions teaches is kept,
and a status that no issue was seen in stays unknown, which is said as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from duolog.core.errors import Refused, Retryable, Unseen
from duolog.core.paths import reachable, shortest
from duolog.jira.client import JiraClient
from duolog.jira.exits import Exit
from duolog.jira.screens import Screens, names_of
from duolog.jira.wire import Issue, JsonObject, Transition

MOST_REFUSALS: Final = 4
"""Steps that Jira may refuse in one walk before a person is asked."""
WHAT_TO_DO: Final = (
    "Move the issue in Jira, map the status to one that can be reached, or ask a Jira admin to "
    "add the step or the right to transition issues."
)


class Workflow(Protocol):
    """What is known of the workflow that one issue follows, and where it is kept."""

    def exits(self) -> Mapping[str, Sequence[Exit]]:
        """The known transitions out of each status."""
        ...

    def learn(self, status: str, offered: Sequence[Transition]) -> None:
        """These are all transitions that an issue in this status was offered."""
        ...

    def explore(self, statuses: Sequence[str]) -> bool:
        """Find out what leads out of these statuses; whether that taught anything.

        Asks Jira, and moves nothing.  What is known and fresh is not asked again.
        """
        ...

    def unknown(self, statuses: Sequence[str]) -> tuple[str, ...]:
        """Those of them whose transitions nobody has read."""
        ...

    def name(self, status: str) -> str:
        """What a status is called."""
        ...

    def set_out(self, trail: Sequence[str]) -> None:
        """Keep which statuses a walk passes, from where it begins to its end, before any step."""
        ...

    def halt(self, status: str) -> None:
        """Keep that a walk that had set out, if one had, got as far as this."""
        ...


class Walk:
    """One issue on its way to a status."""

    def __init__(
        self, client: JiraClient, issue: Issue, workflow: Workflow, screens: Screens
    ) -> None:
        self._client = client
        self._id = issue.id
        self._known: JsonObject = issue.fields
        self._workflow = workflow
        self._screens = screens
        self._at = issue.known.status.id if issue.known.status else ""
        self._trail = [self._at]
        self._barred: dict[str, Refused] = {}
        self._looked = False
        self._refused = 0

    def to(self, goal: str) -> None:
        """Walk there.  Raises Refused, saying where the issue stands and why it went no further."""
        while self._at != goal:
            way = self._decide(goal)
            if len(self._trail) + len(way) > 2:
                self._workflow.set_out([*self._trail, *(step.to for step in way)])
            for step in way:
                if not self._take(step, goal):
                    break

    def _take(self, step: Exit, goal: str) -> bool:
        """Take one step; where Jira refuses it, look again where the issue stands."""
        filled = self._screens.fill(step, self._known)
        try:
            self._client.issues.transition(
                self._id, step.id, fields=filled.fields, update=filled.update
            )
        except Unseen:
            raise
        except Refused as error:
            self._barred[step.id] = error
            self._refused += 1
            self._look_again(goal)
            if self._asks_more(step):
                del self._barred[step.id]
            return False
        self._at = step.to
        self._looked = False
        self._trail.append(step.to)
        return True

    def _look_again(self, goal: str) -> None:
        issue = self._client.issues.get(self._id, fields=("status",))
        stands = issue.known.status.id if issue.known.status else ""
        if stands != self._at:
            raise Retryable("The issue was moved in Jira at the same time; we look again.")
        self._look()
        if self._refused >= MOST_REFUSALS:
            raise self._stuck(goal)

    def _asks_more(self, step: Exit) -> bool:
        """Whether a step refused has a screen that nobody knew of."""
        fresh = next((it for it in self._workflow.exits()[self._at] if it.id == step.id), step)
        return fresh.asks != step.asks

    def _look(self) -> None:
        offered = self._client.issues.transitions(self._id)
        self._workflow.learn(self._at, offered)
        self._looked = True

    def _decide(self, goal: str) -> tuple[Exit, ...]:
        """The whole way, by what is known; what is not is read, nearest first."""
        while True:
            exits = self._workflow.exits()
            way = shortest(exits, self._at, goal, usable=self._usable)
            if way is not None:
                return way
            if not self._looked:
                self._look()
            elif not self._workflow.explore(reachable(exits, self._at, usable=self._usable)):
                raise self._stuck(goal)

    def _usable(self, step: Exit) -> bool:
        return step.id not in self._barred and not self._screens.lacking(step, self._known)

    def _stuck(self, goal: str) -> Refused:
        self._workflow.halt(self._at)
        return Refused(self._reason(goal), hint=self._hint(goal))

    def _reason(self, goal: str) -> str:
        stands, wanted = self._workflow.name(self._at), self._workflow.name(goal)
        return f"The issue stands at {stands}, and {wanted} was wanted. {self._why(goal)}"

    def _why(self, goal: str) -> str:
        said = [str(self._last_refusal)] if self._last_refusal else []
        if blocking := self._blocking(goal):
            fields = names_of(self._screens.lacking(blocking, self._known))
            said.append(f"Jira asks for {fields} when an issue moves to {blocking.to_name}.")
        elif not said and (unknown := self._unknown()):
            names = ", ".join(map(self._workflow.name, unknown))
            said.append(
                f"No known way leads there, and nobody knows what leads out of {names}: no issue "
                "of this type was seen there."
            )
        none = (
            f"Jira's workflow has no way to this status; from there it leads to {self._offered()}."
        )
        return " ".join(said) or none

    def _hint(self, goal: str) -> str:
        if self._blocking(goal):
            return (
                "Fill it in under Transition screens in the mapping of this binding, or move the "
                "issue in Jira."
            )
        if self._last_refusal:
            return self._last_refusal.hint or WHAT_TO_DO
        if self._unknown():
            return (
                "Move one issue of this type through these statuses in Jira, then retry; or move "
                "this issue by hand."
            )
        return WHAT_TO_DO

    @property
    def _last_refusal(self) -> Refused | None:
        return next(reversed(self._barred.values()), None)

    def _blocking(self, goal: str) -> Exit | None:
        """The first transition that cannot be filled in, on the way there would be without it."""
        exits = self._workflow.exits()
        way = shortest(exits, self._at, goal, usable=lambda it: it.id not in self._barred) or ()
        return next((s for s in way if self._screens.lacking(s, self._known)), None)

    def _unknown(self) -> tuple[str, ...]:
        exits = self._workflow.exits()
        return self._workflow.unknown(reachable(exits, self._at, usable=self._usable))

    def _offered(self) -> str:
        exits = self._workflow.exits()
        names = map(self._workflow.name, reachable(exits, self._at, usable=self._usable)[1:])
        return ", ".join(sorted(names)) or "no other status"
