"""Dynamic webhooks: those that apps register for themselves (Cloud's document; jira.md 7.1).

They hear of fewer events, filter with a part of JQL, and end after thirty days unless renewed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from jirasim.jql import JqlError, parse
from jirasim.jql.syntax import AllOf, AnyOf, Changed, Clause, Comparison, Condition, Not
from jirasim.site.errors import Refusal
from jirasim.site.hooks import AppWebhook
from jirasim.site.model import User
from jirasim.site.search import context_of
from jirasim.site.state import Site

LIFE = timedelta(days=30)
MOST_PER_USER = 5
EVENTS = frozenset(
    [
        *(f"jira:issue_{what}" for what in ("created", "updated", "deleted")),
        *(f"comment_{what}" for what in ("created", "updated", "deleted")),
        *(f"issue_property_{what}" for what in ("set", "deleted")),
        *(f"sprint_{what}" for what in ("created", "updated", "closed", "deleted", "started")),
        *(f"jira:version_{what}" for what in ("released", "unreleased", "created", "moved")),
        *(f"jira:version_{what}" for what in ("updated", "merged", "deleted")),
    ]
)
FIELDS = frozenset(
    {"issuekey", "key", "project", "issuetype", "type", "status", "assignee", "reporter"}
)
OPERATORS = frozenset({Comparison.EQUALS, Comparison.NOT_EQUALS, Comparison.IN, Comparison.NOT_IN})
EPIC_LABEL = "com.pyxis.greenhopper.jira:gh-epic-label"
PROPERTY = "issue.property"
ONE_URL = "Only a single URL per app is allowed to be registered."
TOO_MANY = f"An app may register {MOST_PER_USER} webhooks for a user."
Json = Mapping[str, object]


def of_app(site: Site, app: str) -> tuple[AppWebhook, ...]:
    """The webhooks of an app that have not ended, oldest first."""
    return tuple(one for one in alive(site) if one.app == app)


def alive(site: Site) -> Iterator[AppWebhook]:
    """Those of all apps that have not ended."""
    now = site.now()
    return (one for one in site.state.app_webhooks.values() if one.expires_at > now)


def register(site: Site, actor: User, app: str, url: str, raw: Json) -> AppWebhook | list[str]:
    """Keep one, or say everything that is wrong with it."""
    wrong = [*_wrong_events(raw), *_wrong_filter(site, actor, raw.get("jqlFilter"))]
    if sum(one.owner == actor.account_id for one in of_app(site, app)) >= MOST_PER_USER:
        wrong.append(TOO_MANY)
    if wrong:
        return wrong
    webhook = AppWebhook(
        id=site.next_id("app webhook", first=1000),
        app=app,
        owner=actor.account_id,
        url=url,
        events=_texts(raw.get("events")) or (),
        jql=str(raw.get("jqlFilter")),
        field_ids=_texts(raw.get("fieldIdsFilter")),
        property_keys=_texts(raw.get("issuePropertyKeysFilter")),
        expires_at=site.now() + LIFE,
    )
    site.state.app_webhooks[webhook.id] = webhook
    site.revision += 1
    return webhook


def check_url(site: Site, app: str, raw: object) -> str:
    """The address.  Raises Refusal 400 when it is none, or another than the app's."""
    address = urlsplit(str(raw or ""))
    if address.scheme not in ("http", "https") or not address.netloc:
        raise Refusal(400, "The webhook URL is not valid.")
    if any(one.url != raw for one in of_app(site, app)):
        raise Refusal(400, ONE_URL)
    return str(raw)


def forget(site: Site, app: str, ids: Collection[str]) -> None:
    """Delete those of them that are the app's; others are ignored."""
    for one in of_app(site, app):
        if one.id in ids:
            del site.state.app_webhooks[one.id]
            site.revision += 1


def renew(site: Site, app: str, ids: Collection[str]) -> datetime:
    """Let those of them that are the app's live for thirty days from now; returns until when."""
    until = site.now() + LIFE
    for one in of_app(site, app):
        if one.id in ids:
            site.state.app_webhooks[one.id] = replace(one, expires_at=until)
            site.revision += 1
    return until


def _wrong_events(raw: Json) -> Iterator[str]:
    events = raw.get("events")
    if not isinstance(events, list) or not events:
        yield "At least one event must be given."
        return
    unknown = [str(one) for one in events if str(one) not in EVENTS]
    if unknown:
        yield f"The events {', '.join(unknown)} are not supported."


def _wrong_filter(site: Site, actor: User, raw: object) -> list[str]:
    """What cannot be in the filter of an app: the sentence about clauses is the document's."""
    if not isinstance(raw, str):
        return ["The jqlFilter is required."]
    try:
        query = parse(raw)
        found = [*_unsupported(site, query.where)]
        if query.order:
            found.append("ORDER BY is unsupported")
        if not found:
            query.check(context_of(site, actor))
    except JqlError as error:
        return list(error.messages)
    return found


def _unsupported(site: Site, condition: Condition | None) -> Iterator[str]:
    match condition:
        case None:
            return
        case Not(part):
            yield from _unsupported(site, part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _unsupported(site, part)
        case Changed(name, _):
            yield f"The operator CHANGED of {name} is unsupported"
        case Clause():
            yield from _unsupported_clause(site, condition)


def _unsupported_clause(site: Site, clause: Clause) -> Iterator[str]:
    if not _supported(site, clause.field):
        yield f"The clause {clause.field} is unsupported"
    elif clause.comparison not in OPERATORS:
        yield f"The operator {clause.comparison.value} of {clause.field} is unsupported"


def _supported(site: Site, name: str) -> bool:
    """Of the custom fields only the epic label, and only as `cf[id]`."""
    lower = name.lower()
    if lower in FIELDS or lower.startswith(PROPERTY):
        return True
    if not lower.startswith("cf["):
        return False
    found = site.state.fields.get(f"customfield_{lower[3:-1]}")
    return found is not None and found.custom == EPIC_LABEL


def _texts(raw: object) -> tuple[str, ...] | None:
    return tuple(str(one) for one in raw) if isinstance(raw, list) else None
