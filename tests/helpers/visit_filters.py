"""Uses each operation of Cloud's saved filters once, for the document to judge."""

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
