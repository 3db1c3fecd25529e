"""Under a context path, every address in every answer has it (jira.md 1 and trap 26)."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from helpers.jira_caller import Api, Reply, api_of

from jirasim.clock import VirtualClock
from jirasim.http.app import AROUND, ENDPOINTS, JIRA_SOFTWARE, assemble
from jirasim.seed import make_state
from jirasim.site.product import SERVER_VERSION, Deployment, Product
from jirasim.site.state import Site

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BASE = "http://jira.test/jira"
REST = "/jira/rest/api/2"
TABLES = {
    "/rest/api/2": ENDPOINTS,
    "/rest/agile/1.0": JIRA_SOFTWARE["/rest/agile/1.0"],
    "/rest/pat/latest": AROUND["/rest/pat/latest"],
}
IDS = ("FHP-1", "10000", "1", "FHP", "10002", "user")
ASKED = {
    "expand": "renderedFields,names,schema,operations,editmeta,changelog,transitions,properties,"
    "renderedBody,groups,applicationRoles,lead,projectKeys,issueTypes,owner,all,permissions",
    "fields": "*all",
    "username": "maya",
    "query": "a",
    "issueKey": "FHP-1",
    "project": "FHP",
    "projectKeys": "FHP",
    "groupname": "jira-administrators",
    "maxResults": "2",
}
OUTSIDE = re.compile(r"http://jira\.test(?!/jira(/|$))|^/(?!jira/)|(href|src|action)=\"/(?!jira/)")
CONTEXT_FREE = frozenset({("/rest/api/2/issue/picker", "img")})
"""Pickers name a picture as the type has it."""


@pytest.fixture
def below() -> Iterator[Api]:
    """A site below /jira with something of each kind in it."""
    clock = VirtualClock()
    clock.set(NOW, freeze=True)
    product = Product(Deployment.SERVER, SERVER_VERSION, "/jira")
    state = make_state(seed=7, issues=20, worklogs=20, now=NOW, product=product)
    controls = assemble(Site(state, clock, base_url=BASE))
    api = api_of(controls, None, set())
    issue = f"{REST}/issue/FHP-1"
    filled = (
        (f"{issue}/comment", {"body": "Said"}),
        (f"{issue}/remotelink", {"object": {"url": "http://x.example", "title": "X"}}),
        (f"{REST}/filter", {"name": "Mine", "jql": "project = FHP"}),
        (f"{REST}/projectCategory", {"name": "Some"}),
        (
            f"{REST}/issueLink",
            {
                "type": {"name": "Blocks"},
                "inwardIssue": {"key": "FHP-2"},
                "outwardIssue": {"key": "FHP-1"},
            },
        ),
    )
    for path, body in filled:
        assert asked(api, "POST", path, body).status in {200, 201}, path
    yield api
    controls.sender.close()


def asked(api: Api, method: str, path: str, body: Any = None, **query: str) -> Reply:
    raw = b"" if body is None else json.dumps(body).encode()
    return asyncio.run(api._exchange(method, path, urlencode(query), raw))


def strays(found: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Addresses without the context path, and the keys under which they are."""
    if isinstance(found, dict):
        for key, one in found.items():
            yield from strays(one, key)
    elif isinstance(found, list):
        for one in found:
            yield from strays(one, name)
    elif isinstance(found, str) and OUTSIDE.search(found):
        yield name, found


@pytest.mark.parametrize("base", TABLES)
def test_every_address_has_the_context_path(below: Api, base: str) -> None:
    answered = 0
    for endpoint in TABLES[base]:
        if endpoint.method != "GET" or not endpoint.on(below.site.product):
            continue
        for number in range(len(IDS)):
            ids = iter((IDS[number], *IDS[number:], *IDS))
            path = re.sub(r"{\w+(:path)?}", lambda _, ids=ids: next(ids), endpoint.path)
            for query in ({}, ASKED):
                reply = asked(below, "GET", f"/jira{base}{path}", **query)
                answered += reply.status == 200
                media = reply.headers.get("content-type", "")
                body = reply.json if "json" in media and reply.content else None
                found = [*strays(body), *strays(dict(reply.headers))]
                template = base + endpoint.path
                assert [one for one in found if (template, one[0]) not in CONTEXT_FREE] == [], path
    assert answered > 0


def test_nothing_lives_outside_the_context_path(below: Api) -> None:
    for path in ("/rest/api/2/myself", "/rest/agile/1.0/board", "/secure/attachment/10000/x"):
        reply = asked(below, "GET", path)
        assert (reply.status, reply.json["status-code"]) == (404, 404), path
    assert (
        asked(below, "GET", f"{REST}/myself").json["self"]
        == f"{BASE}/rest/api/2/user?username=duolog-sync"
    )
    made = asked(below, "POST", f"{REST}/issue/FHP-1/comment", {"body": "x"})
    assert made.headers["location"].startswith(f"{BASE}/rest/api/2/issue/")
