"""Links of an issue to others: each a slot, named by how this issue tells it and of whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from duolog.core import fields as slots
from duolog.core.errors import Refused, Unseen
from duolog.core.fields import relation_slot, told_in
from duolog.core.reconcile import Change
from duolog.core.replica import Written
from duolog.core.values import ABSENT, Slot, Snapshot
from duolog.jira.client import JiraClient
from duolog.jira.parts.part import Step
from duolog.jira.surroundings import OutsideLink, Surroundings
from duolog.jira.ways import ends_of, way_of
from duolog.jira.wire import Issue, IssueLink

READ: Final = "issuelinks"


class RelationsPart:
    """The links of one issue to others that are linked with work items.

    `outside` are those that are not, or that are of a kind with no counterpart here: shown,
    never carried over.
    """

    def __init__(self, client: JiraClient, issue_id: str, around: Surroundings) -> None:
        self._client = client
        self._id = issue_id
        self._around = around
        self._links: dict[Slot, list[str]] = {}
        self.outside: tuple[OutsideLink, ...] = ()

    def take(self, issue: Issue) -> Snapshot:
        """All links whose kind has a counterpart here, and whose other end is linked.

        Raises Refused when Jira left them out although kinds of links are mapped.
        """
        self._links, outside = {}, []
        readings = self._around.fields.relations.inbound
        if not issue.sent(READ) and readings:
            raise Refused(
                f"Jira left the links out of issue {issue.key or issue.id}.",
                hint="Show the field Linked Issues in Jira's field configuration, or map no kind "
                "of link in this binding.",
            )
        told = [(link, link.other) for link in issue.known.links or ()]
        items = self._around.items_of([other.id for _, other in told if other is not None])
        for link, other in told:
            if other is None:
                continue
            way = way_of(link)
            item, reading = items.get(other.id), readings.get(way.id)
            if item is None or reading is None:
                outside.append(OutsideLink(other.id, other.key, way.words or way.type_name))
            else:
                self._links.setdefault(relation_slot(reading, item), []).append(link.id)
        self.outside = tuple(outside)
        return {slot: slot.key for slot in self._links}

    def steps(self, changes: Sequence[Change], _written: Written) -> Iterable[Step]:
        """One request for each, those that go before those that come."""
        mine = [change for change in changes if change.slot.kind == slots.RELATION]
        gone = [Step((c,), partial(self._delete, c)) for c in mine if c.value is ABSENT]
        return [*gone, *(Step((c,), partial(self._add, c)) for c in mine if c.value is not ABSENT)]

    def _add(self, change: Change) -> None:
        """Repeating is harmless; where the other end has seen the link since, there is no need."""
        reading, item = told_in(change.slot)
        way = self._around.fields.relations.encode(reading)
        other = self._around.issues_of([item]).get(item)
        if way is None or other is None:
            raise Refused(
                "Jira has no counterpart for this relation any more.",
                hint="Choose one in the mapping of this binding, or remove the relation.",
            )
        if self._around.is_told_at_other_end(reading, item):
            return
        try:
            self._client.links.create(*ends_of(way, self._id, other))
        except Unseen as error:
            raise Refused(
                f"Jira did not link the issues: {error}",
                hint="Ask a Jira admin whether issue linking is on, whether the service account "
                "may link issues, and whether it sees both of them.",
            ) from error

    def _delete(self, change: Change) -> None:
        for link_id in self._links.get(change.slot, ()):
            try:
                self._client.links.delete(link_id)
            except Unseen as error:
                if any(link.id == link_id for link in self._read_again()):
                    raise Refused(
                        f"Jira did not remove the link: {error}",
                        hint="Ask a Jira admin whether the service account may link issues.",
                    ) from error

    def _read_again(self) -> Sequence[IssueLink]:
        issue = self._client.issues.get(self._id, fields=(READ,))
        return issue.known.links or ()
