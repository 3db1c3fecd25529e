"""What people do to what hangs on items and issues: files and relations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeAlias

from helpers.filed import put
from helpers.histories import PICK, World
from hypothesis import strategies as st
from hypothesis.stateful import rule

from duolog.people.errors import DomainError
from duolog.workplace.models import Attachment, Reading, Relation
from duolog.workplace.services import add_relation, delete_attachment, remove_relation

Tie: TypeAlias = frozenset[str]
"""Two issues that relate to each other: a link that says the same whichever way it goes."""
READINGS = {"Blocks": Reading.BLOCKS, "Relates": Reading.RELATES_TO}


class OnChildren(World):
    """Edits of what hangs on an item or its issue."""

    def __init__(self) -> None:
        super().__init__()
        self.tied: Counter[Tie] = Counter()

    def judge(self) -> None:
        """Two issues relate to each other both ways only where people in Jira did that."""
        super().judge()
        for _, _, issue in self.pairs():
            told = Counter(ties_of(issue))
            assert all(n <= max(1, self.tied[tie]) for tie, n in told.items()), issue["key"]

    @rule(pick=PICK, here=st.booleans())
    def attach(self, pick: int, here: bool) -> None:
        if found := self.pair(pick):
            link, item, issue = found
            name = self.new("file") + ".txt"
            if here:
                put(self.bound, item, name, name.encode())
            else:
                self.jira.attach(issue["id"], name, name.encode())
            self.memory.wrote(link.pk, "attachment", "", name)

    @rule(pick=PICK, here=st.booleans())
    def take_a_file_off(self, pick: int, here: bool) -> None:
        found = self.pair(pick)
        if found is None:
            return
        link, item, issue = found
        file = Attachment.objects.filter(work_item=item, deleted_at=None).order_by("pk").first()
        if here and file is not None:
            delete_attachment(file.pk, actor=self.bound.me)
            self.memory.standing[link.pk, "attachment"].discard(file.name)
        elif not here and (hanging := issue["fields"]["attachment"]):
            self.jira.ask("DELETE", f"attachment/{hanging[0]['id']}", by=self.jira.service)
            self.memory.standing[link.pk, "attachment"].discard(hanging[0]["filename"])

    @rule(pick=PICK, here=st.booleans(), kind=st.sampled_from(sorted(READINGS)))
    def relate(self, pick: int, here: bool, kind: str) -> None:
        one, two = self.pair(pick), self.pair(pick + 1)
        if one is None or two is None or one[0].pk == two[0].pk:
            return
        if here:
            try:
                add_relation(one[1].pk, READINGS[kind], two[1].pk, actor=self.bound.me)
            except DomainError:
                return  # each may not block the other
        else:
            ends = {"inwardIssue": {"id": one[2]["id"]}, "outwardIssue": {"id": two[2]["id"]}}
            self.jira.ask("POST", "issueLink", {"type": {"name": kind}, **ends})
            self.tied[frozenset({str(one[2]["id"]), str(two[2]["id"])})] += kind == "Relates"

    @rule(pick=PICK, here=st.booleans())
    def part(self, pick: int, here: bool) -> None:
        found = self.pair(pick)
        if found is None:
            return
        whole = Relation.objects.filter(to_item__deleted_at=None).order_by("pk")
        relation = whole.filter(from_item=found[1]).first()
        if here and relation is not None:
            remove_relation(relation.pk, actor=self.bound.me)
        elif not here and (ties := found[2]["fields"]["issuelinks"]):
            self.jira.ask("DELETE", f"issueLink/{ties[0]['id']}", by=self.jira.service)


def ties_of(issue: Any) -> Iterator[Tie]:
    """The issues that an issue relates to, each with it."""
    for link in issue["fields"]["issuelinks"]:
        if link["type"]["name"] == "Relates":
            other = link.get("inwardIssue") or link["outwardIssue"]
            yield frozenset({str(issue["id"]), str(other["id"])})
