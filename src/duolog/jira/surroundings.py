"""What Jira's side of a link must ask about the world outside its one issue.

People, parents, our names of comments: nothing of our database is known here.  `sync.basis.ground`
answers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple, Protocol, TypeAlias

from duolog.core.errors import Disconnected
from duolog.core.fields import FieldMap
from duolog.core.markup.mentions import People
from duolog.core.values import Slot
from duolog.jira.client import JiraClient
from duolog.jira.dialect import Dialect
from duolog.jira.epics import Epics
from duolog.jira.files import IssueFiles
from duolog.jira.texts import Texts, texts_for
from duolog.jira.walking import Workflow
from duolog.jira.wire import User


@dataclass(frozen=True, slots=True)
class Child:
    """A comment, file or worklog as we know it: its id in Jira once it has one, and its token.

    `answers_id` is the comment in Jira that it answers, where it is one of ours that answers one;
    `answers_readers` says whom that was last shown to, where not to everybody.
    `header` names our author, and whom they answer; it stands above the text in Jira, outside
    what can be edited here.  `answers` is what stands there where the author's own name is above
    the comment anyway: nothing, unless it answers somebody.  `sent` is what was last sent to
    create it, where that alone can tell it from others.
    """

    remote_id: str | None
    token: str
    header: str = ""
    answers: str = ""
    sent: str = ""
    answers_id: str | None = None
    answers_readers: str = ""


class Facets(NamedTuple):
    """What Jira tells of a comment or worklog beside what it says: whose, and if all may read it."""

    author: User | None
    is_open: bool
    readers: str = ""


@dataclass(frozen=True, slots=True)
class FileHere:
    """A file of ours: what it is called, how long and what it is, and how to read it."""

    name: str
    media_type: str
    size: int
    sha256: str
    open: Callable[[], BinaryIO] = field(repr=False)


class Born(NamedTuple):
    """What a child is in Jira: its id there, and Jira's stamp of it."""

    remote_id: str
    stamp: str


class OutsideLink(NamedTuple):
    """A link of an issue to one that stands for nothing here, or in a way that does not."""

    issue_id: str
    issue_key: str
    words: str


Recognise: TypeAlias = Callable[[Sequence[str], Sequence[str]], Mapping[str, Born]]
"""Given ids in Jira that nobody knows, and keys of children whose creation is in doubt: which
doubtful child is which of them."""


class Surroundings(Protocol):
    """What a replica must ask about things beyond its issue."""

    @property
    def dialect(self) -> Dialect:
        """How this Jira wants to be spoken to."""
        ...

    @property
    def epics(self) -> Epics:
        """How the project says what lies under an epic."""
        ...

    @property
    def fields(self) -> FieldMap:
        """How types, statuses and priorities name each other."""
        ...

    def account_here(self, account: User) -> str:
        """The member (or a foreign value) that a Jira account stands for."""
        ...

    def account_there(self, member: str) -> str | None:
        """The Jira account of a member."""
        ...

    def parent_here(self, issue_id: str) -> str | None:
        """The work item (or a foreign value) that an issue is linked with, or what it stands for.

        None for an issue that is no parent to anything here.
        """
        ...

    def parent_of_key_here(self, issue_key: str) -> str | None:
        """The same for an issue that is named by its key."""
        ...

    def key_there(self, issue_id: str) -> str | None:
        """The key of a linked issue, as it was last seen."""
        ...

    def parent_there(self, item_id: str) -> str | None:
        """The issue that a work item is linked with."""
        ...

    def items_of(self, issue_ids: Sequence[str]) -> Mapping[str, str]:
        """The work items that these issues are linked with, anywhere on this site."""
        ...

    def issues_of(self, item_ids: Sequence[str]) -> Mapping[str, str]:
        """The issues on this site that these work items are linked with."""
        ...

    def is_told_at_other_end(self, reading: str, item_id: str) -> bool:
        """Whether that item's link, when last in step, held this relation in Jira."""
        ...

    def workflow(self, kind: str) -> Workflow:
        """What is known of the workflow that issues of this type follow."""
        ...

    def children(
        self, kind: str, remote_ids: Sequence[str], recognise: Recognise
    ) -> Mapping[str, str]:
        """The slot key of each child of one kind in Jira, new ones included.

        Where the answer to a creation was lost, `recognise` is asked before anything is new.
        """
        ...

    def keep(self, key: str, born: Born) -> None:
        """Keep at once what a child has become in Jira."""
        ...

    def linked(self, kind: str) -> Sequence[str]:
        """The slot keys of the children of a kind that both sides hold, as far as we know."""
        ...

    def label(self, key: str, said: str) -> str:
        """What the child is called in the journal, as its first side `said`: it never changes."""
        ...

    @property
    def files(self) -> IssueFiles:
        """How texts lead to the files of this issue."""
        ...

    @property
    def largest_file(self) -> int | None:
        """How many bytes a file in Jira may have, where Jira says so."""
        ...

    def writes_there(self, slot: Slot) -> bool:
        """Whether the rules of the binding let anything be written to this slot in Jira."""
        ...

    def file_here(self, key: str) -> FileHere | None:
        """The file of ours behind a slot key; None once it is gone for good."""
        ...

    def child(self, key: str) -> Child:
        """What we know of the child behind a slot key."""
        ...

    def people(self, called: Collection[str], members: Collection[str]) -> People:
        """Who is meant by what Jira calls people in texts, and by ids of members."""
        ...

    @property
    def takes_restricted(self) -> bool:
        """Whether comments cross, too, that Jira shows to some readers only."""
        ...

    def saw(self, key: str, facets: Facets) -> None:
        """Keep what Jira tells of a comment or worklog beside what it says, for this pass."""
        ...

    def holds(self, kind: str) -> bool:
        """Whether there was any child of a kind in Jira when we last looked."""
        ...

    def writers(self, key: str) -> Collection[str]:
        """The accounts under which the child behind a slot key may have been written."""
        ...

    def is_hand_of(self, key: str, account: User) -> bool:
        """Whether an account is the one that `hand_of_author` writes as."""
        ...

    def hand_of_author(self, key: str) -> JiraClient | None:
        """Jira as the author of a child uses it, where they let us write in their name."""
        ...

    def hand_is_lame(self, key: str, error: Disconnected) -> None:
        """The author's own credential no longer works: keep that, and let them know."""
        ...


def texts_of(around: Surroundings) -> Texts:
    """How this Jira keeps text."""
    return texts_for(around.dialect.deployment, around.people)
