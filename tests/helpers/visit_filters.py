"""Uses each operation of Cloud's queries and saved filters once, for the document to judge."""

from helpers.jira_caller import Api


def visit_filters(api: Api) -> None:
    """All of them, on a filter that is made and deleted."""
    made = api.post("/filter", {"name": "Visited", "jql": "project = FHP ORDER BY key"})
    at = f"/filter/{made.json['id']}"
    other = next(iter(api.site.people())).account_id
    project = next(iter(api.site.state.projects))
    for share in (
        {"type": "authenticated"},
        {"type": "group", "groupname": "jira-software-users"},
        {"type": "project", "projectId": project},
        {"type": "projectRole", "projectId": project, "projectRoleId": "10002"},
        {"type": "user", "accountId": other},
        {"type": "global"},
    ):
        shares = api.post(f"{at}/permission", share)
        assert shares.status == 201, shares.text
    one = shares.json[0]["id"]
    api.get(f"{at}/permission")
    api.get(f"{at}/permission/{one}")
    api.put(f"{at}/favourite")
    api.get(at)
    api.put(at, {"name": "Revisited", "description": "Twice"})
    api.get("/filter/my", includeFavourites="true")
    api.get("/filter/favourite")
    api.get("/filter/search", expand="jql,owner,sharePermissions,description,favourite,viewUrl")
    api.put("/filter/defaultShareScope", {"scope": "AUTHENTICATED"})
    api.get("/filter/defaultShareScope")
    api.delete(f"{at}/favourite")
    assert api.delete(f"{at}/permission/{one}").status == 204
    assert api.put(f"{at}/owner", {"accountId": other}).status == 204
    assert api.delete(at).status == 204


def visit_queries(api: Api, issue: str) -> None:
    """Parse, match, clean and complete."""
    queries = {
        "queries": [
            "summary ~ test AND (labels in (urgent, EMPTY) OR assignee = currentUser())"
            " AND NOT status CHANGED AFTER startOfMonth(-1M) BY currentUser() ORDER BY updated DESC",
            'status was not in (Done) during ("2026/01/01", now()) order by key, created asc',
            'issue.property["spaces here"].value in ("Service requests", Incidents)',
            "project = NOPE",
            "invalid query",
        ]
    }
    for validation in ("strict", "warn", "none"):
        api.post("/jql/parse", queries, validation=validation)
    api.post("/jql/match", {"issueIds": [int(issue)], "jqls": ["project = FHP", "nonsense = 1"]})
    api.post("/jql/sanitize", {"queries": [{"query": "project = FHP", "accountId": None}]})
    api.post("/jql/pdcleaner", {"queryStrings": ["assignee = Maya", "reporter = nobody-such"]})
    api.get("/jql/autocompletedata")
    api.post("/jql/autocompletedata", {"projectIds": [10000], "includeCollapsedFields": True})
    api.get("/jql/autocompletedata/suggestions", fieldName="status", fieldValue="pro")
    api.get("/jql/autocompletedata/suggestions", predicateName="by", predicateValue="a")
