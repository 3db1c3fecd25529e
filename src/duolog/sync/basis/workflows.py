"""Jira's workflows as far as we know them, by issue type, kept with the binding.

Learnt from every look at an issue's transitions.  Where a status was never seen, one search finds
an issue that stands there, and its transitions are read: nothing is moved to find out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import cached_property
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from duolog.connections.models import Connection, Deployment, Method
from duolog.jira import jql
from duolog.jira.client import JiraClient, Query
from duolog.jira.exits import Asked, Exit, ReadExits, Shape, exits_of
from duolog.jira.wire import Issue, Transition
from duolog.sync.models import Binding, Link, StatusExits

KEPT_FOR: Final = timedelta(days=1)
"""How long a status is not looked at again before we say that there is no way."""
MISSED_FOR: Final = timedelta(minutes=10)
"""How long a status where no issue stood is not looked for again."""
SAMPLES: Final = 50
WORKFLOW_SCOPE: Final = "manage:jira-configuration"
"""What an app needs to read a workflow whole; we never ask for it."""


class KnownWorkflow:
    """The workflow of one issue type of a binding; with a link, the walk of its issue too.

    `names` are those of the project's statuses, by id.  Of a binding that is only proposed nothing
    is kept.
    """

    def __init__(
        self,
        binding: Binding,
        kind: str,
        *,
        client: Callable[[], JiraClient],
        names: Mapping[str, str],
        link: Link | None = None,
    ) -> None:
        self._binding = binding
        self._kind = kind
        self._client = client
        self._names = dict(names)
        self._link = link
        self._exits: Mapping[str, Sequence[Exit]] | None = None

    @cached_property
    def _rows(self) -> dict[str, StatusExits]:
        if not self._binding.pk:
            return {}
        rows = StatusExits.objects.filter(binding=self._binding, issue_type=self._kind)
        return {row.status: row for row in rows}

    @property
    def start(self) -> str | None:
        """The status in which a new issue is born, once one was seen."""
        return next((row.status for row in self._rows.values() if row.is_start), None)

    def first_status(self, issue: Issue) -> str | None:
        """The status in which a new issue was born; None where that is not known.

        One that stands where neither its birth nor a walk of ours brings it was moved since, or its
        workflow begins elsewhere by now: then its history is asked.
        """
        start, stands = self.start, issue.known.status
        walked = self._link.trail if self._link else ()
        if start is None or stands is None or stands.id in (start, *walked):
            return start
        born = history_of(self._client(), issue.id).born_in
        if born is None:
            return start
        if born != start:
            self.begin(born)
        return born

    def begin(self, status: str) -> None:
        """New issues are born in this status by now."""
        row = self._rows.get(status)
        self._keep(status, row.exits if row else None, is_start=True)

    def exits(self) -> Mapping[str, Sequence[Exit]]:
        """The known transitions out of each status.

        Out of one that was never seen lead those that lead out of every status.
        """
        if self._exits is None:
            known = {
                status: exits_from_json(row.exits)
                for status, row in self._rows.items()
                if row.exits is not None
            }
            everywhere = [step for steps in known.values() for step in steps if step.everywhere]
            self._exits = {
                status: _once(it for it in known.get(status, everywhere) if it.to != status)
                for status in {**self._names, **known}
            }
        return self._exits

    def unknown(self, statuses: Sequence[str]) -> tuple[str, ...]:
        """Those of them whose transitions nobody has read."""
        return tuple(it for it in statuses if it not in self._rows or self._rows[it].exits is None)

    def name(self, status: str) -> str:
        """What a status is called."""
        return self._names.get(status, f"status {status}")

    def learn(self, status: str, offered: Sequence[Transition]) -> None:
        """These are all transitions that an issue in this status was offered."""
        steps = [Exit.of(told) for told in offered if told.is_available and not told.is_looped]
        self._names |= {step.to: step.to_name for step in steps}
        self._keep(status, exits_to_json(steps))

    def explore(self, statuses: Sequence[str]) -> bool:
        """Find out what leads out of these statuses; whether that taught anything."""
        left = [status for status in statuses if not self._is_fresh(status)]
        taught = False
        while left:
            found = self._samples(left)
            for status, issue in found.items():
                self.learn(status, self._client().issues.transitions(issue))
                left.remove(status)
            if not found:
                break
            taught = True
        if left and (whole := self._whole()) is not None:
            for status in left:
                steps = exits_to_json(whole.by_status.get(status, ()))
                self._keep(status, steps, is_start=status == whole.start)
            return True
        for status in left:
            self._keep(status, self._rows[status].exits if status in self._rows else None)
        return taught

    def _whole(self) -> ReadExits | None:
        """The workflow as Jira tells it to administrators, who alone may read it whole."""
        if not _may_read_workflows(self._binding.connection):
            return None
        told = self._client().projects.workflow(self._binding.jira_project_id, self._kind)
        return None if told is None else exits_of(told)

    def _samples(self, statuses: Sequence[str]) -> dict[str, str]:
        """One issue for each status that any of this type stands in, as far as a page tells."""
        query = Query(
            jql.standing_in(self._binding.jira_project_key, self._kind, statuses),
            fields=("status",),
            page_size=SAMPLES,
        )
        found: dict[str, str] = {}
        for issue in self._client().search.page(query).issues:
            stands = issue.known.status
            if stands is not None and stands.id in statuses:
                found.setdefault(stands.id, issue.id)
        return found

    def _is_fresh(self, status: str) -> bool:
        row = self._rows.get(status)
        if row is None:
            return False
        return timezone.now() - row.read_at < (MISSED_FOR if row.exits is None else KEPT_FOR)

    def _keep(self, status: str, exits: object, *, is_start: bool = False) -> None:
        self._exits = None
        if is_start:
            self._begin_nowhere()
        if not self._binding.pk:
            self._rows[status] = StatusExits(
                status=status, exits=exits, is_start=is_start, read_at=timezone.now()
            )
            return
        told = {"exits": exits, "read_at": timezone.now()} | (
            {"is_start": True} if is_start else {}
        )
        with transaction.atomic():
            self._rows[status], _ = StatusExits.objects.update_or_create(
                binding=self._binding, issue_type=self._kind, status=status, defaults=told
            )

    def _begin_nowhere(self) -> None:
        """Issues are not born where they were before."""
        for row in self._rows.values():
            row.is_start = False
        StatusExits.objects.filter(
            binding=self._binding.pk, issue_type=self._kind, is_start=True
        ).update(is_start=False)

    def set_out(self, trail: Sequence[str]) -> None:
        """Keep which statuses a walk passes, before its first step."""
        if self._link is not None:
            keep_trail(self._link, trail)

    def halt(self, status: str) -> None:
        """Keep that a walk that had set out, if one had, got as far as this."""
        if self._link is not None and self._link.trail:
            keep_trail(self._link, [status])


def history_of(client: JiraClient, issue_id: str) -> Issue:
    """The status and the history of an issue.  Raises Unseen."""
    return client.issues.get(issue_id, fields=("status",), expand=("changelog",))


def _may_read_workflows(connection: Connection) -> bool:
    is_admin = connection.deployment == Deployment.CLOUD and bool(
        connection.report.get("is_administrator", False)
    )
    by_app = connection.method == Method.OAUTH
    return is_admin and (not by_app or WORKFLOW_SCOPE in connection.scopes.split())


def keep_trail(link: Link, trail: Sequence[str]) -> None:
    """Keep where a walk of ours may have brought the link's issue."""
    link.trail = list(trail)
    with transaction.atomic():
        Link.objects.filter(pk=link.pk).update(trail=link.trail)


def exits_to_json(steps: Iterable[Exit]) -> list[dict[str, Any]]:
    """For the row of a status."""
    return [asdict(step) for step in steps]


def exits_from_json(rows: Iterable[Mapping[str, Any]]) -> tuple[Exit, ...]:
    """What `exits_to_json` wrote."""
    return tuple(Exit(**{**row, "asks": tuple(map(_asked, row["asks"]))}) for row in rows)


def _asked(row: Mapping[str, Any]) -> Asked:
    choices = tuple((str(choice), str(name)) for choice, name in row["choices"])
    return Asked(**{**row, "shape": Shape(row["shape"]), "choices": choices})


def _once(steps: Iterable[Exit]) -> tuple[Exit, ...]:
    return tuple({step.id: step for step in steps}.values())
