"""Where an issue lies by now: keys of projects are renamed, and issues are moved between projects."""

from __future__ import annotations

from django.db import transaction

from duolog.core.errors import Refused
from duolog.jira.wire import Issue
from duolog.sync.models import Binding, Link


def follow_key(binding: Binding, issue: Issue) -> None:
    """A project whose key was renamed in Jira is called so here, and so are its issues."""
    project = issue.known.project
    if project is None or project.id != binding.jira_project_id:
        return
    former = binding.jira_project_key
    if not project.key or project.key == former:
        return
    binding.jira_project_key = project.key
    with transaction.atomic():
        Binding.objects.filter(pk=binding.pk).update(jira_project_key=project.key)
        links = list(Link.objects.filter(binding=binding, issue_key__startswith=f"{former}-"))
        for link in links:
            link.issue_key = f"{project.key}-{link.issue_key.removeprefix(f'{former}-')}"
        Link.objects.bulk_update(links, ["issue_key"], batch_size=500)


class LiesElsewhere(Refused):
    """The issue was moved to another project, where other types, statuses and fields are."""

    def __init__(self, message: str, *, hint: str, issue: Issue) -> None:
        super().__init__(message, hint=hint)
        self.issue = issue


def must_lie_here(binding: Binding, issue: Issue) -> None:
    """Raises LiesElsewhere for an issue that was moved to another project.

    Where nothing here is bound to that, its link waits until it is moved back, or unlinked.
    """
    project = issue.known.project
    if project is not None and project.id != binding.jira_project_id:
        raise LiesElsewhere(
            f"The issue was moved to {issue.key} in Jira, out of {binding.jira_project_key}.",
            hint=f"Move it back to {binding.jira_project_key}, or unlink the item: both then go "
            "on alone.",
            issue=issue,
        )
