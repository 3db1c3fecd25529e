"""What real sites answered, our sites answer with the same keys and types.

Each recording of `shared/jira/responses` is compared with our answers of the same kind.  What ours
lack is in DIFFERENCES, with the reason; a reason that nothing needs any more fails too.
"""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from helpers.jira_caller import Api, api_of
from helpers.jirasim_site import fresh_site
from helpers.json_shapes import Shape, missing, union
from helpers.lived_in import live_in

from jirasim.site.product import CLOUD, SERVER_VERSION, Deployment, Product

FOLDER = Path(__file__).parents[4] / "shared/jira/responses"
EVERYTHING = (
    "renderedFields,names,schema,operations,editmeta,changelog,transitions,versionedRepresentations"
)
JIRA_4 = "the form of Jira 4, before there was REST v2"
JIRA_5_ARRAYS = "an array of itself until Jira 5; recorded as a type of its own since Jira 7"
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
    "agile_epic_issues cloud": {
        "issues[[]].fields.epic.issueColor": "a second palette, whose names are not published"
    },
    "field cloud": {
        "[[]].schema.configuration": "fields of teams and of Product Discovery, not there here",
        "[[]].scope": "team-managed projects have no fields of their own here",
    },
    "filter cloud": {
        "[[]].owner.key": "recorded while Cloud still had keys",
        "[[]].owner.name": "recorded while Cloud still had names",
    },
    "search cloud": {"expand": "the search that Cloud removed; /search/jql has none"},
    "agile_boards server": {
        "values[[]].location": "added by hand to one of the boards: Server has none"
    },
    "field server": {"[[]].key": "added by hand to one of the fields: Jira 7.12 has none"},
    "issuelinktype_all server": {
        ": array": "the list alone was kept: the document has it under issueLinkTypes",
        "[[]]": "the list alone was kept: the document has it under issueLinkTypes",
    },
    "role_all server": {"[[]].actors[[]]": "no role has default actors here"},
    "user_search cloud": {"[[]].name": "Cloud shows no user names since 2019"},
    "error server": {"errors.*": "fields of the test that wrote it"},
    "issue server": {
        "fields.*.accountId": "recorded on Cloud while it had names as well",
        "renderedFields.*.accountId": "recorded on Cloud while it had names as well",
        "schema.comment.items": JIRA_5_ARRAYS,
        "schema.votes.items": JIRA_5_ARRAYS,
        "schema.watches.items": JIRA_5_ARRAYS,
        "editmeta.fields.comment.schema.items": JIRA_5_ARRAYS,
        "editmeta.fields.customfield.allowedValues[[]]*": "projects within a list, as in Jira 5",
        "operations.linkGroups[[]].groups[[]].header": "menus of the pages of Jira 5",
        "fields.lastViewed: text": "nobody looks at issues here with a browser",
        "renderedFields.lastViewed: text": "nobody looks at issues here with a browser",
    },
    "issue cloud": {
        "fields.lastViewed: text": "nobody looks at issues here with a browser",
        "renderedFields.lastViewed: text": "nobody looks at issues here with a browser",
    },
    "search server": {
        "issues[[]].fields.*.accountId": "recorded on Cloud while it had names",
        "schema.votes.items": JIRA_5_ARRAYS,
        "schema.watches.items": JIRA_5_ARRAYS,
    },
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
    """As somebody who has mistyped the password, and been here before."""
    user = next(iter(api.site.people()))
    right = {"username": user.name, "password": api.site.state.passwords[user.account_id]}
    api.anonymous().post("/rest/auth/1/session", {**right, "password": "wrong"})
    api.anonymous().post("/rest/auth/1/session", right)
    made = api.anonymous().post("/rest/auth/1/session", right)
    yield made.json
    cookie = made.json["session"]
    yield cookie
    holder = api.anonymous().with_headers(cookie=f"{cookie['name']}={cookie['value']}")
    yield holder.get("/rest/auth/1/session").json


def link(api: Api, key: str) -> Bodies:
    fields = api.get(f"/issue/{key}", fields="issuelinks").json["fields"]
    yield from get(api, f"/issueLink/{fields['issuelinks'][0]['id']}")


def remote_links(api: Api, key: str) -> Bodies:
    rows = api.get(f"/issue/{key}/remotelink").json
    yield rows
    for row in rows:
        yield from get(api, f"/issue/{key}/remotelink/{row['id']}")


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


