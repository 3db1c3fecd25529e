"""What searches found lately, for the pages that follow.  Knows no JQL."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from operator import is_
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from jirasim.site.state import Site

MOST = 8
"""Answers that are kept: of 200,000 issues each is a list of some 2 MiB."""
TABLES = (
    "users",
    "groups",
    "statuses",
    "priorities",
    "resolutions",
    "issue_types",
    "fields",
    "components",
    "versions",
    "security_schemes",
    "categories",
    "projects",
    "link_types",
    "boards",
    "sprints",
    "filters",
)
"""Besides issues and links, all that an answer or its order can depend on."""
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a site stands: the changes of its issues, links and index so far, and the rest itself."""

    changes: tuple[int, int]
    values: list[object] = field(repr=False)

    def holds(self, other: "Standing") -> bool:
        """Whether nothing has changed.  Values are frozen: what is the same is as it was."""
        return (
            self.changes == other.changes
            and len(self.values) == len(other.values)
            and all(map(is_, self.values, other.values))
        )


def standing(site: "Site") -> Standing:
    """How the site stands now."""
    state = site.state
    values: list[object] = [state.settings, state.measure, state.time_zone]
    for table in TABLES:
        values.extend(getattr(state, table).values())
    return Standing((site.revision, site.index.version), values)


class Recent(Generic[Found]):
    """The last answers, by what was asked; none outlives a change.  Used under the site's lock."""

    def __init__(self) -> None:
        self._at: Standing | None = None
        self._found: OrderedDict[Hashable, Found] = OrderedDict()

    def get(self, now: Standing, asked: Hashable, find: Callable[[], Found]) -> Found:
        """The answer to this question; it is looked for unless it is known."""
        if self._at is None or not self._at.holds(now):
            self._at = now
            self._found.clear()
        if asked not in self._found:
            self._found[asked] = find()
        self._found.move_to_end(asked)
        if len(self._found) > MOST:
            self._found.popitem(last=False)
        return self._found[asked]
