"""A site on which everything that was ever recorded has happened once, by way of its REST API."""

from datetime import timedelta

from helpers.jira_caller import Api, Reply, doc

A_WHILE = timedelta(minutes=2)
"""After it the feeds of worklogs know the latest, too."""
PICTURE = b"\x89PNG\r\n\x1a\n"


def text(api: Api, words: str) -> object:
    """Rich text in the form of this product."""
    return doc(words) if api.site.product.cloud else words


def person(api: Api, place: int = 0) -> dict[str, str]:
    """A reference to one of the people."""
    user = list(api.site.people())[place]
    return {"accountId": user.account_id} if api.site.product.cloud else {"name": user.name}


def live_in(api: Api) -> str:
    """Make it so; returns the key of the issue that has everything."""
    _describe(api)
    parts = _parts(api)
    issue = _make(
        api,
        "Story",
        "Everything",
        labels=["one"],
        duedate="2026-04-01",
        description=text(api, "A *text*"),
        environment=text(api, "On the test floor"),
        assignee=person(api),
        timetracking={"originalEstimate": "1d", "remainingEstimate": "6h"},
        **parts,
    )
    other = _make(api, "Bug", "The other")
    _make(api, "Sub-task", "A part", parent={"key": issue})
    at = f"/issue/{issue}"
    told = {"description": "on behalf of somebody", "type": "tool"}
    _ok(api.put(f"{at}", {"fields": _custom(api), "historyMetadata": told}))
    _ok(api.put(f"{at}/assignee", person(api, 1)))
    _discuss(api, at)
    _attach(api, at, other)
    _finish(api, other)
    _plan(api, issue, other)
    team = {"project": {"key": "TEAM"}, "issuetype": {"name": "Task"}, "summary": "A team's own"}
    _ok(api.post("/issue", {"fields": team}))
    api.site.clock.advance(A_WHILE)
    return issue


def _describe(api: Api) -> None:
    """All that can be said of a project."""
    category = api.post("/projectCategory", {"name": "First", "description": "The first"})
    _ok(category)
    about = {"url": "https://example.org", "categoryId": int(category.json["id"])}
    _ok(api.put("/project/FHP", about))
    project = api.get("/project/FHP").json["id"]
    if api.site.product.cloud:
        _ok(api.put(f"/project/{project}/email", {"emailAddress": "from@example.org"}))


def _parts(api: Api) -> dict[str, object]:
    """A component and a version, as the values of the fields that hold them."""
    lead = person(api)
    led = (
        {"leadAccountId": lead["accountId"]}
        if "accountId" in lead
        else {"leadUserName": lead["name"]}
    )
    component = {"project": "FHP", "name": "Engine", "description": "Below deck",
                 "assigneeType": "COMPONENT_LEAD", **led}  # fmt: skip
    _ok(api.post("/component", component))
    project = api.get("/project/FHP").json["id"]
    version = {"projectId": int(project), "name": "Vega 1", "description": "First",
               "startDate": "2026-01-01", "releaseDate": "2026-02-01", "released": True}  # fmt: skip
    _ok(api.post("/version", version))
    _ok(api.post("/version", {**version, "name": "Vega 2", "released": False}))
    named = [{"name": "Vega 1"}]
    return {"components": [{"name": "Engine"}], "fixVersions": named, "versions": named}


def _custom(api: Api) -> dict[str, object]:
    """A value for every custom field that an editor of issues can fill, by kind."""
    values: dict[tuple[str, str], object] = {
        ("number", ""): 3,
        ("option", ""): None,
        ("user", ""): person(api),
        ("array", "user"): [person(api)],
        ("group", ""): {"name": "jira-software-users"},
        ("array", "string"): ["word"],
        ("string", ""): None,
    }
    form = api.get(f"/issue/{next(iter(api.site.state.issues.values())).key}/editmeta").json[
        "fields"
    ]
    found: dict[str, object] = {}
    for name, field in form.items():
        schema, allowed = field["schema"], field.get("allowedValues") or []
        if not name.startswith("customfield"):
            continue
        kind = (schema["type"], schema.get("items", ""))
        if kind in {("option", ""), ("array", "option")} and allowed:
            chosen = {"id": allowed[0]["id"]}
            found[name] = [chosen] if kind[0] == "array" else chosen
        elif values.get(kind) is not None and "gh-" not in schema["custom"]:
            found[name] = values[kind]
    return found


