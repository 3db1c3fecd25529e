"""Who watches an issue and who votes for it.  Neither moves `updated` or leaves history."""

from dataclasses import replace

from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User
from jirasim.site.permissions import may, may_see
from jirasim.site.state import Site

WATCHING_OFF = "Watching issues is currently not enabled for this JIRA instance."
VOTING_OFF = "Voting for issues is currently not enabled for this JIRA instance."
OWN_ISSUE = "You cannot vote for an issue you have reported."
RESOLVED = "You cannot vote or change your vote on resolved issues."
NOT_VOTED = "Cannot remove a vote for an issue that the user has not already voted for."
HIDDEN = (
    'The user "{}" does not have permission to view this issue. '
    "This user will not be added to the watch list."
)


def joined(site: Site, issue: Issue, user: User) -> Issue:
    """The issue with a person among its watchers who has just worked on it (autowatch)."""
    if not site.state.settings.autowatch or user.account_id in issue.watchers:
        return issue
    return replace(issue, watchers=(*issue.watchers, user.account_id))


def require_watching(site: Site) -> None:
    """Raise Refusal 404 where the site has no watching."""
    if not site.state.settings.watching:
        raise Refusal(404, WATCHING_OFF)


def watch(site: Site, actor: User, issue: Issue, user: User) -> None:
    """Put somebody on the list; others than oneself need MANAGE_WATCHERS."""
    require_watching(site)
    _require_right(site, actor, issue, user, verb="add")
    if not may_see(site, user, issue):
        raise Refusal(401, HIDDEN.format(_called(site, user)))
    if user.account_id not in issue.watchers:
        site.store(replace(issue, watchers=(*issue.watchers, user.account_id)))


def unwatch(site: Site, actor: User, issue: Issue, user: User) -> None:
    """Take somebody off the list, whether they are on it or not."""
    require_watching(site)
    _require_right(site, actor, issue, user, verb="remove")
    left = tuple(one for one in issue.watchers if one != user.account_id)
    site.store(replace(issue, watchers=left))


def require_voting(site: Site) -> None:
    """Raise Refusal 404 where the site has no voting."""
    if not site.state.settings.voting:
        raise Refusal(404, VOTING_OFF)


def vote(site: Site, actor: User, issue: Issue) -> None:
    """Vote; once is as good as twice."""
    _require_ballot(site, actor, issue)
    if actor.account_id not in issue.voters:
        site.store(replace(issue, voters=(*issue.voters, actor.account_id)))


def unvote(site: Site, actor: User, issue: Issue) -> None:
    """Take one's vote back."""
    _require_ballot(site, actor, issue)
    if actor.account_id not in issue.voters:
        raise Refusal(404, NOT_VOTED)
    left = tuple(one for one in issue.voters if one != actor.account_id)
    site.store(replace(issue, voters=left))


def shown(site: Site, viewer: User | None, issue: Issue, accounts: tuple[str, ...]) -> list[User]:
    """Those of the watchers or voters whom this viewer may know: at least themselves."""
    all_of_them = may(viewer, "VIEW_VOTERS_AND_WATCHERS", site.state.projects[issue.project_id])
    mine = None if viewer is None else viewer.account_id
    return [site.state.users[one] for one in accounts if all_of_them or one == mine]


def _require_ballot(site: Site, actor: User, issue: Issue) -> None:
    require_voting(site)
    if issue.reporter == actor.account_id:
        raise Refusal(404, OWN_ISSUE)
    if issue.resolution_id is not None:
        raise Refusal(404, RESOLVED)


def _require_right(site: Site, actor: User, issue: Issue, user: User, *, verb: str) -> None:
    project = site.state.projects[issue.project_id]
    if user.account_id == actor.account_id or may(actor, "MANAGE_WATCHERS", project):
        return
    direction = "to" if verb == "add" else "from"
    raise Refusal(
        403 if site.product.cloud else 401,
        f"User '{_called(site, actor)}' is not allowed to {verb} watchers "
        f"{direction} issue '{issue.key}'",
    )


def _called(site: Site, user: User) -> str:
    return user.account_id if site.product.cloud else user.name
