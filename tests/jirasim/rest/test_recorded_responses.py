"""What real sites answered, our sites answer with the same keys and types.

Each recording of `shared/jira/responses` is compared with our answers of the same kind.  What ours
lack is in DIFFERENCES, with the reason; a reason that nothing needs any more fails too.
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from helpers.jira_caller import Api
from helpers.json_shapes import missing
from helpers.lived_in import live_in

FOLDER = Path(__file__).parents[4] / "shared/jira/responses"
EVERYTHING = (
    "renderedFields,names,schema,operations,editmeta,changelog,transitions,versionedRepresentations"
)
JIRA_4 = "the form of Jira 4, before there was REST v2"
NOT_ANSWERS = {
    "cloud/mattermost__cloud-get-jira-project-metadata.json": "the plugin's own form, not Jira's",
    "cloud/jira-to-matrix__project-gens-search-project.json": "the search that Cloud removed",
    "server/jrjc__issueInput-valid.json": "a request",
    "server/jrjc__issueLinkInput-simple.json": "a request",
    "server/jrjc__issueLinkInput-with-project-role.json": "a request",
    "server/jrjc__timeTracking-valid.json": JIRA_4,
    "server/jrjc__attachment-valid.json": JIRA_4,
    "server/jrjc__comment-valid.json": JIRA_4,
    "server/jrjc__issue-valid-with-labels.json": JIRA_4,
    "server/jrjc__worklog-valid.json": JIRA_4,
    "server/jrjc__worklog-valid-roleLevel.json": JIRA_4,
    "server/jrjc__worklog-valid-anonymousAuthor-oldRepresentation.json": JIRA_4,
}
DIFFERENCES: dict[str, dict[str, str]] = {
    "createmeta cloud": {
        "issue_types_with_statuses": "added by the plugin that recorded it",
        "projects[[]].issuetypes[[]].iconurl": "added by the plugin that recorded it",
    },
    "createmeta server": {
        "issue_types_with_statuses": "added by the plugin that recorded it",
        "projects[[]].issuetypes[[]].iconurl": "added by the plugin that recorded it",
    },
    "agile_sprint_issues cloud": {
        "issues[[]].fields.assignee.key": "Cloud shows no user keys since 2019",
        "issues[[]].fields.assignee.name": "Cloud shows no user names since 2019",
    },
    "user_search cloud": {"[[]].name": "Cloud shows no user names since 2019"},
    "error server": {"errors.*": "fields of the test that wrote it"},
    "issue server": {
        "fields.*.accountId": "recorded on Cloud while it had names as well",
        "fields.lastViewed: text": "nobody looks at issues here with a browser",
        "renderedFields.lastViewed: text": "nobody looks at issues here with a browser",
    },
    "issue cloud": {
        "fields.lastViewed: text": "nobody looks at issues here with a browser",
        "renderedFields.lastViewed: text": "nobody looks at issues here with a browser",
    },
    "search server": {"issues[[]].fields.*.accountId": "recorded on Cloud while it had names"},
    "project cloud": {"roles.*": "roles that the sites made for themselves"},
    "project server": {"roles.*": "roles that the sites made for themselves"},
    "transitions server": {"transitions[[]].fields.*": "fields that the site put on its screens"},
    "mypermissions server": {"permissions.*": "names of Jira 7 and of its plugins"},
    "status server": {"scope": "recorded on Cloud: only there statuses have a scope"},
    "user server": {"id": "the form of Jira 5; later ones have key instead"},
}
"""By `kind deployment`: patterns of paths, and why ours does not have them."""


@dataclass(frozen=True)
class Recording:
    """One row of the index with its file."""

    kind: str
    deployment: str
    file: str

    @property
    def body(self) -> Any:
        found = json.loads((FOLDER / self.file).read_text(encoding="utf-8"))
        if isinstance(found, dict) and set(found) == {"request", "response"}:
            return found["response"]["body"]
        return found


def recordings() -> Iterator[Recording]:
    if not FOLDER.exists():
        return
    with (FOLDER / "index.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["file"] not in NOT_ANSWERS:
                yield Recording(row["kind"], row["deployment"], row["file"])


RECORDINGS = list(recordings())


Bodies = Iterator[Any]
Ask = Callable[[Api, str], Bodies]


def get(api: Api, path: str, **query: object) -> Bodies:
    """The same thing in every version of the REST API that the product has."""
    if path.startswith("/rest"):
        yield api.get(path, **query).json
        return
    for version in ("3", "2") if api.site.product.cloud else ("2",):
        yield api.get(f"/rest/api/{version}{path}", **query).json


def one(*paths: str, **query: object) -> Ask:
    """Asks for these, `{}` being the key of the issue that has everything."""

    def asked(api: Api, key: str) -> Bodies:
        for path in paths:
            yield from get(api, path.format(key), **query)

    return asked


def rows(path: str, name: str, **query: object) -> Ask:
    """Asks for a list of which the recording is one row."""

    def asked(api: Api, key: str) -> Bodies:
        for body in get(api, path.format(key), **query):
            yield from body[name] if name else body

    return asked


def each(path: str, listing: str, name: str = "") -> Ask:
    """Asks for every row of a list, `{id}` being its id."""

    def asked(api: Api, key: str) -> Bodies:
        found = api.get(listing.format(key)).json
        for row in found[name] if name else found:
            yield from get(api, path.format(key, id=row["id"]))

    return asked


def issues(api: Api, _: str) -> Bodies:
    for issue in api.site.state.issues:
        yield from get(api, f"/issue/{issue}", expand=EVERYTHING)
        yield from get(api, f"/rest/agile/1.0/issue/{issue}", expand=EVERYTHING)


def create(api: Api, _: str) -> Bodies:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "New"}
    yield api.post("/issue", {"fields": fields}).json


def errors(api: Api, _: str) -> Bodies:
    yield api.get("/issue/NONE-1").json
    yield api.post("/issue", {"fields": {"project": {"key": "FHP"}}}).json


def nobody(api: Api, _: str) -> Bodies:
    yield api.anonymous().get("/myself").json


def logged_in(api: Api, _: str) -> Bodies:
    user = next(iter(api.site.people()))
    name, password = user.name, api.site.state.passwords[user.account_id]
    made = api.anonymous().post("/rest/auth/1/session", {"username": name, "password": password})
    yield made.json
    cookie = made.json["session"]
    yield cookie
    holder = api.anonymous().with_headers(cookie=f"{cookie['name']}={cookie['value']}")
    yield holder.get("/rest/auth/1/session").json


def link(api: Api, key: str) -> Bodies:
    fields = api.get(f"/issue/{key}", fields="issuelinks").json["fields"]
    yield from get(api, f"/issueLink/{fields['issuelinks'][0]['id']}")


def attachments(api: Api, key: str) -> Bodies:
    for row in api.get(f"/issue/{key}", fields="attachment").json["fields"]["attachment"]:
        yield from get(api, f"/attachment/{row['id']}")


def filters(api: Api, _: str) -> Bodies:
    api.post("/filter", {"name": "Mine", "jql": "project = FHP", "favourite": True})
    yield from get(api, "/filter/favourite")


def someone(api: Api, _: str) -> Bodies:
    user = next(iter(api.site.people()))
    who = {"accountId": user.account_id} if api.site.product.cloud else {"username": user.name}
    yield from get(api, "/user", expand="groups,applicationRoles", **who)


def found_people(api: Api, _: str) -> Bodies:
    word = "query" if api.site.product.cloud else "username"
    yield from get(api, "/user/search", **{word: "maya"})


def worklog_list(api: Api, _: str) -> Bodies:
    ids = [entry.id for issue in api.site.state.issues.values() for entry in issue.worklogs]
    yield api.post("/worklog/list", {"ids": [int(entry) for entry in ids]}).json


def feed(path: str) -> Ask:
    """A feed, a while after a worklog went."""

    def asked(api: Api, key: str) -> Bodies:
        entry = api.get(f"/issue/{key}/worklog").json["worklogs"][0]["id"]
        api.delete(f"/issue/{key}/worklog/{entry}")
        api.site.clock.advance(timedelta(minutes=2))
        yield from get(api, path, since=0)

    return asked


def searched(api: Api, _: str) -> Bodies:
    query = {"jql": "project = FHP", "fields": "*all", "expand": EVERYTHING}
    yield from get(api, "/search/jql" if api.site.product.cloud else "/search", **query)


def sprint_issues(api: Api, key: str) -> Bodies:
    for row in first_sprints(api):
        api.post(f"/rest/agile/1.0/sprint/{row['id']}/issue", {"issues": [key]})
        yield api.get(f"/rest/agile/1.0/sprint/{row['id']}/issue").json
        yield api.get(f"/rest/agile/1.0/sprint/{row['id']}").json


def first_sprints(api: Api) -> list[Any]:
    boards = api.get("/rest/agile/1.0/board", type="scrum").json["values"]
    return list(api.get(f"/rest/agile/1.0/board/{boards[0]['id']}/sprint").json["values"])


def sprints(api: Api, _: str) -> Bodies:
    boards = api.get("/rest/agile/1.0/board", type="scrum").json["values"]
    yield api.get(f"/rest/agile/1.0/board/{boards[0]['id']}/sprint").json


def epic_issues(api: Api, key: str) -> Bodies:
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Epic"}, "summary": "Great"}
    epic = api.post("/issue", {"fields": fields}).json["key"]
    yield api.post(f"/rest/agile/1.0/epic/{epic}/issue", {"issues": [key]}).json
    yield api.get(f"/rest/agile/1.0/epic/{epic}/issue").json


def nothing(api: Api, key: str) -> Bodies:
    yield api.put(f"/issue/{key}", {"fields": {"summary": "Edited"}}).json


WHOLE = "lead,description,issueTypes,url,projectKeys,permissions,insight"
ASK: dict[str, Ask] = {
    "agile_board_configuration": each(
        "/rest/agile/1.0/board/{id}/configuration", "/rest/agile/1.0/board", "values"
    ),
    "agile_boards": one("/rest/agile/1.0/board"),
    "agile_epic_issues": epic_issues,
    "agile_epic_move": nothing,
    "agile_sprint": sprint_issues,
    "agile_sprint_issues": sprint_issues,
    "agile_sprints": sprints,
    "attachment": attachments,
    "changelog": rows("/issue/{}/changelog", "values"),
    "comment": each("/issue/{}/comment/{id}", "/issue/{}/comment", "comments"),
    "comment_create": each("/issue/{}/comment/{id}", "/issue/{}/comment", "comments"),
    "component": each("/component/{id}", "/project/FHP/components"),
    "createmeta": one("/issue/createmeta", expand="projects.issuetypes.fields"),
    "createmeta_v9": one("/issue/createmeta/FHP/issuetypes"),
    "editmeta": one("/issue/{}/editmeta"),
    "error": errors,
    "error_401": nobody,
    "field": one("/field"),
    "filter": filters,
    "issue": issues,
    "issue_create": create,
    "issue_edit": nothing,
    "issuelink": link,
    "issuelinktype_all": one("/issueLinkType"),
    "issuetype": one("/issuetype/10002", "/issuetype/10003"),
    "issuetype_all": one("/issuetype"),
    "mypermissions": one("/mypermissions"),
    "myself": one("/myself", expand="groups,applicationRoles"),
    "priority": one("/priority/2"),
    "priority_all": one("/priority"),
    "project": one("/project/FHP", "/project/TEAM", expand=WHOLE),
    "project_all": one("/project", expand=WHOLE),
    "project_search": one("/project/search", expand=WHOLE),
    "properties": one("/issue/{}/properties/Bar1"),
    "remotelink": each("/issue/{}/remotelink/{id}", "/issue/{}/remotelink"),
    "remotelink_all": one("/issue/{}/remotelink"),
    "resolution": one("/resolution/10000"),
    "resolution_all": one("/resolution"),
    "role_all": one("/role"),
    "search": searched,
    "securitylevel": one("/securitylevel/10000"),
    "serverInfo": one("/serverInfo"),
    "session": logged_in,
    "status": one("/status/3"),
    "status_all": one("/status"),
    "statuscategory_all": one("/statuscategory"),
    "transition_do": nothing,
    "transitions": one("/issue/{}/transitions", expand="transitions.fields"),
    "user": someone,
    "user_search": found_people,
    "watchers": one("/issue/{}/watchers"),
    "worklog": rows("/issue/{}/worklog", "worklogs"),
    "worklog_deleted": feed("/worklog/deleted"),
    "worklog_list": worklog_list,
    "worklog_updated": feed("/worklog/updated"),
}


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda one: one.file)
def test_a_recorded_answer_has_its_like(
    recording: Recording, request: pytest.FixtureRequest
) -> None:
    if not RECORDINGS:
        pytest.skip("The recorded answers are not there (../shared/jira/responses).")
    api: Api = request.getfixturevalue("api" if recording.deployment == "cloud" else "server")
    ours = list(ASK[recording.kind](api, live_in(api)))
    excused = DIFFERENCES.get(f"{recording.kind} {recording.deployment}", {})
    found = missing(recording.body, ours)
    assert [path for path in found if not any(fnmatch(path, one) for one in excused)] == []
