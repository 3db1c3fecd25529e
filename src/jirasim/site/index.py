"""The search index: what search sees, which may lag behind the truth.  Knows no JQL."""

import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from typing import Any

from jirasim.site.model import Issue

NONE = ""
"""The value under which issues stand that have none."""
NOWHERE: AbstractSet[int] = frozenset()
WORD = re.compile(r"\w+")
ID = re.compile(r"\d{1,100}")
FEW = 1_000
Key = Any
"""What an order compares: instants, or the parts of a key.  One kind in one order."""
Entry = tuple[Key, int]
Words = Callable[[Issue], str]


def _one(value: str | None) -> tuple[str]:
    return (NONE if value is None else value,)


def _authors(issue: Issue) -> Collection[str]:
    return {one.author for one in issue.worklogs} or _one(None)


VALUES: Mapping[str, Callable[[Issue], Collection[str]]] = {
    "project": lambda issue: (issue.project_id,),
    "type": lambda issue: (issue.type_id,),
    "status": lambda issue: (issue.status_id,),
    "priority": lambda issue: _one(issue.priority_id),
    "resolution": lambda issue: _one(issue.resolution_id),
    "assignee": lambda issue: _one(issue.assignee),
    "reporter": lambda issue: _one(issue.reporter),
    "creator": lambda issue: (issue.creator,),
    "parent": lambda issue: _one(issue.parent_id),
    "labels": lambda issue: {one.lower() for one in issue.labels} or _one(None),
    "worklogs": _authors,
}
"""The fields by whose values issues are found at once."""


def key_order(issue: Issue) -> tuple[str, int]:
    """Keys are in order by project, then by number."""
    return issue.key.rpartition("-")[0], issue.number


ORDERS: Mapping[str, Callable[[Issue], tuple[Key, ...]]] = {
    "id": lambda issue: (int(issue.id),),
    "key": lambda issue: (key_order(issue),),
    "created": lambda issue: (issue.created,),
    "updated": lambda issue: (issue.updated,),
    "rank": lambda issue: (issue.rank,),
    "worklogs": lambda issue: tuple(one.started for one in issue.worklogs),
}
"""By what issues are kept in order; by `worklogs` an issue stands at each of their starts."""


class Ordered:
    """Numbers of issues in the order of a key; those that tie, oldest first."""

    def __init__(self, entries: list[Entry]) -> None:
        entries.sort()
        self.entries = entries

    def add(self, entry: Entry) -> None:
        """Put an entry in its place."""
        insort(self.entries, entry)

    def drop(self, entry: Entry) -> None:
        """Take out an entry that is there."""
        del self.entries[bisect_left(self.entries, entry)]

    def before(self, key: Key, *, included: bool = False) -> int:
        """How many entries come before this key, or (`included`) up to and with it."""
        find = bisect_right if included else bisect_left
        return find(self.entries, key, key=lambda entry: entry[0])


