"""The search index: what search sees, which may lag behind the truth.  Knows no JQL."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from jirasim.site.model import Issue


class Index:
    """Issues as search sees them.  Used under the site's lock.

    Cloud's search is not read-after-write (jira.md 4.1): with a lag, a change becomes visible
    only once the simulator's clock has passed it.  Archived issues are not in it.
    """

    def __init__(self, issues: Iterable[Issue]) -> None:
        self._issues: dict[str, Issue] = {}
        self._projects: dict[str, dict[str, Issue]] = {}
        self._pending: deque[tuple[datetime, str, Issue | None]] = deque()
        for issue in issues:
            self._apply(issue.id, issue)

    def put(self, issue_id: str, issue: Issue | None, *, now: datetime, lag: float) -> None:
        """Take a new version in (None: deleted), visible after `lag` seconds."""
        if lag <= 0 and not self._pending:
            self._apply(issue_id, issue)
            return
        self._pending.append((now + timedelta(seconds=lag), issue_id, issue))

    def catch_up(self, now: datetime) -> None:
        """Make visible whatever is old enough by now."""
        while self._pending and self._pending[0][0] <= now:
            _, issue_id, issue = self._pending.popleft()
            self._apply(issue_id, issue)

    def all(self) -> Iterable[Issue]:
        """Every visible issue."""
        return self._issues.values()

    def get(self, issue_id: str) -> Issue | None:
        """The visible version of one issue."""
        return self._issues.get(issue_id)

    def in_projects(self, project_ids: Iterable[str]) -> Iterator[Issue]:
        """The visible issues of these projects."""
        for project_id in project_ids:
            yield from self._projects.get(project_id, {}).values()

    def _apply(self, issue_id: str, issue: Issue | None) -> None:
        before = self._issues.pop(issue_id, None)
        if before is not None:
            self._projects[before.project_id].pop(issue_id, None)
        if issue is not None and issue.archived is None:
            self._issues[issue_id] = issue
            self._projects.setdefault(issue.project_id, {})[issue_id] = issue
