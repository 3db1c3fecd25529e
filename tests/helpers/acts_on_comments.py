"""What people do to comments: write, answer, edit, delete, and restrict who reads them in Jira."""

from __future__ import annotations

from typing import Any, Final

from helpers.held import text_of
from helpers.histories import PICK, SIDES, Found, World
from helpers.machine import Comments, assert_comments_kept, comment_there
from hypothesis import strategies as st
from hypothesis.stateful import rule

from duolog.sync.models import ChildLink
from duolog.workplace.models import Comment
from duolog.workplace.services import add_comment, delete_comment, edit_comment

ADMINS: Final = {"type": "role", "value": "Administrator"}
WHICH: Final = st.integers(0, 2)
Said = dict[str, Any]
"""A comment as Jira tells it."""


class OnComments(World):
    """One rule for each thing and side."""

    def __init__(self) -> None:
        super().__init__()
        self.said = Comments()

    def judge(self) -> None:
        super().judge()
        assert_comments_kept(self.bound, self.said)

    @rule(pick=PICK, here=st.booleans())
    def comment(self, pick: int, here: bool) -> None:
        if found := self.pair(pick):
            link, item, issue = found
            text = self.new("Said")
            if here:
                add_comment(item.pk, text, actor=self.bound.me)
            else:
                self.jira.comment(issue["id"], text)
            self.memory.wrote(link.pk, "comment", "", text)

    @rule(pick=PICK, which=WHICH)
    def answer_a_comment_here(self, pick: int, which: int) -> None:
        if (picked := self._one_here(pick, which)) is not None:
            found, row = picked
            text = self.new("Answered")
            answer = add_comment(found[1].pk, text, actor=self.bound.me, parent=row.pk)
            assert answer.parent_id is not None
            self.said.answers[answer.pk] = answer.parent_id
            self.said.above[answer.pk] = comment_there(answer.parent_id)
            self.memory.wrote(found[0].pk, "comment", "", text)

    @rule(pick=PICK, which=WHICH, sides=SIDES, whole=st.booleans())
    def edit_a_comment(self, pick: int, which: int, sides: tuple[bool, ...], whole: bool) -> None:
        if (picked := self._one_there(pick, which)) is not None:
            found, told = picked
            row = self._row_of(told)
            for here in sides:
                if not here:
                    self._reword(found, told, whole=whole)
                elif row is not None and row.author == self.bound.owner and not row.deleted_at:
                    self._correct(found, row)

    def _correct(self, found: Found, row: Comment) -> None:
        text = self.new("Corrected")
        edit_comment(row.pk, text, actor=self.bound.me)
        if not self._is_shut(found[2], row):
            self.memory.wrote(found[0].pk, "comment", row.body, text)

    def _reword(self, found: Found, told: Said, *, whole: bool) -> None:
        """As a whole, or below the line that says who wrote it."""
        text = self.new("Reworded")
        body = self.jira.text(text) if whole else in_place(told["body"], text)
        self._put(found, told, {"body": body})
        if told.get("visibility"):
            self.said.secrets.add(text)
        else:
            self.memory.wrote(found[0].pk, "comment", text_of(told), text)

    @rule(pick=PICK, which=WHICH, here=st.booleans())
    def delete_a_comment(self, pick: int, which: int, here: bool) -> None:
        if here and (mine := self._one_here(pick, which)) is not None:
            delete_comment(mine[1].pk, actor=self.bound.me)
            self.memory.standing[mine[0][0].pk, "comment"].discard(mine[1].body)
        elif not here and (picked := self._one_there(pick, which)) is not None:
            (link, _, issue), told = picked
            path = f"issue/{issue['id']}/comment/{told['id']}"
            self.jira.ask("DELETE", path, by=self.jira.service)
            self.memory.standing[link.pk, "comment"].discard(text_of(told))

    @rule(pick=PICK)
    def comment_for_some_there(self, pick: int) -> None:
        if found := self.pair(pick):
            text = self.new("Secret")
            body = {"body": self.jira.text(text), "visibility": ADMINS}
            path = f"issue/{found[2]['id']}/comment"
            made = self.jira.ask("POST", path, body, by=self.jira.service)
            self.said.secrets.add(text)
            self.said.shuts(str(made["id"]), ids_in(found[2]))

    @rule(pick=PICK, which=WHICH)
    def restrict_or_open_a_comment_there(self, pick: int, which: int) -> None:
        if (picked := self._one_there(pick, which)) is not None:
            (self._open if picked[1].get("visibility") else self._restrict)(*picked)

    def _restrict(self, found: Found, told: Said) -> None:
        """What it said until then belongs to nobody else any more, edits under way included."""
        text = self.new("Secret")
        self._put(found, told, {"body": self.jira.text(text), "visibility": ADMINS})
        self.said.secrets.add(text)
        self.said.shuts(str(told["id"]), ids_in(found[2]))
        row = self._row_of(told)
        for was in filter(None, (text_of(told), row and row.body)):
            self.said.withdrawn[str(told["id"])].add(was)
            self.memory.standing[found[0].pk, "comment"].discard(was)

    def _open(self, found: Found, told: Said) -> None:
        text = self.new("Opened")
        self._put(found, told, {"body": self.jira.text(text), "visibility": None})
        self.said.opens(str(told["id"]))
        self.memory.wrote(found[0].pk, "comment", text_of(told), text)

    def _put(self, found: Found, told: Said, body: Said) -> None:
        path = f"issue/{found[2]['id']}/comment/{told['id']}"
        self.jira.ask("PUT", path, body, by=self.jira.service)

    def _one_here(self, pick: int, which: int) -> tuple[Found, Comment] | None:
        """One of the comments that the owner may edit."""
        found = self.pair(pick)
        rows = Comment.objects.filter(work_item=found[1], deleted_at=None) if found else []
        mine = [row for row in rows if row.author_id == self.bound.owner.pk]
        return (found, mine[which % len(mine)]) if found and mine else None

    def _one_there(self, pick: int, which: int) -> tuple[Found, Said] | None:
        found = self.pair(pick)
        told = found[2]["fields"]["comment"]["comments"] if found else []
        return (found, told[which % len(told)]) if found and told else None

    def _row_of(self, told: Said) -> Comment | None:
        child = ChildLink.objects.filter(kind="comment", remote_id=str(told["id"])).first()
        return Comment.objects.filter(pk=child.local_id).first() if child else None

    def _is_shut(self, issue: Any, row: Comment) -> bool:
        """Whether Jira shows it to some alone by now."""
        told = issue["fields"]["comment"]["comments"]
        return any(it.get("visibility") and self._row_of(it) == row for it in told)


def ids_in(issue: Any) -> set[str]:
    """The comments of an issue."""
    return {str(told["id"]) for told in issue["fields"]["comment"]["comments"]}


def in_place(body: Any, text: str) -> Any:
    """The body of a comment with this text below the line of its author, as people edit there."""
    if isinstance(body, str):
        head, between, _ = body.rpartition("\n\n")
        return f"{head}{between}{text}"
    words = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    return {**body, "content": [*body["content"][:-1], words]}
