"""Boards, sprints and the backlog over REST, judged by Atlassian's agile document."""

from dataclasses import replace

import pytest
from helpers.jira_agile import heard, keys, last_items, new
from helpers.jira_caller import AGILE_BASE, Api, basic_header
from helpers.jira_document import AGILE, SERVER, document

from jirasim.http.app import JIRA_SOFTWARE
from jirasim.site.agile_fields import agile_fields
from jirasim.site.credentials import ApiToken
from jirasim.site.product import CLOUD, SERVER_VERSION, Deployment, Product

ON_SERVER = Product(Deployment.SERVER, SERVER_VERSION)
BOARD = f"{AGILE_BASE}/board/1"
SOFTWARE_BASE = "/rest/software/1.0"
SPRINT = f"{AGILE_BASE}/sprint"


@pytest.mark.parametrize(("name", "product"), [(AGILE, CLOUD), (SERVER, ON_SERVER)])
def test_every_endpoint_is_one_of_the_document(name: str, product: Product) -> None:
    found = document(name)
    if found is None:
        pytest.skip("Atlassian's OpenAPI documents are not there (../shared/jira/openapi).")
    strange = [
        (base, one.method, one.path)
        for base in (AGILE_BASE, SOFTWARE_BASE)
        for one in JIRA_SOFTWARE[base]
        if one.on(product) and not found.has(one.method, f"{base}{one.path}")
    ]
    assert strange == []


def test_cloud_lists_the_same_issues_by_token(busy: Api) -> None:
    epic = busy.get(f"{BOARD}/epic").json["values"][0]["key"]
    paths = ["board/1/issue", "board/1/backlog", "board/1/sprint/3/issue", "sprint/3/issue"]
    paths += [f"board/1/epic/{epic}/issue", "board/1/epic/none/issue", f"epic/{epic}/issue"]
    for path in (*paths, "epic/none/issue"):
        first = busy.get(f"{SOFTWARE_BASE}/{path}", maxResults=2, fields="sprint")
        if not busy.site.product.cloud:
            assert first.status == 404
            continue
        found, reply = keys(first), first.json
        while "nextPageToken" in reply:
            token = reply["nextPageToken"]
            page = busy.get(f"{SOFTWARE_BASE}/{path}", maxResults=2, nextPageToken=token)
            found, reply = [*found, *keys(page)], page.json
        assert reply["isLast"]
        assert found == keys(busy.get(f"{AGILE_BASE}/{path}", maxResults=100)), path
        if path in paths[:2]:
            count = busy.get(f"{SOFTWARE_BASE}/{path}/approximate-count").json
            assert count == {"count": len(found)}


def test_boards_are_listed_and_filtered(busy: Api) -> None:
    def names(**query: object) -> list[str]:
        reply = busy.get(f"{AGILE_BASE}/board", **query)
        assert reply.status == 200, reply.text
        return [one["name"] for one in reply.json["values"]]

    assert names() == ["FHP board", "FHP Kanban", "TEAM board"]
    assert names(type="scrum") == ["FHP board"]
    assert names(name="kan") == ["FHP Kanban"]
    assert names(projectKeyOrId="TEAM") == ["TEAM board"]
    assert names(orderBy="-name") == ["TEAM board", "FHP Kanban", "FHP board"]
    page = busy.get(f"{AGILE_BASE}/board", maxResults=2).json
    assert (page["isLast"], page["total"], len(page["values"])) == (False, 3, 2)
    assert names(startAt=2) == ["TEAM board"]
    assert busy.get(f"{AGILE_BASE}/board", type="round").status == 400
    assert busy.get(f"{AGILE_BASE}/board", projectKeyOrId="NOPE").status == 400
    assert busy.anonymous().get(f"{AGILE_BASE}/board").status == 401


