"""Making, changing and ending accounts, and who is in which group.  May not judge rights."""

from dataclasses import replace
from uuid import UUID, uuid5

from jirasim.site.errors import Refusal
from jirasim.site.events import USER_CREATED, USER_DELETED, USER_UPDATED, Event
from jirasim.site.grants import Group
from jirasim.site.model import User
from jirasim.site.permissions import USERS
from jirasim.site.state import Site

LONGEST = 255
REQUIRED = {
    "name": "You must specify a username.",
    "displayName": "You must specify a full name.",
    "emailAddress": "You must specify an email address.",
}
TAKEN = "A user with that username already exists."
FIELD_OF = {"name": "username", "displayName": "fullName", "emailAddress": "email"}
ANONYMOUS_DOMAIN = "jira.invalid"


def create(site: Site, actor: User, *, email: str, display_name: str, name: str = "") -> User:
    """A new account that may use Jira; `name` is the login of Server."""
    number = site.next_id("user")
    account = uuid5(UUID(site.state.cloud_id), f"account/{number}")
    made = User(
        account_id=f"712020:{account}",
        display_name=display_name,
        email=email,
        name=name.casefold() or email.partition("@")[0].casefold(),
        key=f"JIRAUSER{number}",
        time_zone=site.state.time_zone,
        groups=frozenset({USERS}),
    )
    _keep(site, actor, made, USER_CREATED)
    return made


def check_details(site: Site, given: dict[str, str], before: User | None) -> None:
    """Raise Refusal 400 for a login, full name or e-mail that Server would not take."""
    wrong = {
        FIELD_OF[field]: why
        for field, why in REQUIRED.items()
        if (field in given or before is None) and not given.get(field, "").strip()
    }
    email = given.get("emailAddress", "")
    if email and "@" not in email:
        wrong["email"] = "You must specify a valid email address."
    owner = site.find_login(given.get("name", ""))
    if owner is not None and (before is None or owner.account_id != before.account_id):
        wrong["username"] = TAKEN
    if wrong:
        raise Refusal(400, fields=wrong)


def change(site: Site, actor: User, before: User, given: dict[str, str]) -> User:
    """Another login, full name or e-mail; the key stays (jira.md 6.10)."""
    check_details(site, given, before)
    after = replace(
        before,
        name=given.get("name", before.name).casefold(),
        display_name=given.get("displayName", before.display_name),
        email=given.get("emailAddress", before.email),
    )
    _keep(site, actor, after, USER_UPDATED)
    return after


def set_active(site: Site, actor: User, before: User, *, active: bool) -> User:
    """Let somebody in again, or out."""
    after = replace(before, active=active)
    _keep(site, actor, after, USER_UPDATED)
    return after


def delete(site: Site, actor: User, gone: User) -> None:
    """End an account; what it wrote keeps its name."""
    for token in [one for one in site.state.tokens.values() if one.account_id == gone.account_id]:
        site.state.tokens[token.secret] = replace(token, revoked=True)
    site.state.passwords.pop(gone.account_id, None)
    ended = replace(gone, active=False, deleted=True, groups=frozenset())
    _keep(site, actor, ended, USER_DELETED)


def ties_of(site: Site, user: User) -> list[str]:
    """Why Server does not delete a user: what still names them."""
    mine = user.account_id
    issues = site.state.issues.values()
    counts = {
        "issues are currently reported by": sum(one.reporter == mine for one in issues),
        "issues are currently assigned to": sum(one.assignee == mine for one in issues),
        "issues have been commented by": sum(
            any(comment.author == mine for comment in one.comments) for one in issues
        ),
        "projects are led by": sum(one.lead == mine for one in site.state.projects.values()),
    }
    return [f"{count} {what} this user." for what, count in counts.items() if count]


def anonymise(site: Site, actor: User, before: User, heir: User | None) -> User:
    """Take away name, login and e-mail; the heir leads the projects that the user led."""
    number = before.key.lower().removeprefix("jirauser")
    digest = uuid5(UUID(site.state.cloud_id), before.key).hex[:5]
    name = f"jirauser{number}"
    after = replace(
        before, name=name, display_name=f"user-{digest}", email=f"{name}@{ANONYMOUS_DOMAIN}"
    )
    for project in list(site.state.projects.values()):
        if heir is not None and project.lead == before.account_id:
            site.state.projects[project.id] = replace(project, lead=heir.account_id)
    _keep(site, actor, after, USER_UPDATED)
    return after


def create_group(site: Site, name: str) -> Group:
    """A new, empty group.  Raises Refusal 400 for a name that is taken."""
    if not name.strip():
        raise Refusal(400, "The group name is not specified.")
    if len(name) > LONGEST or site.find_group(name) is not None:
        raise Refusal(400, f"A group or user with the name '{name}' already exists.")
    group = Group(str(uuid5(UUID(site.state.cloud_id), f"group/{name}")), name)
    site.state.groups[name] = group
    site.revision += 1
    return group


def delete_group(site: Site, group: Group) -> None:
    """Forget the group; its members stay."""
    for user in site.members_of(group.name):
        site.state.users[user.account_id] = replace(user, groups=user.groups - {group.name})
    del site.state.groups[group.name]
    site.revision += 1


def join(site: Site, group: Group, user: User) -> None:
    """Put somebody into a group.  Raises Refusal 400 for those who are in it."""
    if group.name in user.groups:
        name = user.display_name if site.product.cloud else user.name
        raise Refusal(
            400,
            f"Cannot add user '{name}', user is already a member of '{group.name}'",
        )
    site.state.users[user.account_id] = replace(user, groups=user.groups | {group.name})
    site.revision += 1


def leave(site: Site, group: Group, user: User) -> None:
    """Take somebody out of a group.  Raises Refusal 400 for those who are not in it."""
    if group.name not in user.groups:
        raise Refusal(
            400,
            f"Cannot remove user '{user.display_name}' from group '{group.name}' since "
            "user is not a member of the group",
        )
    site.state.users[user.account_id] = replace(user, groups=user.groups - {group.name})
    site.revision += 1


def _keep(site: Site, actor: User, user: User, kind: str) -> None:
    site.state.users[user.account_id] = user
    site.revision += 1
    site.publish(Event(kind, site.now(), actor.account_id, subject=user))
