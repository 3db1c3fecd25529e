"""The surroundings of one link: its binding's, and the names of its comments, files and worklogs.

Answers the questions of `jira.surroundings.Surroundings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction

from duolog.core import fields as slots
from duolog.core.errors import Retryable
from duolog.core.fields import FieldMap, relation_slot
from duolog.core.markup import mentioned_members, with_mentions_of, with_people
from duolog.core.reconcile import Change
from duolog.core.values import Side, Slot
from duolog.jira.files import IssueFiles
from duolog.jira.surroundings import Born, Child, Facets, FileHere, Recognise
from duolog.sync.basis.ground import Ground, new_token
from duolog.sync.basis.workflows import KnownWorkflow
from duolog.sync.link.authors import AuthorThere, answered_by, author_of, author_there
from duolog.sync.link.doubts import is_doubtful, unsettled
from duolog.sync.link.ends import Ends
from duolog.sync.link.hands import Hands
from duolog.sync.link.people_in_texts import PeopleInTexts
from duolog.sync.link.trials import Trials, told_at_other_end
from duolog.sync.models import READERS_MAX, ChildLink, ChildState, Link
from duolog.workplace.actors import Actor
from duolog.workplace.queries import files_named, find_file

_KNOWN_BY_WHAT_WAS_SENT: Final = frozenset({slots.COMMENT, slots.WORKLOG})
"""What may be edited here while it is in doubt: then both sides held what was sent."""
_OF_A_TRIAL: Final = ["remote_id", "stamp", "token", "tried_at", "sent", "state"]


class LinkGround:
    """The surroundings of one link.

    A child met for the first time gets its child link at once, in a short transaction of its
    own, so that slots are always named by child links.  `unsettled` are those whose creation in
    Jira was tried so lately that it may still show there, each with the seconds left.
    """

    def __init__(self, ground: Ground, link: Link) -> None:
        self._ground = ground
        self._link = link
        self._rows = {str(row.pk): row for row in ChildLink.objects.filter(link=link)}
        self.unsettled = unsettled(self._rows.values())
        self._facets: dict[str, Facets] = {}
        self._authors: dict[str, AuthorThere] = {}
        self._ends = Ends(ground, link)
        self.items_of = self._ends.items_of
        self.issues_of = self._ends.issues_of
        self.trials = Trials(link, self._ends, ground.fields)
        hands = Hands(ground, self.row)
        self.writers = hands.writers
        self.is_hand_of = hands.is_hand_of
        self.hand_of_author = hands.hand_of_author
        self.hand_is_lame = hands.hand_is_lame
        self.people = PeopleInTexts(ground).find
        self.account_here = ground.account_here
        self.account_there = ground.account_there
        self.parent_here = ground.parent_here
        self.parent_there = ground.parent_there
        self.parent_of_key_here = ground.parent_of_key_here
        self.key_there = ground.key_there
        self.dialect = ground.dialect
        self.takes_restricted = ground.binding.restricted_comments
        self.epics = ground.epics
        self.largest_file = ground.meta.largest_file
        self.files = self._issue_files()

    @property
    def fields(self) -> FieldMap:
        """How values name each other."""
        return self._ground.fields_of_link(self._link)

    def workflow(self, kind: str) -> KnownWorkflow:
        """What is known of the workflow that the link's issue follows."""
        return self._ground.workflow_of(self._link, kind)

    def is_told_at_other_end(self, reading: str, item_id: str) -> bool:
        """Whether that item's link has put this relation into Jira meanwhile."""
        told = relation_slot(reading, item_id)
        at_other_end = told_at_other_end(self.fields, told, self._link.work_item_id)
        return self._ends.is_told_at_other_end(at_other_end, item_id)

    def _issue_files(self) -> IssueFiles:
        connection, item = self._ground.binding.connection, self._link.work_item
        return IssueFiles(
            site=connection.base_url,
            deployment=self.dialect.deployment,
            pages=f"{settings.PUBLIC_URL}/w/{connection.workplace.slug}/items/",
            item=item.key if item else "",
            local_id=self._local_file,
            key_of=self._key_of_file,
        )

    def _local_file(self, key: str) -> str | None:
        row = self._rows.get(key)
        return str(row.local_id) if row is not None and row.local_id is not None else None

    def _key_of_file(self, named: str) -> str | None:
        """Which file a text here means by its id, or by a name that no other file has."""
        rows = {row.local_id: key for key, row in self._of(slots.ATTACHMENT).items()}
        if named.isdecimal():
            return rows.get(int(named))
        item = self._link.work_item
        found = files_named(item, named) if item is not None else ()
        return rows.get(found[0]) if len(found) == 1 else None

    def file_here(self, key: str) -> FileHere | None:
        """The file of ours behind a slot key; None once it is gone for good."""
        local_id = self._rows[key].local_id
        found = None if local_id is None else find_file(local_id)
        if found is None:
            return None
        return FileHere(found.name, found.media_type, found.size, found.sha256, found.open)

    def label(self, key: str, said: str) -> str:
        """What the child is called in the journal, as its first side `said`: it never changes."""
        row = self._rows[key]
        if not row.label and said:
            row.label = said
            row.save(update_fields=["label"])
        return row.label

    def linked(self, kind: str) -> Sequence[str]:
        """The slot keys of the children of a kind that both sides hold, as far as we know."""
        return [
            key
            for key, row in self._of(kind).items()
            if row.state != ChildState.ENDED and row.remote_id is not None
        ]

    def keep(self, key: str, born: Born) -> None:
        """Keep at once what a child has become in Jira, before a pass has recorded it."""
        self._attach(self._rows[key], born, ChildState.CREATING)

    def children(
        self, kind: str, remote_ids: Sequence[str], recognise: Recognise
    ) -> Mapping[str, str]:
        """The slot key of each child of a kind in Jira; new ones get theirs."""
        known = {row.remote_id for row in self._of(kind).values()}
        fresh = [it for it in remote_ids if it not in known]
        doubtful = [key for key, row in self._of(kind).items() if is_doubtful(row)]
        if fresh and doubtful:
            found = recognise(fresh, doubtful)
            for key, born in found.items():
                self.keep(key, born)
            taken = {born.remote_id for born in found.values()}
            fresh = [it for it in fresh if it not in taken]
        if fresh:
            self._add([ChildLink(link=self._link, kind=kind, remote_id=it) for it in fresh])
        return {row.remote_id: key for key, row in self._of(kind).items() if row.remote_id}

    def local_children(self, kind: str, local_ids: Sequence[int]) -> Mapping[int, str]:
        """The slot key of each child of a kind here; new ones get theirs, with a token."""
        known = {row.local_id for row in self._of(kind).values()}
        fresh = [it for it in local_ids if it not in known]
        if fresh:
            self._add([_born_here(self._link, kind, it) for it in fresh])
        return {row.local_id: key for key, row in self._of(kind).items() if row.local_id}

    def _of(self, kind: str) -> Mapping[str, ChildLink]:
        return {key: row for key, row in self._rows.items() if row.kind == kind}

    def _add(self, rows: list[ChildLink]) -> None:
        try:
            with transaction.atomic():
                ChildLink.objects.bulk_create(rows)
        except IntegrityError as error:
            raise Retryable("Another run has just met the same; we look again.") from error
        self._rows |= {str(row.pk): row for row in rows}

    def intend(self, changes: Sequence[Change], moment: float) -> None:
        """These children are about to be created in Jira, some in place of one deleted there."""
        rows = [self.row(change.slot.key) for change in changes]
        for row, change in zip(rows, changes, strict=True):
            row.sent = str(change.value) if row.kind in _KNOWN_BY_WHAT_WAS_SENT else ""
            if row.remote_id is not None or not row.token:
                row.remote_id, row.stamp, row.token = None, "", new_token()
            row.tried_at, row.state = moment, ChildState.CREATING
        ChildLink.objects.bulk_update(rows, _OF_A_TRIAL)

    def attach(self, key: str, born: Born) -> None:
        """Which child in Jira a row stands for, once that is recorded."""
        self._attach(self._rows[key], born, ChildState.LINKED)

    def _attach(self, row: ChildLink, born: Born, state: ChildState) -> None:
        row.remote_id, row.stamp = born
        row.state = state
        row.save(update_fields=["remote_id", "state", "stamp"])

    def row(self, key: str) -> ChildLink:
        """The child link behind a slot key."""
        return self._rows[key]

    def rows(self) -> Sequence[ChildLink]:
        """All child links of the link."""
        return tuple(self._rows.values())

    def child(self, key: str) -> Child:
        """What Jira's side must know of a child."""
        row = self._rows[key]
        author = author_of(row)
        if author is None:
            return Child(row.remote_id, row.token, sent=row.sent)
        answered = answered_by(row)
        if not answered:
            return Child(row.remote_id, row.token, author.name, sent=row.sent)
        header = f"{author.name}, answering {answered.name},"
        there = self._row_of(row.kind, answered.comment_id)
        return Child(
            row.remote_id,
            row.token,
            header,
            f"Answering {answered.name}",
            answers_id=there.remote_id if there else None,
            answers_readers=there.readers if there else "",
        )

    def _row_of(self, kind: str, local_id: int) -> ChildLink | None:
        rows = self._of(kind).values()
        return next((row for row in rows if row.local_id == local_id), None)

    def saw(self, key: str, facets: Facets) -> None:
        """Keep what Jira tells of a comment or worklog beside what it says, for this pass.

        Whom an account stands for may have to be found out and kept, which is not for a
        transaction that holds other rows: so the author of a new worklog is found now.
        """
        self._facets[key] = facets
        row = self._rows[key]
        if row.readers != (readers := facets.readers[:READERS_MAX]):
            row.readers = readers
            row.save(update_fields=["readers"])
        if row.kind == slots.WORKLOG and row.local_id is None:
            self._authors[key] = author_there(self._ground, facets.author)

    def writes_there(self, slot: Slot) -> bool:
        """Whether the rules of the binding let anything be written to this slot in Jira."""
        return Side.REMOTE in self._ground.directions.sides(slot)

    def compared(self, text: str) -> str:
        """A text of ours as it is compared: files and people as both sides name them."""
        text = self.files.compared(text)
        members = mentioned_members(text)
        return with_people(text, self.people((), members)) if members else text

    def as_kept_here(self, text: str, before: str) -> str:
        """A text from Jira with the mentions that it cannot say, as the text before had them."""
        unsaid = mentioned_members(before) - mentioned_members(self.compared(before))
        return with_mentions_of(text, before, unsaid) if unsaid else text

    def is_restricted(self, slot: Slot) -> bool:
        """Whether a comment is in Jira, not for all to read, and so kept out of here."""
        if self.takes_restricted:
            return False
        facets = self._facets.get(slot.key)
        return slot.kind == slots.COMMENT and facets is not None and not facets.is_open

    def actor_in_jira(self, key: str) -> Actor | None:
        """Who wrote a comment in Jira, where Jira names them."""
        facets = self._facets.get(key)
        if facets is None or facets.author is None:
            return None
        return self._ground.actor_of(facets.author)

    def holds(self, kind: str) -> bool:
        """Whether there was any child of a kind in Jira when we last looked."""
        return any(
            row.remote_id and row.state != ChildState.ENDED for row in self._of(kind).values()
        )

    def author_there(self, key: str) -> AuthorThere:
        """Who made a worklog that is new from Jira: a member, or only a name."""
        return self._authors[key]


def _born_here(link: Link, kind: str, local_id: int) -> ChildLink:
    return ChildLink(
        link=link,
        kind=kind,
        local_id=local_id,
        born_here=True,
        state=ChildState.CREATING,
        token=new_token(),
    )