def test_a_board_tells_where_it_is_and_what_it_shows(busy: Api) -> None:
    board = busy.get(BOARD).json
    assert (board["id"], board["type"]) == (1, "scrum")
    assert ("location" in board) is busy.site.product.cloud
    shape = busy.get(f"{BOARD}/configuration").json
    assert [one["name"] for one in shape["columnConfig"]["columns"]][-1] == "Done"
    assert shape["estimation"]["field"]["fieldId"] == agile_fields(busy.site.product).points
    rank = next(one for one in busy.get("/field").json if one["name"] == "Rank")
    assert shape["ranking"]["rankCustomFieldId"] == rank["schema"]["customId"]
    kanban = busy.get(f"{AGILE_BASE}/board/2/configuration").json
    assert "estimation" not in kanban
    assert kanban["columnConfig"]["columns"][2] == {
        "name": "In Progress",
        "statuses": [{"id": "3", "self": "http://jira.test/rest/api/2/status/3"}],
        "min": 1,
        "max": 10,
    }
    assert [one["key"] for one in busy.get(f"{BOARD}/project").json["values"]] == ["FHP"]
    versions = busy.get(f"{BOARD}/version").json["values"]
    assert [one["name"] for one in versions] == ["1.0", "1.1", "2.0", "Later"]
    missing = busy.get(f"{AGILE_BASE}/board/99")
    said = "The requested board cannot be viewed because it either does not exist"
    assert (missing.status, said in missing.text) == (404, True)


def test_a_board_is_made_on_a_filter_and_removed(busy: Api) -> None:
    events = heard(busy)
    body = {"name": "Second", "type": "scrum", "filterId": 10000}
    made = busy.post(f"{AGILE_BASE}/board", body)
    assert made.status == 201, made.text
    place = f"{AGILE_BASE}/board/{made.json['id']}"
    columns = busy.get(f"{place}/configuration").json["columnConfig"]["columns"]
    assert [one["name"] for one in columns] == ["To Do", "In Progress", "Done"]
    assert busy.get(f"{place}/issue", maxResults=0).json["total"] > 0
    assert busy.delete(place).status == 204
    assert busy.get(place).status == 404
    assert [one.kind for one in events] == ["board_created", "board_deleted"]
    saved = busy.post("/filter", {"name": "Bugs", "jql": "project = FHP AND type = Bug"}).json
    second = busy.post(f"{AGILE_BASE}/board", {**body, "filterId": int(saved["id"])}).json["id"]
    shown = busy.get(f"{AGILE_BASE}/board/{second}/issue", fields="issuetype").json["issues"]
    assert {one["fields"]["issuetype"]["name"] for one in shown} == {"Bug"}
    assert busy.delete(f"/filter/{saved['id']}").status == 204
    assert keys(busy.get(f"{AGILE_BASE}/board/{second}/issue")) == []
    for wrong in ({"name": ""}, {"type": "agility"}, {"filterId": 5}):
        assert busy.post(f"{AGILE_BASE}/board", {**body, **wrong}).status == 400


def test_issues_of_a_board_come_by_rank_and_without_epics(busy: Api) -> None:
    found = busy.get(f"{BOARD}/issue", maxResults=100)
    kinds = {one["fields"]["issuetype"]["name"] for one in found.json["issues"]}
    rank = agile_fields(busy.site.product).rank
    ranks = [one["fields"][rank] for one in found.json["issues"]]
    assert ("Epic" in kinds, ranks) == (False, sorted(ranks))
    assert found.json["issues"][0]["self"].startswith("http://jira.test/rest/agile/1.0/issue/")
    some = busy.get(f"{BOARD}/issue", jql="issuetype = Bug ORDER BY key DESC", fields="issuetype")
    assert {one["fields"]["issuetype"]["name"] for one in some.json["issues"]} == {"Bug"}
    assert keys(some) == sorted(keys(some), key=lambda key: -int(key[4:]))
    assert busy.get(f"{BOARD}/issue", jql="nonsense =").status == 400
    whole = busy.get(f"{AGILE_BASE}/board/2/issue", maxResults=100).json
    assert "Epic" in {one["fields"]["issuetype"]["name"] for one in whole["issues"]}


