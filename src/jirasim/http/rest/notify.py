"""Mail about an issue: judged as Jira does, and never sent."""

from collections.abc import Mapping

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest.issues import found
from jirasim.site.errors import Refusal
from jirasim.site.model import Issue, User

FLAGS = ("reporter", "assignee", "watchers", "voters")
NO_RECIPIENTS = "No recipients were defined for notification."


def notify(call: Call) -> Answer:
    """POST …/notify: 204 once somebody else than the caller would get it."""
    issue, to = found(call), call.object().get("to")
    given = to if isinstance(to, Mapping) else {}
    users = [_user(call, one) for one in _listed(given, "users")]
    groups = [*_listed(given, "groups"), *_listed(given, "groupIds")]
    flagged = {who for flag in FLAGS if given.get(flag) is True for who in _meant(issue, flag)}
    recipients = {one.account_id for one in users} | flagged
    if not recipients - {call.user.account_id} and not groups:
        raise Refusal(400, NO_RECIPIENTS)
    return NO_CONTENT


def _listed(given: Mapping[str, object], name: str) -> list[object]:
    found_list = given.get(name)
    if found_list is None:
        return []
    if not isinstance(found_list, list):
        raise Refusal(400, f"The '{name}' of a notification must be a list.")
    return found_list


def _user(call: Call, raw: object) -> User:
    given = raw if isinstance(raw, Mapping) else {}
    name = str(given.get("accountId" if call.product.cloud else "name") or "")
    users = call.site.state.users
    user = users.get(name) if call.product.cloud else call.site.find_login(name)
    if user is None:
        raise Refusal(400, f"The user '{name}' does not exist.")
    return user


def _meant(issue: Issue, flag: str) -> tuple[str, ...]:
    one = {"reporter": issue.reporter, "assignee": issue.assignee}
    if flag in one:
        who = one[flag]
        return () if who is None else (who,)
    return issue.watchers if flag == "watchers" else issue.voters


ENDPOINTS = (Endpoint("POST", "/issue/{id}/notify", notify),)