def searched(api: Api, _: str) -> Bodies:
    query = {"jql": "project = FHP", "fields": "*all", "expand": EVERYTHING}
    yield from get(api, "/search/jql" if api.site.product.cloud else "/search", **query)


def sprint_issues(api: Api, _: str) -> Bodies:
    boards = api.get("/rest/agile/1.0/board", type="scrum").json["values"]
    for row in api.get(f"/rest/agile/1.0/board/{boards[0]['id']}/sprint").json["values"]:
        yield from get(api, f"/rest/agile/1.0/sprint/{row['id']}")
        yield from get(api, f"/rest/agile/1.0/sprint/{row['id']}/issue")


def sprints(api: Api, _: str) -> Bodies:
    boards = api.get("/rest/agile/1.0/board", type="scrum").json["values"]
    yield api.get(f"/rest/agile/1.0/board/{boards[0]['id']}/sprint").json


def epic_issues(api: Api, key: str) -> Bodies:
    epic = api.get(f"/rest/agile/1.0/issue/{key}").json["fields"]["epic"]["key"]
    yield from get(api, f"/rest/agile/1.0/epic/{epic}/issue")


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
    "changelog": rows("/issue/{}/changelog", "values"),
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
    "properties": one("/issue/{}/properties/Bar1"),
    "remotelink": remote_links,
    "remotelink_all": one("/issue/{}/remotelink"),
    "resolution": one("/resolution/10000"),
    "resolution_all": one("/resolution"),
    "role_all": one("/role"),
    "search": searched,
    "securitylevel": each("/securitylevel/{id}", "/project/FHP/securitylevel", "levels"),
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
    "worklog_deleted": one("/worklog/deleted", since=0),
    "worklog_list": worklog_list,
    "worklog_updated": one("/worklog/updated", since=0),
}


OF_SERVER = frozenset({"createmeta_v9"})
"""Filed under Cloud, but in Server's form: its client was made for both."""
SITES = {
    "cloud": CLOUD,
    "server": Product(Deployment.SERVER, SERVER_VERSION),
    "old server": Product(Deployment.SERVER, (8, 20, 0)),
}


def site_for(recording: Recording) -> str:
    """Where its like is looked for: what Server 9 has lost, on 8.20."""
    if recording.deployment == "cloud" and recording.kind not in OF_SERVER:
        return "cloud"
    return "old server" if recording.kind == "createmeta" else "server"


@dataclass(frozen=True)
class Answers:
    """Our answers by site and kind: each site is lived in once, each question put once."""

    sites: dict[str, tuple[Api, str]]
    known: dict[tuple[str, str], Shape] = field(default_factory=dict)

    def lacking(self, recording: Recording) -> list[str]:
        """What ours do not show of a recording."""
        place = site_for(recording)
        if (place, recording.kind) not in self.known:
            answered = ASK[recording.kind](*self.sites[place])
            self.known[place, recording.kind] = union(answered)
        return missing(recording.body, self.known[place, recording.kind])


@pytest.fixture(scope="module")
def answers() -> Iterator[Answers]:
    sites = {}
    with ExitStack() as open_sites:
        for place, product in SITES.items():
            controls = open_sites.enter_context(fresh_site(product))
            api = api_of(controls, None, set())  # recordings judge here, documents elsewhere
            sites[place] = (api, live_in(api))
        yield Answers(sites)


def excused(recording: Recording, path: str) -> str | None:
    """The pattern of DIFFERENCES that fits, if one does."""
    about = DIFFERENCES.get(f"{recording.kind} {recording.deployment}", {})
    return next((one for one in about if fnmatchcase(path, one)), None)


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda one: one.file)
def test_a_recorded_answer_has_its_like(recording: Recording, answers: Answers) -> None:
    lacking = answers.lacking(recording)
    assert [path for path in lacking if excused(recording, path) is None] == []


@pytest.mark.skipif(not RECORDINGS, reason="The recorded answers are not there (../shared).")
def test_every_difference_is_still_one(answers: Answers) -> None:
    needed = {
        (f"{one.kind} {one.deployment}", excused(one, path))
        for one in RECORDINGS
        for path in answers.lacking(one)
    }
    named = {(about, path) for about, paths in DIFFERENCES.items() for path in paths}
    assert named - needed == set()
    assert {one.kind for one in RECORDINGS} == set(ASK)
    assert [file for file in NOT_ANSWERS if not (FOLDER / file).exists()] == []