def test_the_backlog_is_what_is_open_and_in_no_open_sprint(busy: Api) -> None:
    waiting = set(keys(busy.get(f"{BOARD}/backlog", maxResults=100)))
    planned = set(keys(busy.get(f"{SPRINT}/3/issue"))) | set(keys(busy.get(f"{SPRINT}/4/issue")))
    assert planned
    assert waiting
    assert not waiting & planned
    key = new(busy)
    assert key in keys(busy.get(f"{BOARD}/backlog", maxResults=100))
    assert busy.post(f"{SPRINT}/4/issue", {"issues": [key]}).status == 204
    assert key not in keys(busy.get(f"{BOARD}/backlog", maxResults=100))
    assert busy.post(f"{AGILE_BASE}/backlog/issue", {"issues": [key]}).status == 204
    assert last_items(busy, key) == [("Sprint", "FHP Sprint 4", "")]


def test_sprints_of_a_board(busy: Api) -> None:
    def states(**query: object) -> list[tuple[int, str]]:
        reply = busy.get(f"{BOARD}/sprint", **query).json
        return [(one["id"], one["state"]) for one in reply["values"]]

    everything = [(1, "closed"), (2, "closed"), (3, "active"), (4, "future")]
    assert states() == everything
    assert states(state="active,future") == everything[2:]
    assert states(state="closed", maxResults=1) == everything[:1]
    assert busy.get(f"{BOARD}/sprint", state="lost").status == 400
    refused = busy.get(f"{AGILE_BASE}/board/2/sprint")
    assert refused.json["errorMessages"] == ["The board does not support sprints"]
    assert refused.status == 400
    assert keys(busy.get(f"{BOARD}/sprint/3/issue")) == keys(busy.get(f"{SPRINT}/3/issue"))
    gone = busy.get(f"{SPRINT}/77")
    assert (gone.status, gone.json["errorMessages"]) == (404, ["We could not find the sprint"])


def test_a_sprint_lives(busy: Api) -> None:
    events = heard(busy)
    made = busy.post(SPRINT, {"name": "  Fifth ", "originBoardId": 1, "goal": "Rest"})
    assert made.status == 201, made.text
    assert (made.json["name"], made.json["state"], made.json["goal"]) == ("Fifth", "future", "Rest")
    place = f"{SPRINT}/{made.json['id']}"
    assert busy.post(place, {"state": "active"}).status == 400
    dates = {
        "startDate": "2026-03-02T10:00:00.000+01:00",
        "endDate": "2026-03-16T09:00:00.000Z",
    }
    dated = busy.post(place, dates).json
    assert (dated["startDate"], dated["goal"]) == ("2026-03-02T09:00:00.000Z", "Rest")
    assert busy.post(place, {"state": "closed"}).status == 400
    started = busy.post(place, {"state": "active"})
    assert started.json["state"] == "active"
    assert ("activatedDate" in started.json) is not busy.site.product.cloud
    over = busy.put(place, {"name": "Fifth", "state": "closed", **dates})
    assert (over.json["state"], over.json["completeDate"]) == ("closed", "2026-03-02T09:30:00.000Z")
    busy.post(place, {"name": "Over", "endDate": "2030-01-01"})
    assert busy.get(place).json["endDate"] == "2026-03-16T09:00:00.000Z"
    assert busy.post(place, {"state": "active"}).status == 400
    assert busy.delete(place).status == 204
    assert busy.get(place).status == 404
    assert [one.kind for one in events] == [
        "sprint_created",
        "sprint_updated",
        "sprint_started",
        "sprint_closed",
        "sprint_updated",
        "sprint_deleted",
    ]


