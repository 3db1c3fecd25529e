"""What every run of a binding stands on: its field map, its client, and who is who.

Answers the questions of `jira.replica.Surroundings` for one link.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from functools import cached_property

from django.db import transaction

from duolog.connections.models import Connection
from duolog.connections.queries import find_for_writing
from duolog.connections.services import client_for, note_disconnected
from duolog.core.errors import Disconnected
from duolog.core.fields import FieldMap, ValueMap, only_here, only_there
from duolog.jira.client import BY_ID, JiraClient
from duolog.jira.codec import PROPERTY, Child, comment_token, read_fields, stamp, token_of
from duolog.jira.dialect import DIALECTS, Dialect
from duolog.jira.wire import Comment as RemoteComment
from duolog.jira.wire import Issue
from duolog.jira.wire import User as Account
from duolog.people.models import Member
from duolog.sync.mapping import ProjectMeta, fields_from_json, fields_to_json, match_people
from duolog.sync.models import Binding, ChildLink, ChildState, Link, LinkState
from duolog.workplace.models import Comment


def new_token() -> str:
    """A name for something about to be created in Jira, by which it is found again."""
    return secrets.token_hex(16)


class Ground:
    """One binding as the runs of its links see it.  Read once per run; cheap to make."""

    def __init__(self, binding: Binding) -> None:
        self.binding = binding
        self.meta = ProjectMeta.from_json(binding.project_meta)
        self.fields: FieldMap = fields_from_json(binding.mapping, self.meta)
        self.epics = self.meta.epics
        self.dialect: Dialect = DIALECTS[binding.connection.deployment]

    @cached_property
    def client(self) -> JiraClient:
        """The client of the binding's connection.  Raises Disconnected when it has stopped."""
        return client_for(self.binding.connection)

    def account_here(self, account: Account) -> str:
        """The member an account stands for; one met for the first time is matched and kept."""
        known = self.fields.users.inbound.get(account.account_id)
        if known is None:
            known = self._learn(account)
        return only_there(account.account_id) if known is None else known

    def account_there(self, member: str) -> str | None:
        """The account of a member."""
        return self.fields.users.encode(member)

    def _learn(self, account: Account) -> str | None:
        taken = set(self.fields.users.inbound.values())
        members = [m for m in members_to_match(self.binding) if m[0] not in taken]
        shown = (account.account_id, account.email_address, account.display_name)
        member = match_people([shown], members).get(account.account_id)
        if member is None:
            return None
        users = self.fields.users
        self.fields = FieldMap(
            types=self.fields.types,
            statuses=self.fields.statuses,
            priorities=self.fields.priorities,
            users=ValueMap(
                {**users.outbound, member: account.account_id},
                {**users.inbound, account.account_id: member},
            ),
            left_out=self.fields.left_out,
        )
        with transaction.atomic():
            row = Binding.objects.select_for_update().get(pk=self.binding.pk)
            stored = fields_to_json(fields_from_json(row.mapping, self.meta))
            stored["users"] = fields_to_json(self.fields)["users"]
            row.mapping = stored
            row.save(update_fields=["mapping"])
        return member

    def parent_here(self, issue_id: str) -> str:
        """The work item an issue is linked with in this binding."""
        item = (
            Link.objects.filter(binding=self.binding, issue_id=issue_id)
            .exclude(state=LinkState.ENDED)
            .values_list("work_item_id", flat=True)
            .first()
        )
        return only_there(issue_id) if item is None else str(item)

    def parent_of_key_here(self, issue_key: str) -> str:
        """The work item an issue is linked with, where Jira names the issue by its key."""
        item = (
            Link.objects.filter(binding=self.binding, issue_key=issue_key)
            .exclude(state=LinkState.ENDED)
            .values_list("work_item_id", flat=True)
            .first()
        )
        return only_there(issue_key) if item is None else str(item)

    def key_there(self, issue_id: str) -> str | None:
        """The key of a linked issue, as it was last seen."""
        return (
            Link.objects.filter(binding=self.binding, issue_id=issue_id)
            .values_list("issue_key", flat=True)
            .first()
        )

    def parent_there(self, item_id: str) -> str | None:
        """The issue a work item is linked with in this binding."""
        return (
            Link.objects.filter(binding=self.binding, work_item=int(item_id))
            .exclude(state=LinkState.ENDED)
            .values_list("issue_id", flat=True)
            .first()
        )

    def step(self, issue: Issue, status: str) -> str | None:
        """A first step known to lead to the status, for an issue that stands at its start."""
        kind, standing = issue.known.issue_type, issue.known.status
        steps = self.meta.steps.get(kind.id) if kind else None
        if steps is None or standing is None or standing.id != steps.start:
            return None
        return steps.to.get(status)

    def canonical_parent(self, item_id: str) -> str:
        """A parent here as it compares: foreign while Jira has no issue for it."""
        return item_id if self.parent_there(item_id) else only_here(item_id)

    @property
    def read_fields(self) -> tuple[str, ...]:
        """What is read of an issue to know all of it that is kept in step."""
        return read_fields(self.epics)

    def token_of(self, issue: Issue) -> str | None:
        """The token an issue was born with, if we created it.

        Where a search tells no properties it is read of the issue alone, while any creation on
        the site is in doubt: an issue is listed only after its link was marked as sent, so
        without a doubt it is not one that we await.  Raises Unseen for an issue gone meanwhile.
        """
        told = token_of(issue)
        if told or self.dialect.search_tells_properties or not self._awaits_issues():
            return told
        return token_of(
            self.client.issues.get(issue.id, fields=("updated",), properties=(PROPERTY,))
        )

    def _awaits_issues(self) -> bool:
        base_url = self.binding.connection.base_url
        awaited = Link.objects.filter(binding__connection__base_url=base_url, issue_id=None)
        return awaited.exclude(sent_at=None).exists()

    def around(self, link: Link) -> LinkGround:
        """The surroundings of one link of this binding."""
        return LinkGround(self, link)