class Index:
    """Issues as search sees them.  Used under the site's lock.

    Cloud's search is not read-after-write (jira.md 4.1): with a lag, a change becomes visible
    only once the simulator's clock has passed it.  Archived issues are not in it.

    `version` grows with every visible change.  Up to `few` answers are sorted sooner than they
    are met along an order; up to `many` issues are collected without anybody noticing.
    """

    def __init__(self, issues: Iterable[Issue], *, few: int = FEW) -> None:
        self.few, self.many = few, few * 50
        self._issues = {int(one.id): one for one in issues if one.archived is None}
        self._values: dict[str, dict[str, set[int]]] = {name: {} for name in VALUES}
        self._words: dict[str, tuple[Words, dict[str, set[int]]]] = {}
        self._pending: deque[tuple[datetime, str, Issue | None]] = deque()
        self.version = 0
        for name, read in VALUES.items():
            found = self._values[name]
            for number, issue in self._issues.items():
                for value in read(issue):
                    found.setdefault(value, set()).add(number)
        self._orders = {
            name: Ordered([(key, n) for n, one in self._issues.items() for key in read(one)])
            for name, read in ORDERS.items()
        }

    def put(self, issue_id: str, issue: Issue | None, *, now: datetime, lag: float) -> None:
        """Take a new version in (None: deleted), visible after `lag` seconds."""
        if lag <= 0 and not self._pending:
            self._apply(int(issue_id), issue)
            return
        self._pending.append((now + timedelta(seconds=lag), issue_id, issue))

    def catch_up(self, now: datetime) -> None:
        """Make visible whatever is old enough by now."""
        while self._pending and self._pending[0][0] <= now:
            _, issue_id, issue = self._pending.popleft()
            self._apply(int(issue_id), issue)

    def all(self) -> Iterable[Issue]:
        """Every visible issue."""
        return self._issues.values()

    def get(self, issue_id: str) -> Issue | None:
        """The visible version of one issue."""
        return self._issues.get(int(issue_id)) if ID.fullmatch(issue_id) else None

    def numbered(self, number: int) -> Issue:
        """The visible issue whose id is this number."""
        return self._issues[number]

    def numbers(self) -> AbstractSet[int]:
        """The ids of all visible issues."""
        return self._issues.keys()

    def in_projects(self, project_ids: Iterable[str]) -> Iterator[Issue]:
        """The visible issues of these projects."""
        for project_id in project_ids:
            yield from (self._issues[number] for number in self.having("project", project_id))

    def having(self, name: str, value: str) -> AbstractSet[int]:
        """The issues with this value in one of VALUES.  Not a copy."""
        return self._values[name].get(value, NOWHERE)

    def order(self, name: str) -> Ordered:
        """One of ORDERS."""
        return self._orders[name]

    def with_word(self, name: str, read: Words, word: str) -> AbstractSet[int]:
        """The issues whose text (`read`, of that name) has the word; the first call is slow."""
        if name not in self._words:
            built: dict[str, set[int]] = {}
            for number, issue in self._issues.items():
                _note(built, number, words_of(read(issue)))
            self._words[name] = (read, built)
        return self._words[name][1].get(word, NOWHERE)

    def _apply(self, number: int, issue: Issue | None) -> None:
        before = self._issues.pop(number, None)
        if issue is not None and issue.archived is not None:
            issue = None
        if issue is not None:
            self._issues[number] = issue
        self.version += 1
        for name, read in VALUES.items():
            _replace(self._values[name], number, *(_read(read, one) for one in (before, issue)))
        for name, keys in ORDERS.items():
            _reorder(self._orders[name], number, *(_read(keys, one) for one in (before, issue)))
        for text, found in self._words.values():
            old, new = (set() if one is None else words_of(text(one)) for one in (before, issue))
            _replace(found, number, old, new)


def words_of(text: str) -> set[str]:
    """The words of a text, in lower case, as text searches compare them."""
    return set(WORD.findall(text.lower()))


def utc(moment: datetime) -> datetime:
    """The instant as the orders hold instants, so that comparing is quick."""
    return moment.astimezone(UTC)


def _read(read: Callable[[Issue], Collection[Key]], issue: Issue | None) -> Collection[Key]:
    return () if issue is None else read(issue)


def _note(found: dict[str, set[int]], number: int, values: Iterable[str]) -> None:
    for value in values:
        found.setdefault(value, set()).add(number)


def _replace(
    found: dict[str, set[int]], number: int, old: Collection[str], new: Collection[str]
) -> None:
    if old == new:
        return
    for value in old:
        found[value].discard(number)
        if not found[value]:
            del found[value]
    _note(found, number, new)


def _reorder(ordered: Ordered, number: int, old: Collection[Key], new: Collection[Key]) -> None:
    if old == new:
        return
    for key in (Counter(old) - Counter(new)).elements():
        ordered.drop((key, number))
    for key in (Counter(new) - Counter(old)).elements():
        ordered.add((key, number))
