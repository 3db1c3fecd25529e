"""Uses each operation of Cloud that hangs on an issue once, for the document to judge."""

from helpers.jira_caller import Api


def visit_extras(api: Api, at: str) -> None:
    """All of them, on the issue of this path."""
    visit_remote_links(api, f"{at}/remotelink")
    visit_people(api, at)
    visit_link_types(api)
    visit_bulk_operations(api)
    visit_many(api, at)


def visit_remote_links(api: Api, at: str) -> None:
    body = {
        "globalId": "system=tool&id=1",
        "application": {"type": "tool", "name": "Tool"},
        "relationship": "is told by",
        "object": {"url": "https://tool.example/1", "title": "One"},
    }
    made = api.post(at, body)
    assert (made.status, api.post(at, body).status) == (201, 200)
    api.get(at)
    assert api.get(at, globalId="system=tool&id=1").json["id"] == made.json["id"]
    one = f"{at}/{made.json['id']}"
    api.get(one)
    assert api.put(one, body).status == 204
    assert api.delete(one).status == 204
    api.post(at, body)
    assert api.delete(at, globalId="system=tool&id=1").status == 204


def visit_people(api: Api, at: str) -> None:
    other = next(iter(api.site.people())).account_id
    assert api.post(f"{at}/watchers", other).status == 204
    assert api.get(f"{at}/watchers").json["watchCount"] == 2
    api.post("/issue/watching", {"issueIds": ["10000", "77"]})
    assert api.post(f"{at}/notify", {"to": {"watchers": True}}).status == 204
    assert api.delete(f"{at}/watchers", accountId=other).status == 204
    maya = api.as_user(next(iter(api.site.people())))
    assert api.put(at, {"fields": {"summary": "To vote for"}}).status == 204
    api.post(f"{at}/transitions", {"transition": {"id": "11"}})
    assert maya.post(f"{at}/votes").status == 204
    assert maya.get(f"{at}/votes").json["hasVoted"] is True
    assert maya.delete(f"{at}/votes").status == 204


def visit_link_types(api: Api) -> None:
    made = api.post("/issueLinkType", {"name": "Feeds", "inward": "is fed", "outward": "feeds"})
    place = f"/issueLinkType/{made.json['id']}"
    assert api.put(place, {"inward": "is fed by"}).json["outward"] == "feeds"
    assert api.delete(place).status == 204


def visit_bulk_operations(api: Api) -> None:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Many"}
    key = api.post("/issue", {"fields": fields}).json["key"]
    chosen = {"selectedIssueIdsOrKeys": [key]}
    api.get("/bulk/issues/transition", issueIdsOrKeys=key)
    api.get("/bulk/issues/fields", issueIdsOrKeys=key)
    edited = {
        **chosen,
        "selectedActions": ["priority"],
        "editedFieldsInput": {"priority": {"priorityId": "2"}},
    }
    arrow = {"bulkTransitionInputs": [{**chosen, "transitionId": "31"}]}
    goal = {"targetToSourcesMapping": {"LIN,10002": {"issueIdsOrKeys": [key]}}}
    for what, body in (
        ("unwatch", chosen),
        ("watch", chosen),
        ("transition", arrow),
        ("fields", edited),
        ("move", goal),
        ("delete", chosen),
    ):
        made = api.post(f"/bulk/issues/{what}", body)
        assert made.status == 201, what
        done = api.get(f"/bulk/queue/{made.json['taskId']}").json
        assert (done["status"], len(done["processedAccessibleIssues"])) == ("COMPLETE", 1), what


def visit_many(api: Api, at: str) -> None:
    number = int(at.rpartition("/")[2])
    values = {"one": {"id": 1}}
    made = api.post("/issue/properties", {"entitiesIds": [number], "properties": values})
    assert made.status == 303
    assert api.get(made.headers["location"].removeprefix("http://jira.test")).status == 200
    rows = [{"issueID": number, "properties": values}]
    assert api.post("/issue/properties/multi", {"issues": rows}).status == 303
    assert api.put("/issue/properties/two", {"value": 2}).status == 303
    assert api.call("DELETE", "/issue/properties/two", body={}).status == 303
    api.get("/issue/limit/report")
    histories = api.get(f"{at}/changelog").json["values"]
    chosen = {"changelogIds": [int(histories[0]["id"])]}
    assert len(api.post(f"{at}/changelog/list", chosen).json["histories"]) == 1
    both = {"issueIdsOrKeys": [str(number), "FHP-999"]}
    assert api.put("/issue/archive", both).json["numberOfIssuesUpdated"] == 1
    assert api.put("/issue/unarchive", both).json["errors"]["issuesNotFound"]["count"] == 1
