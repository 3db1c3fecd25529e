"""Archived issues: hidden from search, to be read and not to be changed."""

from dataclasses import replace

from jirasim.site.errors import Refusal
from jirasim.site.events import ISSUE_UPDATED, Event
from jirasim.site.model import Issue, User
from jirasim.site.permissions import is_administrator, may
from jirasim.site.state import Site


def archive(site: Site, actor: User, issue: Issue) -> None:
    """Put it away."""
    _require(site, actor, issue, "archive")
    if issue.archived is None:
        after = replace(issue, archived=site.now(), archived_by=actor.account_id)
        _keep(site, actor, after, "issue_archived")


def restore(site: Site, actor: User, issue: Issue) -> None:
    """Bring it back."""
    _require(site, actor, issue, "restore")
    if issue.archived is not None:
        after = replace(issue, archived=None, archived_by=None)
        _keep(site, actor, after, "issue_restored")


def check_open(issue: Issue) -> None:
    """Raise Refusal 403 for an archived issue."""
    if issue.archived is not None:
        raise Refusal(403, f"The issue '{issue.key}' is archived. You cannot change it.")


def _keep(site: Site, actor: User, issue: Issue, type_name: str) -> None:
    site.store(issue)
    site.publish(Event(ISSUE_UPDATED, site.now(), actor.account_id, issue, type_name=type_name))


def _require(site: Site, actor: User, issue: Issue, verb: str) -> None:
    project = site.state.projects[issue.project_id]
    if not (is_administrator(actor) or may(actor, "ADMINISTER_PROJECTS", project)):
        raise Refusal(403, f"You do not have permission to {verb} this issue.")
