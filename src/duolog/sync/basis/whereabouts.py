"""Where an issue lies by now: keys of projects are renamed, and issues are moved between projects."""

from __future__ import annotations

from django.db import transaction

from duolog.core.errors import Refused
from duolog.jira.wire import Issue
from duolog.sync.basis.ground import Ground
from duolog.sync.basis.scopes import Space
from duolog.sync.models import Binding, Link


def follow_key(ground: Ground, issue: Issue) -> None:
    """A project whose key was renamed in Jira is called so here, with its issues and its epics.

    By every binding there ever was to it: Server names an epic by its key, also to the others.
    """
    project, binding = issue.known.project, ground.binding
    if project is None or project.id != binding.jira_project_id:
        return
    if not project.key or project.key == binding.jira_project_key:
        return
    with transaction.atomic():
        for row in Space.of(binding).all_bindings().select_for_update(of=("self",)):
            _rename(row, project.key)
    binding.refresh_from_db(fields=["jira_project_key", "epic_issue_key"])
    ground.forget_keys()


def _rename(binding: Binding, key: str) -> None:
    """The number of an issue stays when the key of its project changes."""
    former = f"{binding.jira_project_key}-"
    links = list(Link.objects.filter(binding=binding, issue_key__startswith=former))
    for link in links:
        link.issue_key = f"{key}-{link.issue_key.removeprefix(former)}"
    Link.objects.bulk_update(links, ["issue_key"], batch_size=500)
    if binding.epic_issue_key.startswith(former):
        binding.epic_issue_key = f"{key}-{binding.epic_issue_key.removeprefix(former)}"
    binding.jira_project_key = key
    binding.save(update_fields=["jira_project_key", "epic_issue_key"])


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
