"""The scopes that the gateway asks for are those of Atlassian's documents (jira.md 2.2)."""

import re
from dataclasses import replace

import pytest
from helpers.jira_caller import Api, basic_header
from helpers.jira_document import AGILE, CLOUD, document

from jirasim.http.app import ENDPOINTS
from jirasim.http.scopes import needed
from jirasim.site.credentials import ApiToken
from jirasim.site.model import User
from jirasim.site.product import CLOUD as PRODUCT
from jirasim.site.state import Site

PLATFORM = "/rest/api/3"
SOFTWARE = ("/rest/agile/1.0", "/rest/software/1.0")


def test_every_operation_of_the_platform_asks_for_its_classic_scopes() -> None:
    found = document(CLOUD)
    if found is None:
        pytest.skip("Atlassian's OpenAPI document is not there (../shared/jira/openapi).")
    checked = 0
    for method, path, operation in found.operations():
        current = [
            one["scopes"]
            for one in operation.get("x-atlassian-oauth2-scopes", [])
            if one["state"] == "Current"
        ]
        if path.startswith(PLATFORM) and current:
            assert needed(method, path.removeprefix(PLATFORM)) == {*current[0]}, (method, path)
            checked += 1
    assert checked > 500


def test_every_operation_of_the_agile_part_asks_for_its_granular_scopes() -> None:
    found = document(AGILE)
    if found is None:
        pytest.skip("Atlassian's OpenAPI document is not there (../shared/jira/openapi).")
    for method, path, operation in found.operations():
        if path.startswith(SOFTWARE):
            wanted = {scope for one in operation["security"] for scope in one.get("OAuth2", ())}
            below = path.removeprefix(SOFTWARE[0]).removeprefix(SOFTWARE[1])
            assert needed(method, below, agile=True) == wanted, (method, path)


@pytest.fixture
def gateway(api: Api) -> str:
    return f"/ex/jira/{api.site.state.cloud_id}/rest/api/3"


def scoped(api: Api, user: User, *scopes: str) -> Api:
    secret = f"scoped {len(api.site.state.tokens)}"
    api.site.state.tokens[secret] = ApiToken(secret, user.account_id, scopes=scopes)
    return replace(api, authorization=basic_header(user.email, secret))


def test_a_scoped_token_works_at_the_gateway_alone(
    api: Api, people: list[User], gateway: str
) -> None:
    maya = scoped(api, people[0], "read:jira-work", "read:jira-user")
    assert maya.get(f"{gateway}/myself").json["accountId"] == people[0].account_id
    assert maya.get("/myself").status == 401
    hidden = maya.get("/issue/FHP-1")
    assert (hidden.status, hidden.json["errorMessages"]) == (
        404,
        ["Issue does not exist or you do not have permission to see it."],
    )


def test_a_plain_token_works_at_the_site_alone(api: Api, gateway: str) -> None:
    assert api.get("/myself").status == 200
    reply = api.get(f"{gateway}/myself")
    assert (reply.status, reply.json) == (401, {"code": 401, "message": "Unauthorized"})
    assert api.anonymous().get(f"{gateway}/serverInfo").status == 401


def test_a_missing_scope_is_401_and_nothing_is_done(
    api: Api, site: Site, people: list[User], gateway: str
) -> None:
    reader = scoped(api, people[0], "read:jira-work")
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "No"}
    reply = reader.post(f"{gateway}/issue", {"fields": fields})
    assert (reply.status, reply.json) == (
        401,
        {"code": 401, "message": "Unauthorized; scope does not match"},
    )
    assert site.state.issues == {}
    writer = scoped(api, people[0], "write:jira-work")
    made = writer.post(f"{gateway}/issue", {"fields": fields})
    assert made.status == 201
    assert made.json["self"].startswith(f"http://jira.test{gateway}/issue/")


def test_a_gateway_of_another_site_is_closed(api: Api, people: list[User]) -> None:
    maya = scoped(api, people[0], "read:jira-user")
    assert maya.get("/ex/jira/00000000-0000-4000-8000-000000000000/rest/api/3/myself").status == 404


OF_ISSUES = ("/issue/{", "/attachment", "/comment", "/issueLink", "/search", "/project/{project}")
MEMBERS = ("/project/{project}/role",)


def test_nobody_may_ask_for_what_the_document_opens_around_issues() -> None:
    found = document(CLOUD)
    if found is None:
        pytest.skip("Atlassian's OpenAPI document is not there (../shared/jira/openapi).")
    opened = {
        shape(path)
        for method, path, operation in found.operations()
        if method == "GET" and {} in operation.get("security", [])
    }
    closed = {
        one.path
        for one in ENDPOINTS
        if one.method == "GET"
        and one.on(PRODUCT)
        and not one.anonymous
        and shape(PLATFORM + one.path) in opened
        and one.path.startswith(OF_ISSUES)
        and not one.path.startswith(MEMBERS)
    }
    assert closed == set()


def shape(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)