def test_wrong_sprints_are_refused(busy: Api) -> None:
    body = {"name": "Sprint", "originBoardId": 1}
    assert busy.post(SPRINT, {**body, "name": " "}).status == 400
    assert busy.post(SPRINT, {**body, "startDate": "tomorrow"}).status == 400
    backwards = {"startDate": "2026-03-02T10:00:00.000Z", "endDate": "2026-03-01T10:00:00.000Z"}
    assert busy.post(SPRINT, {**body, **backwards}).status == 400
    assert busy.post(SPRINT, {**body, "originBoardId": 2}).status == 400
    assert busy.post(SPRINT, {**body, "originBoardId": 22}).status == 404
    assert busy.put(f"{SPRINT}/3", {"name": "No dates"}).status == 400
    assert busy.post(f"{SPRINT}/3/swap", {"sprintToSwapWith": 99}).status == 404


def test_sprints_change_places(busy: Api) -> None:
    other = busy.post(SPRINT, {"name": "Fifth", "originBoardId": 1}).json["id"]
    assert busy.post(f"{SPRINT}/4/swap", {"sprintToSwapWith": other}).status == 204
    future = busy.get(f"{BOARD}/sprint", state="future").json["values"]
    assert [one["id"] for one in future] == [other, 4]


def test_issues_move_into_a_sprint(busy: Api) -> None:
    events = heard(busy)
    first, second = new(busy), new(busy)
    body = {"issues": [first, second], "rankBeforeIssue": "FHP-3"}
    assert busy.post(f"{SPRINT}/3/issue", body).status == 204
    order = keys(busy.get(f"{SPRINT}/3/issue"))
    assert {first, second} <= set(order)
    sprint = agile_fields(busy.site.product).sprint
    [shown] = busy.get(f"/issue/{first}").json["fields"][sprint]
    if busy.site.product.cloud:
        assert (shown["id"], shown["state"], shown["boardId"]) == (3, "active", 1)
        assert shown["startDate"].endswith("Z")
    else:
        assert shown.startswith("com.atlassian.greenhopper.service.sprint.Sprint@")
        assert "[activatedDate=" in shown
        assert ",id=3," in shown
        assert ",state=ACTIVE," in shown
    whole = busy.get(f"{AGILE_BASE}/issue/{first}").json["fields"]
    assert (whole["sprint"]["id"], whole["flagged"]) == (3, False)
    changed = [one.changelog.items[0].field for one in events if one.changelog is not None]
    assert changed.count("Sprint") == 2
    all_keys = keys(busy.get(f"{BOARD}/issue", maxResults=100))
    place = all_keys.index(first)
    assert all_keys[place : place + 2] == [first, second]


def test_a_sprint_that_is_over_takes_nothing(busy: Api) -> None:
    key = new(busy)
    refused = busy.post(f"{SPRINT}/1/issue", {"issues": [key]})
    said = "You must specify a sprint which has not been completed."
    assert (refused.status, refused.json["errorMessages"]) == (400, [said])
    sprint = agile_fields(busy.site.product).sprint
    edited = busy.put(f"/issue/{key}", {"fields": {sprint: 1}})
    said = "Issue can be assigned only active or future sprints."
    assert (edited.status, edited.json["errorMessages"]) == (400, [said])
    worded = busy.put(f"/issue/{key}", {"fields": {sprint: "4"}})
    said = "Number value expected as the Sprint id."
    assert (worded.status, worded.json["errorMessages"]) == (400, [said])
    assert busy.post(f"{SPRINT}/3/issue", {"issues": [key] * 51}).status == 400
    assert busy.post(f"{SPRINT}/3/issue", {"issues": ["FHP-9999"]}).status == 404


def test_the_sprint_field_is_a_number_when_it_is_written(busy: Api) -> None:
    sprint = agile_fields(busy.site.product).sprint
    key = new(busy, **{sprint: 4})
    assert key in keys(busy.get(f"{SPRINT}/4/issue"))
    assert busy.put(f"/issue/{key}", {"fields": {sprint: 3}}).status == 204
    assert last_items(busy, key) == [("Sprint", "FHP Sprint 4", "FHP Sprint 3")]
    busy.post(f"{SPRINT}/3", {"state": "closed"})
    assert busy.put(f"/issue/{key}", {"fields": {sprint: 4}}).status == 204
    assert last_items(busy, key) == [("Sprint", "FHP Sprint 3", "FHP Sprint 3, FHP Sprint 4")]
    fields = busy.get(f"{AGILE_BASE}/issue/{key}").json["fields"]
    assert (fields["sprint"]["id"], [one["id"] for one in fields["closedSprints"]]) == (4, [3])
    assert busy.put(f"/issue/{key}", {"fields": {sprint: None}}).status == 204
    assert len(busy.get(f"/issue/{key}").json["fields"][sprint]) == 1


