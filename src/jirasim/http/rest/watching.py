"""Watchers and voters of an issue over REST."""

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest.issues import found, writable
from jirasim.site import watching
from jirasim.site.errors import Refusal
from jirasim.site.model import User
from jirasim.site.product import on_cloud
from jirasim.wire.issues import votes, watches


def watchers(call: Call) -> Answer:
    """GET …/watchers: the count, and those whom the caller may know."""
    watching.require_watching(call.site)
    issue = found(call)
    seen = watching.shown(call.site, call.caller, issue, issue.watchers)
    rows = [call.wire.user(one.account_id) for one in seen]
    return Answer({**watches(call.wire, issue), "watchers": rows})


def watch(call: Call) -> Answer:
    """POST …/watchers: the one of the body, a bare JSON string, or oneself without a body."""
    issue = found(call)
    watching.watch(call.site, call.user, issue, _watcher(call))
    return NO_CONTENT


def unwatch(call: Call) -> Answer:
    """DELETE …/watchers?accountId= (Cloud) or ?username= (Server)."""
    issue = found(call)
    names = ("accountId",) if call.product.cloud else ("username", "userName")
    given = next((call.query[name] for name in names if call.query.get(name)), None)
    if given is None:
        raise Refusal(400, f"The '{names[0]}' query parameter must be given.")
    watching.unwatch(call.site, call.user, issue, _user(call, given))
    return NO_CONTENT


def is_watching(call: Call) -> Answer:
    """POST /issue/watching: by issue id, false for what is not there."""
    watching.require_watching(call.site)
    ids = call.object().get("issueIds")
    if not isinstance(ids, list):
        raise Refusal(400, "The 'issueIds' must be a list of issue ids.")
    issues = call.site.state.issues
    mine = call.user.account_id
    rows = {str(one): str(one) in issues and mine in issues[str(one)].watchers for one in ids}
    return Answer({"issuesIsWatching": rows})


def voters(call: Call) -> Answer:
    """GET …/votes."""
    watching.require_voting(call.site)
    issue = found(call)
    seen = watching.shown(call.site, call.caller, issue, issue.voters)
    return Answer(
        {**votes(call.wire, issue), "voters": [call.wire.user(one.account_id) for one in seen]}
    )


def vote(call: Call) -> Answer:
    """POST …/votes."""
    watching.vote(call.site, call.user, writable(call))
    return NO_CONTENT


def unvote(call: Call) -> Answer:
    """DELETE …/votes."""
    watching.unvote(call.site, call.user, writable(call))
    return NO_CONTENT


def _watcher(call: Call) -> User:
    given = call.json() if call.raw_body.strip() else call.query.get("userName")
    if given is None or given == "":
        return call.user
    if not isinstance(given, str):
        raise Refusal(400, "The body must be a JSON string that names the user.")
    return _user(call, given)


def _user(call: Call, given: str) -> User:
    users = call.site.state.users
    user = users.get(given) if call.product.cloud else call.site.find_login(given)
    if user is None:
        raise Refusal(404, f"User '{given}' does not exist.")
    return user


ENDPOINTS = (
    Endpoint("GET", "/issue/{id}/watchers", watchers, anonymous=True),
    Endpoint("POST", "/issue/{id}/watchers", watch),
    Endpoint("DELETE", "/issue/{id}/watchers", unwatch),
    Endpoint("POST", "/issue/watching", is_watching, on=on_cloud),
    Endpoint("GET", "/issue/{id}/votes", voters, anonymous=True),
    Endpoint("POST", "/issue/{id}/votes", vote),
    Endpoint("DELETE", "/issue/{id}/votes", unvote),
)
