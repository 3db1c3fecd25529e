"""Odd requests are refused in Jira's shape, whatever they hold: never with a 500 (jira.md 3.1)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import pytest
from helpers.jira_caller import Api, Reply, doc, encoded

Json = Any
ODD: Final[tuple[Json, ...]] = (
    *(None, True, -1, 1.5, 10**30, 0, "", " ", "x\x00\ud800", "x" * 300),
    *([], [None], [[]], [{}], {}, {"id": None}, {"id": {}}, {"key": 5}, {"name": []}),
    *([{"add": {}}], [{"set": [None]}], [{"remove": 1}], {"value": {}}),
    {"type": "doc", "version": 1, "content": [{"type": []}]},
)
RAW: Final = {
    "nothing": b"",
    "not JSON": b"{",
    "not UTF-8": b'{"fields":"\xff\xfe"}',
    "a list": b"[]",
    "null": b"null",
    "a text": b'"x"',
    "no number": b'{"fields":NaN}',
    "an endless number": b'{"fields":1e999}',
    "a number of 5,000 digits": b'{"fields":%s}' % (b"9" * 5000),
    "lists as deep as the sea": b"[" * 100_000,
    "objects deeper than documents are": b'{"fields":' * 900 + b"{}" + b"}" * 900,
    "ten megabytes": b'{"fields":{"summary":"%s"}}' % (b"x" * 10_000_000),
}
QUERY: Final = ("", "-1", "x", "9" * 30, "²", "1.5", "\x00", "\ufffd", "*all", "a,b,,", "null")
FIELDS: Final[Json] = {
    "project": {"key": "FHP"},
    "issuetype": {"name": "Task"},
    "summary": "A task",
    "description": doc("Text"),
    "labels": ["one"],
    "priority": {"name": "High"},
    "assignee": {"accountId": "5b10"},
    "reporter": {"id": "5b10"},
    "duedate": "2026-04-01",
    "components": [{"name": "Portal"}],
    "fixVersions": [{"id": "10000"}],
    "parent": {"key": "FHP-1"},
    "timetracking": {"originalEstimate": "1d"},
    "security": {"id": "10000"},
}
WORKLOG: Final[Json] = {
    "comment": doc("Did it"),
    "started": "2026-03-01T09:00:00.000+0000",
    "timeSpentSeconds": 3600,
    "visibility": {"type": "role", "value": "Developers", "identifier": "Developers"},
    "properties": [{"key": "tool", "value": {"id": 1}}],
}
UPDATE: Final[Json] = {
    "labels": [{"add": "x"}],
    "comment": [{"add": {"body": doc("Said")}}],
    "worklog": [{"add": {"timeSpent": "1h", "started": "2026-03-01T09:00:00.000+0000"}}],
    "issuelinks": [{"add": {"type": {"name": "Blocks"}, "outwardIssue": {"key": "FHP-1"}}}],
    "timetracking": [{"edit": {"remainingEstimate": "1h"}}],
}
LINK: Final[Json] = {
    "type": {"name": "Blocks"},
    "inwardIssue": {"key": "FHP-1"},
    "outwardIssue": {"id": "10001"},
    "comment": {"body": doc("Why"), "visibility": {"type": "role", "value": "Developers"}},
}
REMOTE: Final[Json] = {
    "globalId": "system=x&id=1",
    "application": {"type": "x", "name": "X"},
    "relationship": "is",
    "object": {
        "url": "https://x.example/1",
        "title": "T",
        "icon": {"url16x16": "https://x.example/i.png"},
        "status": {"resolved": False, "icon": {}},
    },
}
SEARCH: Final[Json] = {
    "jql": "project = FHP",
    "fields": ["summary"],
    "expand": "names",
    "properties": ["tool"],
    "maxResults": 5,
    "nextPageToken": "x",
    "reconcileIssues": [10000],
    "fieldsByKeys": True,
}
BODIES: Final[dict[str, Json]] = {
    "POST /issue": {
        "fields": FIELDS,
        "properties": [{"key": "a", "value": 1}],
        "transition": {"id": "31", "looped": True},
        "historyMetadata": {"type": "x", "actor": {"id": "a"}},
    },
    "PUT /issue/FHP-1": {"fields": {"customfield_10040": "x"}, "update": UPDATE},
    "POST /issue/bulk": {"issueUpdates": [{"fields": {"project": {"key": "FHP"}}}]},
    "POST /issue/FHP-1/transitions": {
        "transition": {"id": "31"},
        "fields": {"resolution": {"id": "1"}},
    },
    "PUT /issue/FHP-1/assignee": {"accountId": "x", "name": "y"},
    "POST /issue/FHP-1/comment": {**WORKLOG, "body": doc("Said")},
    "POST /issue/FHP-1/worklog": WORKLOG,
    "PUT /issue/FHP-1/worklog/10000": WORKLOG,
    "POST /issue/FHP-1/worklog/move": {"ids": [10000], "issueIdOrKey": "FHP-2"},
    "POST /worklog/list": {"ids": [10000]},
    "POST /comment/list": {"ids": [10000]},
    "POST /issueLink": LINK,
    "POST /issue/FHP-1/remotelink": REMOTE,
    "POST /issue/FHP-1/notify": {
        "subject": "S",
        "textBody": "T",
        "to": {"users": [{"accountId": "x"}], "groups": [{"name": "x"}], "reporter": True},
        "restrict": {"permissions": [{"key": "BROWSE"}], "groups": [{"name": "x"}]},
    },
    "POST /search/jql": SEARCH,
    "POST /search/approximate-count": {"jql": "project = FHP"},
    "POST /issue/bulkfetch": {"issueIdsOrKeys": ["FHP-1"], "fields": ["summary"], **SEARCH},
    "POST /changelog/bulkfetch": {"issueIdsOrKeys": ["FHP-1"], "fieldIds": ["x"], **SEARCH},
    "POST /jql/match": {"issueIds": [10000], "jqls": ["project = FHP"]},
    "POST /webhook": {
        "url": "https://x.example",
        "webhooks": [
            {"events": ["jira:issue_created"], "jqlFilter": "project = FHP", "fieldIdsFilter": []}
        ],
    },
    "POST /rest/webhooks/1.0/webhook": {
        "name": "N",
        "url": "https://x.example",
        "events": ["jira:issue_created"],
        "filters": {"issue-related-events-section": "project = FHP"},
        "excludeBody": False,
        "secret": "s",
    },
}
PARAMETERS: Final = {
    "GET /issue/FHP-1": "fields expand properties fieldsByKeys updateHistory failFast",
    "GET /issue/FHP-1/worklog": "startAt maxResults startedAfter startedBefore expand",
    "GET /issue/FHP-1/comment": "startAt maxResults orderBy expand",
    "GET /issue/FHP-1/changelog": "startAt maxResults",
    "GET /search/jql": "jql nextPageToken maxResults fields expand properties reconcileIssues",
    "GET /worklog/updated": "since expand skip",
    "GET /user/search": "query startAt maxResults accountId property",
    "GET /user/assignable/search": "query project issueKey startAt maxResults actionDescriptorId",
    "GET /project/search": "startAt maxResults orderBy id keys query typeKey categoryId action",
    "GET /issue/createmeta/FHP/issuetypes": "startAt maxResults",
    "GET /mypermissions": "permissions projectKey projectId issueKey issueId",
}


def variants(node: Json) -> Iterator[Json]:
    """The value with one part of it replaced, left out or joined by a stranger."""
    yield from ODD
    if isinstance(node, dict):
        yield {**node, "odd": 1}
        for key, value in node.items():
            yield {name: other for name, other in node.items() if name != key}
            yield from ({**node, key: odd} for odd in variants(value))
    elif isinstance(node, list):
        for at, one in enumerate(node):
            yield from ([*node[:at], odd, *node[at + 1 :]] for odd in variants(one))


def refused_or_done(reply: Reply) -> bool:
    """Whether it is an answer of Jira's: not its failure, and JSON where it is refused."""
    if reply.status >= 500:
        return False
    return reply.status < 400 or {"errorMessages", "message", "errors"} & set(reply.json) != set()


