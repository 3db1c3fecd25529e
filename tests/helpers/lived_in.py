"""A site on which everything that was ever recorded has happened once, by way of its REST API."""

from helpers.jira_caller import Api, doc

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
    issue = _make(api, "Story", "Everything", labels=["one"], duedate="2026-04-01",
                  description=text(api, "A *text*"), assignee=person(api),
                  timetracking={"originalEstimate": "1d", "remainingEstimate": "6h"})  # fmt: skip
    other = _make(api, "Bug", "The other")
    _make(api, "Sub-task", "A part", parent={"key": issue})
    at = f"/issue/{issue}"
    _ok(api.post(f"{at}/comment", {"body": text(api, "Said")}).status)
    role = {"type": "role", "value": "Administrator"}
    if not api.site.product.cloud:
        role = {"type": "role", "value": "Administrators"}
    api.post(f"{at}/comment", {"body": text(api, "For some"), "visibility": role})
    spent = {"timeSpent": "1h", "comment": text(api, "Did it")}
    _ok(api.post(f"{at}/worklog", spent).status)
    api.post(f"{at}/worklog", {**spent, "visibility": role})
    ends = {"inwardIssue": {"key": issue}, "outwardIssue": {"key": other}}
    _ok(api.post("/issueLink", {"type": {"name": "Blocks"}, **ends}).status)
    _ok(api.upload(f"{at}/attachments", ("a.png", PICTURE), kind="image/png").status)
    _ok(api.put(f"{at}/properties/Bar1", {"any": "thing"}).status)
    web = {"url": "https://example.org/1", "title": "A page", "summary": "About it",
           "icon": {"url16x16": "https://example.org/i.png", "title": "Icon"},
           "status": {"resolved": True, "icon": {"url16x16": "https://example.org/o.png",
                                                 "title": "Closed", "link": "https://example.org"}}}  # fmt: skip
    api.post(f"{at}/remotelink", {
        "globalId": "system=https://example.org&id=1", "relationship": "mentioned in",
        "application": {"type": "org.example", "name": "Example"}, "object": web,
    })  # fmt: skip
    _finish(api, other)
    return issue


def _make(api: Api, kind: str, summary: str, **fields: object) -> str:
    plain = {"project": {"key": "FHP"}, "issuetype": {"name": kind}, "summary": summary}
    reply = api.post("/issue", {"fields": {**plain, **fields}})
    _ok(reply.status, reply.text)
    return str(reply.json["key"])


def _finish(api: Api, key: str) -> None:
    steps = api.get(f"/issue/{key}/transitions").json["transitions"]
    step = next(one for one in steps if one["to"]["statusCategory"]["key"] == "done")
    _ok(api.post(f"/issue/{key}/transitions", {"transition": {"id": step["id"]}}).status)


def _ok(status: int, said: str = "") -> None:
    assert status < 300, (status, said)
