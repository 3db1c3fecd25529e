"""Which issues come here by a binding.  Asks Jira only where the binding has a JQL of its own."""

from __future__ import annotations

from collections.abc import Sequence

from duolog.jira import jql
from duolog.jira.client import BULK_FETCH, Query
from duolog.jira.wire import Issue
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.scopes import takes_newcomers
from duolog.sync.models import Link, LinkState


def is_wanted(ground: Ground, issue: Issue) -> bool:
    """Whether a new issue comes here by this binding.

    What its JQL leaves out may only be unknown to the search yet: the poll finds it then.
    """
    is_here = takes_newcomers(ground.binding) and belongs(ground, issue)
    return is_here and bool(passing(ground, [issue]))


def belongs(ground: Ground, issue: Issue) -> bool:
    """Whether the issue lies in the Jira project, and for a project of ours below its epic.

    Below the epic lies, too, what lies below an issue that this binding keeps in step.
    """
    binding, project, parent = ground.binding, issue.known.project, issue.known.parent
    if project is None or project.id != binding.jira_project_id:
        return False
    if binding.project_id is None:
        return True
    if ground.lacks_its_epic:
        return False
    if ground.epics.lies_below(issue, binding.epic_issue_id, binding.epic_issue_key):
        return True
    live = Link.objects.filter(binding=binding).exclude(state=LinkState.ENDED)
    return parent is not None and live.filter(issue_id=parent.id).exists()


def passing(ground: Ground, issues: Sequence[Issue]) -> Sequence[Issue]:
    """Those of the issues that the binding's own JQL lets through; one call for a hundred."""
    condition = ground.binding.jql
    if not condition:
        return issues
    through: set[str] = set()
    for start in range(0, len(issues), BULK_FETCH):
        ids = [issue.id for issue in issues[start : start + BULK_FETCH]]
        found = ground.client.search.each(Query(jql.those_of(ids, condition), fields=("updated",)))
        through.update(issue.id for issue in found)
    return [issue for issue in issues if issue.id in through]
