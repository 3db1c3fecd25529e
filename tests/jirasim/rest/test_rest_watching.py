"""Watchers, votes and mail of an issue, as Atlassian's documents and own tests have them."""

from collections.abc import Callable
from typing import Any

import pytest
from helpers.jira_caller import Api

from jirasim.site.events import Event
from jirasim.site.model import User

Make = Callable[..., dict[str, Any]]
WATCHERS = "/issue/FHP-1/watchers"
VOTES = "/issue/FHP-1/votes"
PLAIN = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "There"}


def test_who_makes_or_discusses_an_issue_watches_it(
    api: Api, make: Make, people: list[User], events: list[Event]
) -> None:
    make()
    assert api.get("/issue/FHP-1").json["fields"]["watches"]["isWatching"] is True
    maya = api.as_user(people[0])
    body = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": []}]}
    text = {"type": "text", "text": "Seen"}
    body["content"] = [{"type": "paragraph", "content": [text]}]
    assert maya.post("/issue/FHP-1/comment", {"body": body}).status == 201
    assert api.get(WATCHERS).json["watchCount"] == 2
    assert [one.kind for one in events] == ["jira:issue_created", "comment_created"]


def test_one_watches_oneself_with_an_empty_body(
    api: Api, make: Make, people: list[User], events: list[Event]
) -> None:
    make()
    events.clear()
    before = api.get("/issue/FHP-1").json["fields"]["updated"]
    priya = api.as_user(people[3])
    assert priya.post(WATCHERS).status == 204
    shown = priya.get(WATCHERS).json
    assert (shown["watchCount"], shown["isWatching"]) == (2, True)
    assert priya.delete(WATCHERS, accountId=people[3].account_id).status == 204
    assert priya.get(WATCHERS).json["isWatching"] is False
    assert priya.delete(WATCHERS, accountId=people[3].account_id).status == 204
    assert (events, api.get("/issue/FHP-1").json["fields"]["updated"]) == ([], before)


def test_others_are_put_on_the_list_by_those_who_manage_it(
    api: Api, make: Make, people: list[User]
) -> None:
    make()
    who = people[4].account_id
    assert api.as_user(people[3]).post(WATCHERS, who).status == 403
    assert api.post(WATCHERS, who).status == 204
    assert api.as_user(people[3]).delete(WATCHERS, accountId=who).status == 403
    assert api.post(WATCHERS, "nobody").status == 404
    assert api.post(WATCHERS, {"accountId": who}).status == 400
    assert api.delete(WATCHERS).status == 400
    assert who in {one["accountId"] for one in api.get(WATCHERS).json["watchers"]}


def test_the_site_may_do_without_watching_and_voting(api: Api, make: Make) -> None:
    make()
    api.call("POST", "/_sim/settings", body={"watching": False, "voting": False})
    assert [api.get(WATCHERS).status, api.post(WATCHERS).status] == [404, 404]
    assert api.get(VOTES).json["errorMessages"] == [
        "Voting for issues is currently not enabled for this JIRA instance."
    ]


def test_server_knows_watchers_by_name(server: Api) -> None:
    people = list(server.site.people())
    server.post("/issue", {"fields": PLAIN})
    assert server.post(WATCHERS, people[4].name).status == 204
    shown = server.get(WATCHERS).json["watchers"]
    assert people[4].name in {one["name"] for one in shown}
    priya = server.as_user(people[3])
    refused = priya.post(WATCHERS, people[1].name)
    sentence = "User 'priya' is not allowed to add watchers to issue 'FHP-1'"
    assert (refused.status, refused.json["errorMessages"]) == (401, [sentence])
    assert server.delete(WATCHERS, username=people[4].name).status == 204
    assert server.post(WATCHERS, "lena").status == 401


def test_a_vote_counts_once_and_is_taken_back(api: Api, make: Make, people: list[User]) -> None:
    make()
    priya = api.as_user(people[3])
    assert [priya.post(VOTES).status, priya.post(VOTES).status] == [204, 204]
    shown = priya.get(VOTES).json
    assert (shown["votes"], shown["hasVoted"], len(shown["voters"])) == (1, True, 1)
    assert api.get("/issue/FHP-1").json["fields"]["votes"]["votes"] == 1
    assert priya.delete(VOTES).status == 204
    assert priya.delete(VOTES).status == 404


@pytest.mark.parametrize("verb", ["POST", "DELETE"])
def test_nobody_votes_for_an_own_or_a_resolved_issue(
    api: Api, make: Make, people: list[User], verb: str
) -> None:
    make()
    own = api.call(verb, VOTES)
    assert own.json["errorMessages"] == ["You cannot vote for an issue you have reported."]
    api.post("/issue/FHP-1/transitions", {"transition": {"id": "51"}})
    assert api.as_user(people[3]).call(verb, VOTES).status == 404


@pytest.mark.parametrize(
    ("to", "status"),
    [
        pytest.param({"watchers": True}, 400, id="nobody but oneself"),
        pytest.param({}, 400, id="nobody"),
        pytest.param(None, 400, id="no recipients at all"),
        pytest.param({"users": [{"accountId": "nobody"}]}, 400, id="a stranger"),
        pytest.param({"groups": [{"name": "everyone"}]}, 204, id="a group"),
    ],
)
def test_mail_needs_somebody_to_read_it(
    api: Api, make: Make, to: dict[str, Any] | None, status: int
) -> None:
    make()
    assert api.post("/issue/FHP-1/notify", {"subject": "Look", "to": to}).status == status


def test_mail_goes_to_people(api: Api, make: Make, people: list[User]) -> None:
    make()
    to = {"users": [{"accountId": people[1].account_id}]}
    assert api.post("/issue/FHP-1/notify", {"to": to}).status == 204
    assert api.post("/issue/FHP-9/notify", {"to": to}).status == 404


def test_link_types_are_made_and_deleted_by_administrators(
    api: Api, make: Make, people: list[User]
) -> None:
    make()
    make()
    new = {"name": "Feeds", "inward": "is fed by", "outward": "feeds"}
    assert api.as_user(people[3]).post("/issueLinkType", new).status == 404
    made = api.post("/issueLinkType", new)
    assert (made.status, made.json["id"]) == (201, "10004")
    assert api.post("/issueLinkType", new).status == 404
    assert api.post("/issueLinkType", {"name": "Half"}).status == 400
    ends = {"inwardIssue": {"key": "FHP-1"}, "outwardIssue": {"key": "FHP-2"}}
    assert api.post("/issueLink", {"type": {"name": "feeds"}, **ends}).status == 201
    assert api.delete("/issueLinkType/10004").status == 204
    assert api.get("/issue/FHP-1").json["fields"]["issuelinks"] == []
    assert api.get("/issueLinkType/abc").status == 400
