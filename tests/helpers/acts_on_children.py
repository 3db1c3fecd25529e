"""What people do to what hangs on items and issues: comments, files, time, relations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from helpers.filed import put
from helpers.histories import PICK, World
from helpers.worklogs import logged_there
from hypothesis import strategies as st
from hypothesis.stateful import rule

from duolog.people.errors import DomainError
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.models import Worklog
from duolog.worklogs.services import delete_worklog, log_time
from duolog.workplace.models import Attachment, Comment, Reading, Relation
from duolog.workplace.services import (
    add_comment,
    add_relation,
    delete_attachment,
    delete_comment,
    edit_comment,
    remove_relation,
)

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
READINGS = {"Blocks": Reading.BLOCKS, "Relates": Reading.RELATES_TO}


class OnChildren(World):
    """Edits of what hangs on an item or its issue."""

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

    @rule(pick=PICK, delete=st.booleans())
    def touch_a_comment_here(self, pick: int, delete: bool) -> None:
        found = self.pair(pick)
        row = Comment.objects.filter(work_item=found[1], deleted_at=None).first() if found else None
        if found is None or row is None:
            return
        text = self.new("Corrected")
        if delete:
            delete_comment(row.pk, actor=self.bound.me)
            self.memory.standing[found[0].pk, "comment"].discard(row.body)
        else:
            edit_comment(row.pk, text, actor=self.bound.me)
            self.memory.wrote(found[0].pk, "comment", row.body, text)

    @rule(pick=PICK, which=st.integers(0, 2), delete=st.booleans())
    def touch_a_comment_there(self, pick: int, which: int, delete: bool) -> None:
        found = self.pair(pick)
        comments = self.jira.comments(found[2]["id"]) if found else []
        if found is None or not comments:
            return
        path = f"issue/{found[2]['id']}/comment/{comments[which % len(comments)]['id']}"
        if delete:
            self.jira.ask("DELETE", path, by=self.jira.service)
            self.memory.forget(found[0].pk, "comment")
        else:
            body = {"body": self.jira.text(self.new("Reworded"))}
            self.jira.ask("PUT", path, body, by=self.jira.service)
            self.memory.forget(found[0].pk, "comment")

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

    @rule(pick=PICK, here=st.booleans())
    def log_time(self, pick: int, here: bool) -> None:
        if found := self.pair(pick):
            link, item, issue = found
            said = self.new("Worked")
            started = NINE + timedelta(minutes=self.count)
            if here:
                new = NewWorklog(started=started, seconds=60 * self.count, comment=said)
                log_time(item.pk, new, actor=self.bound.me)
            else:
                told = {"started": f"{started:%Y-%m-%dT%H:%M:%S}.000+0000"}
                logged_there(self.bound, issue["id"], **told, timeSpentSeconds=60 * self.count)
            self.memory.wrote(link.pk, "worklog", "", str(60 * self.count))

    @rule(pick=PICK, here=st.booleans())
    def take_time_off(self, pick: int, here: bool) -> None:
        found = self.pair(pick)
        if found is None:
            return
        link, item, issue = found
        entry = Worklog.objects.filter(work_item=item, deleted_at=None).order_by("pk").first()
        told = issue["fields"]["worklog"]["worklogs"]
        if here and entry is not None and entry.member_id == self.bound.owner.pk:
            delete_worklog(entry.pk, actor=self.bound.me)
            self.memory.standing[link.pk, "worklog"].discard(str(entry.seconds))
        elif not here and told:
            path = f"issue/{issue['id']}/worklog/{told[0]['id']}"
            self.jira.ask("DELETE", path, by=self.jira.service)
            self.memory.standing[link.pk, "worklog"].discard(str(told[0]["timeSpentSeconds"]))

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

    @rule(pick=PICK, here=st.booleans())
    def part(self, pick: int, here: bool) -> None:
        found = self.pair(pick)
        if found is None:
            return
        relation = Relation.objects.filter(from_item=found[1]).order_by("pk").first()
        if here and relation is not None:
            remove_relation(relation.pk, actor=self.bound.me)
        elif not here and (ties := found[2]["fields"]["issuelinks"]):
            self.jira.ask("DELETE", f"issueLink/{ties[0]['id']}", by=self.jira.service)
