"""Data Center refuses odd requests in its own shapes; 500 only where its document or code says so.

Every operation of the simulator is asked with ids, parameters and bodies of wrong kinds, each
of them once: which one goes where is counted off, so that every run asks the same.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

import pytest
from helpers.jira_caller import AGILE_BASE, Api
from helpers.jira_document import FOLDER, SERVER

from jirasim.http.app import AROUND, ENDPOINTS, JIRA_SOFTWARE
from jirasim.http.endpoint import Endpoint
from jirasim.http.rest.webhook_admin_dc import ENDPOINTS as WEBHOOKS

Json = Any
ODD: tuple[Json, ...] = (
    *(None, True, -1, 1.5, 10**30, "", "  ", "\x00\ud800", "x" * 300, [], [None], [[]], ["x"]),
    *({}, [{}], {"id": None}, {"id": []}, {"name": 5}, {"key": {}}, {"value": {}}),
)
ODD_IDS = ("1", "-1", "²", "10²", "FHP", "9" * 20, "null", "é", "%00", "x" * 300)
ODD_QUERIES = ("", "-1", "abc", "9" * 23, "1.5", "[]", "%", "\x00", "*all,-x,,", "²", "\u0661")
RAW = (b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b'{"a":NaN}', b"[" * 5000, b"9" * 5000)
PARAMETERS = ("startAt", "maxResults", "expand", "fields", "query", "username", "orderBy", "jql")
COLUMNS = {"PUT /user/columns", "PUT /filter/{}/columns", "PUT /settings/columns"}
SAYS_500 = frozenset({*COLUMNS, "POST /issue/{}/worklog", "POST /issue/{}/transitions"})
"""The document says so of columns, Atlassian's code of no worklog, recordings of a bad id."""
TABLES = {
    "/rest/api/2": ENDPOINTS,
    AGILE_BASE: JIRA_SOFTWARE[AGILE_BASE],
    "/rest/jira-webhook/1.0": WEBHOOKS,
    **{base: AROUND[base] for base in ("/secure", "/rest/pat/latest")},
}
FIELDS = (
    *("summary", "description", "environment", "assignee", "reporter", "labels", "priority"),
    *("duedate", "components", "fixVersions", "versions", "parent", "timetracking", "security"),
    *("issuetype", "project", "status", "resolution", "issuelinks", "comment", "worklog"),
)
turn = count()


@pytest.fixture
def free(server: Api) -> Api:
    """Nobody judges the answers by the document: most of them are refusals."""
    for number in range(3):
        fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": f"{number}"}
        assert server.post("/issue", {"fields": fields}).status == 201
    return replace(server, document=None)


def hostile(method: str, base: str, endpoint: Endpoint) -> Iterator[tuple[str, dict[str, Json]]]:
    """Paths, and what is sent there."""
    plain = filled(endpoint.path, lambda _: "FHP-1")
    for odd in ODD_IDS:
        yield filled(endpoint.path, lambda _, odd=odd: odd), {}
        yield re.sub(r"{\w+}", odd, endpoint.path.replace("{id}", "FHP-1")), {}
    operation = described(method, base + endpoint.path)
    named = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
    for name in {*named, *PARAMETERS}:
        yield plain, {"query": {name: ODD_QUERIES[next(turn) % len(ODD_QUERIES)]}}
    if method in {"POST", "PUT"}:
        yield from ((plain, {"body": raw}) for raw in RAW)
        yield from ((plain, {"body": body}) for body in ODD)
        yield from ((plain, {"body": body}) for body in spoiled(sample(operation)))


def filled(path: str, value: Any) -> str:
    return re.sub(r"{\w+(:path)?}", value, path)


@cache
def content() -> Json:
    """Atlassian's document, where the shared material is: whose parameters and fields to spoil."""
    file = FOLDER / SERVER
    found = json.loads(gzip.decompress(file.read_bytes())) if file.exists() else {"paths": {}}
    return {
        **found,
        "operations": {
            (method.upper(), shape(f"/rest{path}")): one
            for path, methods in found["paths"].items()
            for method, one in methods.items()
        },
    }


def described(method: str, template: str) -> Json:
    return content()["operations"].get((method, shape(template)), {})


def shape(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path)


def sample(operation: Json) -> Json:
    """A body with the properties that the document's schema names, one level deep."""
    media = operation.get("requestBody", {}).get("content", {})
    schema = next((one.get("schema", {}) for one in media.values()), {})
    if "$ref" in schema:
        schema = content()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return {name: one.get("example") for name, one in schema.get("properties", {}).items()}


def spoiled(body: Json) -> Iterator[Json]:
    for name in body:
        for _ in range(4):
            yield {**body, name: ODD[next(turn) % len(ODD)]}


@pytest.mark.parametrize("base", TABLES)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_no_operation_fails_over_odd_requests(free: Api, base: str, method: str) -> None:
    offered = [one for one in TABLES[base] if one.on(free.site.product) and one.method == method]
    for endpoint in offered:
        for path, sent in hostile(method, base, endpoint):
            reply = free.call(method, base + path, **sent)
            known = f"{method} {shape(endpoint.path)}" in SAYS_500
            assert reply.status < 500 or known, (method, path, sent, reply.text)


@pytest.mark.parametrize("verb", ["fields", "set", "add", "remove", "edit", "copy"])
def test_no_field_fails_over_odd_values(free: Api, verb: str) -> None:
    own = [one["id"] for one in free.get("/field").json if one["custom"]]
    plain = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "x"}
    for name in (*FIELDS, *own):
        for odd in ODD:
            if verb == "fields":
                bodies = ({"fields": {name: odd}}, {"update": {name: odd}})
                made = free.post("/issue", {"fields": {**plain, name: odd}})
                assert made.status in {201, 400, 403}, (name, odd, made.text)
            else:
                bodies = ({"update": {name: [{verb: odd}]}}, {"update": {name: [odd]}})
            for body in bodies:
                edited = free.put("/issue/FHP-2", body)
                assert edited.status in {204, 400, 403, 404}, (body, edited.text)


@pytest.mark.parametrize(
    "jql",
    [
        "not " * 3000 + "project = FHP",
        "(" * 3000 + "project = FHP" + ")" * 3000,
        "(project = FHP and not (" * 150 + "project = FHP" + "))" * 150,
        " or ".join(["project = FHP"] * 3000),
        "summary ~ " + "x" * 50_000,
        "project in (" + ", ".join(["FHP"] * 5000) + ")",
    ],
    ids=["not not", "brackets", "by turns", "long", "a long word", "a long list"],
)
def test_no_query_is_too_deep_or_too_long(free: Api, jql: str) -> None:
    assert free.post("/search", {"jql": jql, "maxResults": 1}).status in {200, 400}


@pytest.mark.parametrize(
    "wiki",
    ["*" * 500 + " x", "bq. " * 5000, "{quote}{panel}" * 2000, "|" * 5000, "*_" * 9000, "[" * 9000],
    ids=["lists", "quotations", "macros", "cells", "marks", "links"],
)
def test_no_markup_is_too_deep_to_be_shown(free: Api, wiki: str) -> None:
    at = "/issue/FHP-1"
    assert free.put(at, {"fields": {"description": wiki}}).status == 204
    shown = free.get(at, expand="renderedFields")
    assert (shown.status, shown.json["fields"]["description"]) == (200, wiki)