def test_deleting_a_sprint_puts_its_issues_back(busy: Api) -> None:
    [key, *_] = keys(busy.get(f"{SPRINT}/4/issue"))
    assert busy.delete(f"{SPRINT}/4").status == 204
    assert busy.get(f"/issue/{key}").json["fields"][agile_fields(busy.site.product).sprint] is None
    assert key in keys(busy.get(f"{BOARD}/backlog", maxResults=100))


def test_properties_of_boards_and_sprints(busy: Api) -> None:
    for place in (BOARD, f"{SPRINT}/3"):
        at = f"{place}/properties"
        assert busy.put(f"{at}/tool", {"id": 1}).status == 201
        assert busy.put(f"{at}/tool", {"id": 2}).status == 200
        assert busy.get(f"{at}/tool").json == {"key": "tool", "value": {"id": 2}}
        assert [one["key"] for one in busy.get(at).json["keys"]] == ["tool"]
        assert busy.delete(f"{at}/tool").status == 204
        assert busy.get(f"{at}/tool").status == 404


def test_who_may_not_manage_sprints_is_refused(busy: Api) -> None:
    stranger = busy.site.state.users[busy.site.state.people[1]]
    project = busy.site.state.projects["10000"]
    left = {one: role for one, role in project.members.items() if one != stranger.account_id}
    busy.site.state.projects["10000"] = replace(project, members=left)
    away = busy.as_user(stranger)
    assert away.get(BOARD).status == 404
    assert away.get(f"{SPRINT}/3").status == 404
    assert [one["name"] for one in away.get(f"{AGILE_BASE}/board").json["values"]] == ["TEAM board"]


def test_what_cloud_alone_has(busy: Api) -> None:
    cloud = busy.site.product.cloud
    filters = busy.get(f"{BOARD}/quickfilter")
    assert filters.status == (200 if cloud else 404)
    if cloud:
        assert filters.json["values"][0]["name"] == "Only My Issues"
        assert busy.get(f"{BOARD}/quickfilter/1").json["jql"] == "assignee = currentUser()"
        by_filter = busy.get(f"{AGILE_BASE}/board/filter/10000").json["values"]
        assert [one["name"] for one in by_filter] == ["FHP board"]
        assert busy.get(f"{BOARD}/project/full").json["total"] == 1
        key = new(busy)
        assert busy.post(f"{BOARD}/issue", {"issues": [key]}).status == 204
        assert key in keys(busy.get(f"{SPRINT}/3/issue"))
        assert busy.post(f"{AGILE_BASE}/backlog/1/issue", {"issues": [key]}).status == 204
        assert key not in keys(busy.get(f"{SPRINT}/3/issue"))


def test_the_gateway_serves_jira_software_for_its_own_scopes(api: Api) -> None:
    user = api.site.state.users[api.site.state.service_account]
    scopes = ("read:board-scope:jira-software", "read:issue-details:jira")
    api.site.state.tokens["scoped"] = ApiToken("scoped", user.account_id, scopes=scopes)
    scoped = replace(api, authorization=basic_header(user.email, "scoped"))
    gateway = f"/ex/jira/{api.site.state.cloud_id}"
    assert scoped.get(f"{gateway}{AGILE_BASE}/board/1").status == 200
    assert scoped.get(f"{gateway}{SOFTWARE_BASE}/board/1/issue").status == 200
    assert scoped.get(f"{gateway}{AGILE_BASE}/sprint/3").status == 401