@pytest.fixture
def busy_api(api: Api, make: Callable[..., Json]) -> Api:
    """With two issues and a worklog, and no judge but the test: it is about failures alone."""
    for name in ("One", "Two"):
        make(name)
    assert api.post("/issue/FHP-1/worklog", {"timeSpent": "1h"}).status == 201
    return replace(api, document=None)


@pytest.mark.parametrize("what", BODIES)
def test_values_of_any_type(busy_api: Api, what: str) -> None:
    method, path = what.split()
    for body in variants(BODIES[what]):
        reply = busy_api.call(method, path, body=encoded(body))
        assert refused_or_done(reply), f"{what} {body}: {reply.status} {reply.text[:200]}"


@pytest.mark.parametrize("body", RAW.values(), ids=RAW)
def test_bodies_that_are_none(busy_api: Api, body: bytes) -> None:
    for what in BODIES:
        method, path = what.split()
        assert refused_or_done(busy_api.call(method, path, body=body)), what


@pytest.mark.parametrize("what", PARAMETERS)
def test_parameters_of_any_form(busy_api: Api, what: str) -> None:
    method, path = what.split()
    for name in PARAMETERS[what].split():
        for value in QUERY:
            reply = busy_api.call(method, path, query={name: value})
            assert refused_or_done(reply), f"{what} {name}={value}: {reply.status}"


def test_half_a_pair_of_surrogates_is_kept_as_a_question_mark(api: Api) -> None:
    fields = {**FIELDS, "summary": "x"}
    kept = {name: fields[name] for name in ("project", "issuetype", "summary")}
    raw = encoded({"fields": kept}).replace(b'"x"', b'"a\\ud800b \\ud83d\\ude00"')
    key = api.post("/issue", raw).json["key"]
    assert api.get(f"/issue/{key}").json["fields"]["summary"] == "a?b 😀"