def _discuss(api: Api, at: str) -> None:
    roles = api.get("/project/FHP").json["roles"]
    role = {"type": "role", "value": next(iter(roles))}
    spent = {"timeSpent": "1h", "comment": text(api, "Did it")}
    _ok(api.post(f"{at}/comment", {"body": text(api, "Said")}))
    _ok(api.post(f"{at}/comment", {"body": text(api, "For some"), "visibility": role}))
    _ok(api.post(f"{at}/worklog", spent))
    _ok(api.post(f"{at}/worklog", {**spent, "visibility": role}))
    gone = api.post(f"{at}/worklog", spent)
    _ok(gone)
    _ok(api.delete(f"{at}/worklog/{gone.json['id']}"))


def _attach(api: Api, at: str, other: str) -> None:
    ends = {"inwardIssue": {"key": at.rpartition("/")[2]}, "outwardIssue": {"key": other}}
    _ok(api.post("/issueLink", {"type": {"name": "Blocks"}, **ends}))
    _ok(api.upload(f"{at}/attachments", ("a.png", PICTURE), kind="image/png"))
    _ok(api.put(f"{at}/properties/Bar1", {"test.id": "1", "test.time": "2m"}))
    seen = {
        "url16x16": "https://example.org/o.png",
        "title": "Closed",
        "link": "https://example.org",
    }
    page = {"url": "https://example.org/1", "title": "A page", "summary": "About it",
            "icon": {"url16x16": "https://example.org/i.png", "title": "Icon"},
            "status": {"resolved": True, "icon": seen}}  # fmt: skip
    named = {"globalId": "system=https://example.org&id=1", "relationship": "mentioned in"}
    told = {**named, "application": {"type": "org.example", "name": "Example"}, "object": page}
    _ok(api.post(f"{at}/remotelink", told))


def _plan(api: Api, issue: str, other: str) -> None:
    """An epic of its own, a sprint that is over, and the one that is under way."""
    named = _epic_name(api)
    epic = _make(api, "Epic", "Great", **named)
    _ok(api.post(f"/rest/agile/1.0/epic/{epic}/issue", {"issues": [issue]}))
    boards = api.get("/rest/agile/1.0/board", type="scrum").json["values"]
    board = f"/rest/agile/1.0/board/{boards[0]['id']}"
    issues = {"issues": [issue, other]}
    for sprint in api.get(f"{board}/sprint", state="active").json["values"]:
        _ok(api.post(f"/rest/agile/1.0/sprint/{sprint['id']}/issue", issues))
        _ok(api.post(f"/rest/agile/1.0/sprint/{sprint['id']}", {"state": "closed"}))
    for sprint in api.get(f"{board}/sprint", state="future").json["values"]:
        dates = {"startDate": "2026-03-02T09:00:00.000Z", "endDate": "2026-03-16T09:00:00.000Z"}
        _ok(api.post(f"/rest/agile/1.0/sprint/{sprint['id']}/issue", issues))
        _ok(api.post(f"/rest/agile/1.0/sprint/{sprint['id']}", {"state": "active", **dates}))


def _epic_name(api: Api) -> dict[str, object]:
    for field in api.get("/field").json:
        if field.get("schema", {}).get("custom", "").endswith(":gh-epic-label"):
            return {field["id"]: "Great"}
    return {}


def _make(api: Api, kind: str, summary: str, **fields: object) -> str:
    plain = {"project": {"key": "FHP"}, "issuetype": {"name": kind}, "summary": summary}
    reply = api.post("/issue", {"fields": {**plain, **fields}})
    _ok(reply)
    return str(reply.json["key"])


def _finish(api: Api, key: str) -> None:
    steps = api.get(f"/issue/{key}/transitions").json["transitions"]
    step = next(one for one in steps if one["to"]["statusCategory"]["key"] == "done")
    _ok(api.post(f"/issue/{key}/transitions", {"transition": {"id": step["id"]}}))


def _ok(reply: Reply) -> None:
    assert reply.status < 300, (reply.status, reply.text)