def members_to_match(binding: Binding) -> list[tuple[str, str, str]]:
    """The members of the binding's workplace as (id, e-mail, name)."""
    rows = Member.objects.filter(workplace=binding.team.workplace_id, left_at=None)
    return [(str(m.pk), m.user.email, m.user.name) for m in rows.select_related("user")]


class LinkGround:
    """The surroundings of one link: its binding's, and the names of its comments.

    A comment met for the first time gets its child link at once, in a short transaction of its
    own, so that slots are always named by child links.
    """

    def __init__(self, ground: Ground, link: Link) -> None:
        self._ground = ground
        self._link = link
        self._rows = {str(row.pk): row for row in ChildLink.objects.filter(link=link)}
        self.account_here = ground.account_here
        self.account_there = ground.account_there
        self.parent_here = ground.parent_here
        self.parent_there = ground.parent_there
        self.parent_of_key_here = ground.parent_of_key_here
        self.key_there = ground.key_there
        self.step = ground.step
        self.dialect = ground.dialect
        self.epics = ground.epics

    @property
    def fields(self) -> FieldMap:
        """How values name each other."""
        return self._ground.fields

    def children(self, remote_ids: Sequence[str]) -> Mapping[str, str]:
        """The slot key of each comment in Jira; new ones get theirs.

        A comment of our own whose answer was lost is known again by its token.
        """
        known = {row.remote_id for row in self._rows.values()}
        fresh = [it for it in remote_ids if it not in known]
        if fresh and self.doubtful():
            found = self._recognise(fresh)
            fresh = [it for it in fresh if it not in found]
        if fresh:
            self._add([ChildLink(link=self._link, remote_id=it) for it in fresh])
        return {row.remote_id: key for key, row in self._rows.items() if row.remote_id}

    def doubtful(self) -> list[ChildLink]:
        """Comments whose creation in Jira was tried, with an outcome we never learnt."""
        return [r for r in self._rows.values() if r.tried_at is not None and r.remote_id is None]

    def intend(self, rows: Sequence[ChildLink], moment: float) -> None:
        """These comments are about to be created in Jira, some in place of one deleted there."""
        for row in rows:
            if row.remote_id is not None or not row.token:
                row.remote_id, row.stamp, row.token = None, "", new_token()
            row.tried_at = moment
        ChildLink.objects.bulk_update(rows, ["remote_id", "stamp", "token", "tried_at"])

    def _recognise(self, remote_ids: Sequence[str]) -> set[str]:
        by_token = {row.token: row for row in self.doubtful()}
        found = set()
        for start in range(0, len(remote_ids), BY_ID):
            told = self._ground.client.comments.by_ids(
                str(self._link.issue_id), remote_ids[start : start + BY_ID]
            )
            for comment in told.comments:
                row = by_token.get(comment_token(comment) or "")
                if row is not None:
                    self.attach(row, comment)
                    found.add(comment.id)
        return found

    def attach(self, row: ChildLink, comment: RemoteComment) -> None:
        """Keep which comment in Jira a row stands for."""
        row.remote_id, row.state, row.stamp = comment.id, ChildState.LINKED, stamp(comment)
        row.save(update_fields=["remote_id", "state", "stamp"])

    def local_children(self, comments: Sequence[Comment]) -> Mapping[int, str]:
        """The slot key of each comment here; new ones get theirs, with a token."""
        known = {row.local_id for row in self._rows.values()}
        fresh = [c for c in comments if c.pk not in known]
        if fresh:
            self._add(
                [
                    ChildLink(
                        link=self._link,
                        local_id=c.pk,
                        born_here=True,
                        state=ChildState.CREATING,
                        token=new_token(),
                    )
                    for c in fresh
                ]
            )
        return {row.local_id: key for key, row in self._rows.items() if row.local_id}

    def _add(self, rows: list[ChildLink]) -> None:
        with transaction.atomic():
            ChildLink.objects.bulk_create(rows)
        self._rows |= {str(row.pk): row for row in rows}

    def row(self, key: str) -> ChildLink:
        """The child link behind a slot key."""
        return self._rows[key]

    def rows(self) -> Sequence[ChildLink]:
        """All child links of the link."""
        return tuple(self._rows.values())

    def child(self, key: str) -> Child:
        """What Jira's side must know of a comment."""
        row = self._rows[key]
        comment = _said_here(row)
        header = ""
        if comment is not None:
            header = comment.author_name or (comment.author.name if comment.author else "Somebody")
        return Child(row.remote_id, row.token, header)

    def hand_of_author(self, key: str) -> JiraClient | None:
        """The client of the author's own connection to this site, where they let us use it."""
        connection = self._own_connection(key)
        return None if connection is None else client_for(connection)

    def hand_is_lame(self, key: str, error: Disconnected) -> None:
        """Stop the author's own connection and tell them; the binding's goes on."""
        connection = self._own_connection(key)
        if connection is not None:
            note_disconnected(connection.lane, error)

    def _own_connection(self, key: str) -> Connection | None:
        comment = _said_here(self._rows[key])
        if comment is None or comment.author is None:
            return None
        return find_for_writing(comment.author, self._ground.binding.connection)


def _said_here(row: ChildLink) -> Comment | None:
    """The comment of ours that a row stands for; None for one that came from Jira."""
    if not row.born_here or row.local_id is None:
        return None
    return Comment.objects.select_related("author__user").get(pk=row.local_id)
