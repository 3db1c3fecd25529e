"""Uses operations of projects, their parts and fields once each, for the document to judge."""

from helpers.jira_caller import Api


def visit_parts(api: Api) -> None:
    """Components and versions."""
    made = api.post("/component", {"project": "FHP", "name": "Visited", "description": "D"}).json
    at = f"/component/{made['id']}"
    api.get(at)
    api.put(at, {"name": "Revisited"})
    api.get(f"{at}/relatedIssueCounts")
    for path in ("/component", "/project/FHP/component", "/project/FHP/components"):
        assert api.get(path).status == 200, path
    api.delete(at)
    ids = [
        api.post("/version", {"project": "FHP", "name": name, "startDate": "2026-01-02"}).json["id"]
        for name in ("a", "b", "c", "d")
    ]
    at = f"/version/{ids[0]}"
    api.get(at, expand="issuesstatus")
    api.put(at, {"released": True, "releaseDate": "2026-02-03"})
    api.post(f"{at}/move", {"position": "Last"})
    api.get(f"{at}/relatedIssueCounts")
    api.get(f"{at}/unresolvedIssueCount")
    api.get("/project/FHP/version", expand="issuesstatus")
    api.get("/project/FHP/versions")
    assert api.put(f"{at}/mergeto/{ids[1]}").status == 204
    assert api.post(f"/version/{ids[2]}/removeAndSwap", {}).status == 204
    assert api.delete(f"/version/{ids[3]}").status == 204
