"""Queries as things: parsed, matched, made safe for others, freed of names."""

from collections.abc import Mapping

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.jql import JqlError, parse
from jirasim.jql.sanitized import sanitized, users_resolved
from jirasim.jql.structure import structure, written
from jirasim.site.errors import Refusal
from jirasim.site.permissions import is_administrator
from jirasim.site.product import on_cloud
from jirasim.site.search import context_of
from jirasim.wire.entities import Json

MOST_MATCHED = 1_000
MOST_QUERIES = 100
MODES = frozenset({"strict", "warn", "none"})


def check(call: Call) -> Answer:
    """POST /jql/parse: each query with its tree, or with what is wrong with it."""
    queries = _queries(call, "queries")
    validation = call.query.get("validation", "strict")
    if validation not in MODES:
        raise Refusal(400, f"The validation '{validation}' is not valid.")
    return Answer({"queries": [_checked(call, str(one), validation) for one in queries]})


def _queries(call: Call, name: str) -> list[object]:
    queries = call.object().get(name)
    if not isinstance(queries, list) or not queries:
        raise Refusal(400, "At least one query must be provided.")
    return queries


def _checked(call: Call, text: str, validation: str) -> Json:
    try:
        query = parse(text)
    except JqlError as error:
        return {"query": text, "errors": list(error.messages)}
    whole: Json = {"query": text, "structure": structure(query)}
    if validation == "none":
        return whole
    try:
        query.check(context_of(call.site, call.caller))
    except JqlError as error:
        if validation == "warn":
            return {**whole, "warnings": list(error.messages)}
        return {"query": text, "errors": list(error.messages)}
    return whole


def match(call: Call) -> Answer:
    """POST /jql/match: which of these issues each of the queries finds."""
    body = call.object()
    ids, queries = body.get("issueIds"), body.get("jqls")
    if not isinstance(ids, list) or not isinstance(queries, list):
        raise Refusal(400, "Both 'issueIds' and 'jqls' must be provided.")
    if len(ids) > MOST_MATCHED or len(queries) > MOST_QUERIES:
        raise Refusal(400, "Too many issue ids or queries were provided.")
    wanted = frozenset(str(one) for one in ids)
    return Answer({"matches": [_matched(call, str(one), wanted) for one in queries]})


def _matched(call: Call, text: str, wanted: frozenset[str]) -> Json:
    context = context_of(call.site, call.caller)
    call.site.index.catch_up(context.now)
    known = (call.site.index.get(one) for one in sorted(wanted, key=lambda one: (len(one), one)))
    try:
        query = parse(text)
        matches = query.matcher(context)
    except JqlError as error:
        return {"matchedIssues": [], "errors": list(error.messages)}
    visible = context.visible_projects or frozenset()
    seen = [one for one in known if one is not None and one.project_id in visible]
    return {"matchedIssues": [int(one.id) for one in seen if matches(one)], "errors": []}


def sanitize(call: Call) -> Answer:
    """POST /jql/sanitize, for administrators: as another reader may see the queries."""
    if not is_administrator(call.user):
        raise Refusal(403, "You do not have permission to sanitize queries.")
    rows = [one for one in _queries(call, "queries") if isinstance(one, Mapping)]
    return Answer({"queries": [_sanitized(call, row) for row in rows]})


def _sanitized(call: Call, row: Mapping[str, object]) -> Json:
    text, account_id = str(row.get("query") or ""), row.get("accountId")
    reader = call.site.state.users.get(str(account_id)) if account_id is not None else None
    body: Json = {"initialQuery": text}
    if account_id is not None:
        body["accountId"] = account_id
    try:
        query = parse(text)
    except JqlError as error:
        return {**body, "errors": {"errorMessages": list(error.messages), "errors": {}}}
    safe = sanitized(query, context_of(call.site, reader))
    return {**body, "sanitizedQuery": text if safe == query else written(safe)}


def without_names(call: Call) -> Answer:
    """POST /jql/pdcleaner: account ids in place of the names of people."""
    texts = [str(one) for one in _queries(call, "queryStrings")]
    context = context_of(call.site, call.caller)
    clean: list[str] = []
    unknown: list[Json] = []
    for text in texts:
        try:
            query = parse(text)
        except JqlError as error:
            raise Refusal(400, *error.messages) from None
        changed, lost = users_resolved(query, context)
        converted = text if changed == query else written(changed)
        if lost:
            unknown.append({"originalQuery": text, "convertedQuery": converted})
        else:
            clean.append(converted)
    body: Json = {"queryStrings": clean}
    return Answer({**body, "queriesWithUnknownUsers": unknown} if unknown else body)


ENDPOINTS = (
    Endpoint("POST", "/jql/parse", check, anonymous=True, on=on_cloud),
    Endpoint("POST", "/jql/match", match, anonymous=True, on=on_cloud),
    Endpoint("POST", "/jql/sanitize", sanitize, on=on_cloud),
    Endpoint("POST", "/jql/pdcleaner", without_names, on=on_cloud),
)
