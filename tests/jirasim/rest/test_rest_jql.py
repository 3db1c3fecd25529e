"""Queries as things: their trees, what they match, what others may see of them, completion."""

from typing import Any

import pytest
from helpers.jira_caller import Api


def parsed(api: Api, text: str, validation: str = "strict") -> dict[str, Any]:
    reply = api.post("/jql/parse", {"queries": [text]}, validation=validation)
    assert reply.status == 200
    found: dict[str, Any] = reply.json["queries"][0]
    return found


def test_a_query_is_shown_as_a_tree(api: Api) -> None:
    """As in the example of the document."""
    text = "summary ~ test AND (labels in (urgent, blocker) OR reporter = currentUser())"
    tree = parsed(api, f"{text} AND status CHANGED AFTER startOfMonth(-1M) ORDER BY updated DESC")
    where = tree["structure"]["where"]
    assert (where["operator"], len(where["clauses"])) == ("and", 3)
    words, either, changed = where["clauses"]
    assert words == {
        "field": {"name": "summary", "encodedName": "summary"},
        "operator": "~",
        "operand": {"value": "test", "encodedValue": "test"},
    }
    assert either["operator"] == "or"
    assert either["clauses"][0]["operand"]["values"][1]["value"] == "blocker"
    assert either["clauses"][1]["operand"] == {
        "function": "currentUser",
        "arguments": [],
        "encodedOperand": "currentUser()",
    }
    assert changed["operator"] == "changed"
    assert changed["predicates"][0]["operator"] == "after"
    assert changed["predicates"][0]["operand"]["arguments"] == ["-1M"]
    assert tree["structure"]["orderBy"]["fields"] == [
        {"field": {"name": "updated", "encodedName": "updated"}, "direction": "desc"}
    ]


@pytest.mark.parametrize(
    ("validation", "keys"),
    [
        ("strict", {"query", "errors"}),
        ("warn", {"query", "structure", "warnings"}),
        ("none", {"query", "structure"}),
    ],
)
def test_validation_decides_what_a_wrong_value_leads_to(
    api: Api, validation: str, keys: set[str]
) -> None:
    assert set(parsed(api, "project = INVALID", validation)) == keys
    assert set(parsed(api, "invalid query", validation)) == {"query", "errors"}


def test_queries_are_matched_against_issues(api: Api) -> None:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "One"}
    one, two = (api.post("/issue", {"fields": fields}).json for _ in range(2))
    body = {
        "issueIds": [int(two["id"]), int(one["id"]), 999],
        "jqls": ["project = FHP", f"key = {two['key']}", "nonsense = 1"],
    }
    found = api.post("/jql/match", body).json["matches"]
    assert found[0] == {"matchedIssues": [int(one["id"]), int(two["id"])], "errors": []}
    assert found[1]["matchedIssues"] == [int(two["id"])]
    assert found[2]["matchedIssues"] == []
    assert "nonsense" in found[2]["errors"][0]


def test_what_a_reader_must_not_know_is_named_by_id(api: Api) -> None:
    project = next(one for one in api.site.state.projects.values() if one.key == "FHP")
    rows = [{"query": "project = FHP and summary ~ x", "accountId": None}]
    safe = api.post("/jql/sanitize", {"queries": rows}).json["queries"][0]
    assert safe["sanitizedQuery"] == f"project = {project.id} AND summary ~ x"


def test_names_of_people_become_account_ids(api: Api) -> None:
    person = next(iter(api.site.people()))
    queries = [f"assignee = '{person.display_name}'", "project = FHP", "reporter = nobody-such"]
    found = api.post("/jql/pdcleaner", {"queryStrings": queries}).json
    assert found["queryStrings"] == [f'assignee = "{person.account_id}"', "project = FHP"]
    assert found["queriesWithUnknownUsers"][0]["convertedQuery"] == "reporter = unknown"


def test_the_word_unknown_is_no_unknown_person(api: Api) -> None:
    person = next(iter(api.site.people()))
    query = f"assignee = '{person.display_name}' AND summary ~ unknown"
    found = api.post("/jql/pdcleaner", {"queryStrings": [query]}).json
    assert found == {"queryStrings": [f'assignee = "{person.account_id}" AND summary ~ unknown']}


def test_editors_complete_fields_functions_and_values(api: Api, server: Api) -> None:
    for one in (api, server):
        known = one.get("/jql/autocompletedata").json
        fields = {row["value"]: row for row in known["visibleFieldNames"]}
        assert {"=", "was", "changed", "in"} <= set(fields["status"]["operators"])
        assert set(fields["summary"]["operators"]) == {"~", "!~", "is", "is not"}
        assert {"linkedIssues()", "startOfDay()"} <= {
            row["value"] for row in known["visibleFunctionNames"]
        }
        typed = one.get(
            "/jql/autocompletedata/suggestions", fieldName="status", fieldValue="in pro"
        )
        assert typed.json["results"] == [
            {"value": '"In Progress"', "displayName": "<b>In Pro</b>gress"}
        ]
        projects = one.get("/jql/autocompletedata/suggestions", fieldName="project").json["results"]
        assert "FHP" in [row["value"] for row in projects]
        people = one.get(
            "/jql/autocompletedata/suggestions", predicateName="by", predicateValue="a"
        )
        assert people.json["results"]


def test_server_knows_people_by_login_and_key(server: Api) -> None:
    person = next(iter(server.site.people()))
    fields = {
        "project": {"key": "FHP"},
        "issuetype": {"name": "Task"},
        "summary": "One",
        "assignee": {"name": person.name},
    }
    assert server.post("/issue", {"fields": fields}).status == 201
    for named in (person.name, person.name.upper(), person.key, f"'{person.display_name}'"):
        assert server.get("/search", jql=f"assignee = {named}").json["total"] == 1
        assert server.get("/search", jql=f"reporter = {named}").json["total"] == 0
    assert server.get("/search", jql="assignee = nobody-such").status == 400
