"""What one product alone has is not there on the other, which says so in its own words."""

import gzip
import json
import re
from functools import cache
from typing import Any

import pytest
from helpers.jira_caller import Api
from helpers.jira_document import CLOUD, FOLDER, SERVER

Operations = dict[tuple[str, str], str]
METHODS = frozenset({"get", "post", "put", "delete"})
READ_OTHERWISE = frozenset({"GET /filter/my", "GET /filter/search", "DELETE /version/{}"})
"""On Server the first two are filters of odd ids; the last is a known difference (README)."""


@cache
def operations(name: str) -> Operations:
    """Method and shape of what a document has below /rest/api, with one path of each."""
    file = FOLDER / name
    if not file.exists():
        pytest.skip("The shared documents are not here.")
    content: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
    found: Operations = {}
    for path, methods in content["paths"].items():
        short = re.sub(r"^(/rest)?/api/[23]", "", path)
        if short != path:
            filled = re.sub(r"{[^}]*}", "1", short)
            shape = re.sub(r"{[^}]*}", "{}", short)
            found |= {(one.upper(), shape): filled for one in METHODS & methods.keys()}
    return found


def absent(api: Api, mine: str, theirs: str) -> int:
    own, others, count = operations(mine), operations(theirs), 0
    for (method, shape), path in sorted(others.items()):
        if (method, shape) in own or f"{method} {shape}" in READ_OTHERWISE:
            continue
        body = {} if method in {"POST", "PUT"} else None
        reply = api.call(method, path, body=body)
        assert reply.status in {404, 405}, (method, path, reply.status, reply.text)
        assert {"message", "errorMessages"} & reply.json.keys(), (method, path)
        count += 1
    return count


def test_server_has_nothing_of_cloud_alone(server: Api) -> None:
    assert absent(server, SERVER, CLOUD) > 300


def test_cloud_has_nothing_of_server_alone(api: Api) -> None:
    assert absent(api, CLOUD, SERVER) > 100


def test_each_has_its_own_versions_of_the_api(server: Api, api: Api) -> None:
    """jira.md: Server has no version 3, and `latest` is 2 there."""
    gone = server.get("/rest/api/3/myself")
    assert (gone.status, gone.json["status-code"]) == (404, 404)
    assert gone.json["message"].startswith("null for uri: http://")
    assert "name" in server.get("/rest/api/latest/myself").json
    for path in ("/_edge/tenant_info", "/rest/software/1.0/board", "/oauth/token"):
        assert server.get(path).status == 404, path
    for path in ("/rest/pat/latest/tokens", "/rest/oauth2/latest/token", "/login.jsp"):
        assert api.get(path).status == 404, path
