"""Lists are complete or an error; bulk requests account for every part."""

from __future__ import annotations

from typing import Any

import pytest

from duolog.core.errors import AnswerLost, Refused, Retryable, SyncError, Unseen
from duolog.jira.client import JiraClient, NewIssue, NewWebhook, Query
from duolog.jira.wire import CreatedIssue

STAMP = "2026-01-17T12:34:00.000+0000"
QUERY = Query('project = "FHP"', fields=("summary",))


def issues(*numbers: int) -> list[dict[str, object]]:
    return [{"id": str(it), "key": f"FHP-{it}", "fields": {"updated": STAMP}} for it in numbers]


def comments(*numbers: int) -> list[dict[str, object]]:
    return [{"id": str(it), "created": STAMP, "updated": STAMP} for it in numbers]


def new(count: int) -> list[NewIssue]:
    return [NewIssue({"summary": str(it)}) for it in range(count)]


def test_a_search_goes_on_through_short_and_empty_pages(jira: Any, client: JiraClient) -> None:
    jira.answers(200, {"issues": issues(1), "nextPageToken": "a", "isLast": False})
    jira.answers(200, {"issues": [], "nextPageToken": "b"})
    jira.answers(200, {"issues": issues(2), "isLast": True})

    assert [it.id for it in client.search.all(QUERY)] == ["1", "2"]
    assert [jira.body(it).get("nextPageToken") for it in range(3)] == [None, "a", "b"]


@pytest.mark.parametrize(
    "last",
    [
        pytest.param({"issues": issues(1)}, id="no word of a next page"),
        pytest.param({"issues": issues(1), "nextPageToken": None}, id="a null token"),
        pytest.param({"issues": issues(1), "nextPageToken": "x", "isLast": True}, id="said last"),
    ],
)
def test_how_the_last_page_looks(jira: Any, client: JiraClient, last: object) -> None:
    jira.answers(200, last)
    assert [it.id for it in client.search.all(QUERY)] == ["1"]


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param([{"issues": [], "isLast": False}], id="more, but no way to get there"),
        pytest.param([{"issues": [], "nextPageToken": "a"}] * 2, id="the same page for ever"),
        pytest.param([{"issues": [], "nextPageToken": "a"}, None], id="a page that failed"),
    ],
)
def test_a_search_that_breaks_off_is_an_error(
    jira: Any, client: JiraClient, pages: list[object]
) -> None:
    for page in pages:
        jira.answers(200 if page else 503, page)
    with pytest.raises(Retryable):
        client.search.all(QUERY)


def test_a_wrong_query_is_refused_with_jiras_words(jira: Any, client: JiraClient) -> None:
    text = "The value 'FHP' does not exist for the field 'project'."
    jira.answers(400, {"errorMessages": [text]})
    with pytest.raises(Refused, match="does not exist"):
        client.search.all(QUERY)


def test_all_comments_over_several_pages(jira: Any, client: JiraClient) -> None:
    jira.answers(200, {"comments": comments(1, 2), "total": 3})
    jira.answers(200, {"comments": comments(3), "total": 3, "startAt": 2})

    assert [it.id for it in client.comments.list("10001")] == ["1", "2", "3"]
    assert [it.url.params["startAt"] for it in jira.requests] == ["0", "2"]


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param(
            [{"comments": comments(1), "total": 2}, {"comments": [], "total": 2}], id="few"
        ),
        pytest.param(
            [{"comments": comments(1), "total": 2}, {"comments": comments(1), "total": 2}],
            id="one twice, so another was skipped",
        ),
        pytest.param([{"comments": comments(1), "total": 2}, None], id="a page that failed"),
    ],
)
def test_fewer_comments_than_there_are_is_an_error(
    jira: Any, client: JiraClient, pages: list[object]
) -> None:
    for page in pages:
        jira.answers(200 if page else 500, page)
    with pytest.raises(Retryable):
        client.comments.list("10001")


def worklogs(*numbers: int) -> list[dict[str, object]]:
    spent = {"started": STAMP, "updated": STAMP, "timeSpentSeconds": 90}
    return [{"id": str(it), **spent} for it in numbers]


def test_all_worklogs_over_several_pages(jira: Any, client: JiraClient) -> None:
    jira.answers(200, {"worklogs": worklogs(1, 2), "total": 3})
    jira.answers(200, {"worklogs": worklogs(3), "total": 3, "startAt": 2})

    found = client.worklogs.list("10001")
    assert [(it.id, it.time_spent_seconds) for it in found] == [("1", 90), ("2", 90), ("3", 90)]
    assert [it.url.params["startAt"] for it in jira.requests] == ["0", "2"]


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param(
            [{"worklogs": worklogs(1), "total": 2}, {"worklogs": [], "total": 2}], id="few"
        ),
        pytest.param(
            [{"worklogs": worklogs(1), "total": 2}, {"worklogs": worklogs(1), "total": 2}],
            id="one twice, so another was skipped",
        ),
        pytest.param([{"worklogs": worklogs(1), "total": 2}, None], id="a page that failed"),
    ],
)
def test_fewer_worklogs_than_there_are_is_an_error(
    jira: Any, client: JiraClient, pages: list[object]
) -> None:
    for page in pages:
        jira.answers(200 if page else 500, page)
    with pytest.raises(Retryable):
        client.worklogs.list("10001")


def test_comments_by_id_say_which_are_unseen(jira: Any, client: JiraClient) -> None:
    jira.answers(200, {"values": comments(1), "total": 1, "isLast": True})
    found = client.comments.by_ids("10001", ["1", "2", "1"])
    assert ([it.id for it in found.comments], found.unseen) == (["1"], ("2",))
    assert jira.body() == {"ids": [1, 2]}
    assert jira.requests[0].url.params["expand"] == "properties"


def test_comments_by_id_are_asked_for_in_halves_when_jira_cuts_the_list(
    jira: Any, client: JiraClient
) -> None:
    jira.answers(200, {"values": comments(1), "total": 3, "isLast": False})
    jira.answers(200, {"values": comments(1), "total": 1})
    jira.answers(200, {"values": comments(2, 3), "total": 2})
    assert [it.id for it in client.comments.by_ids("10001", ["1", "2", "3"]).comments] == [
        "1",
        "2",
        "3",
    ]


def test_one_comment_that_jira_holds_back_is_an_error(jira: Any, client: JiraClient) -> None:
    jira.answers(200, {"values": [], "total": 1, "isLast": False})
    with pytest.raises(Retryable):
        client.comments.by_ids("10001", ["1"])


def test_a_bulk_fetch_tells_unseen_from_unread(jira: Any, client: JiraClient) -> None:
    error = {"id": "3", "errorMessage": "too large"}
    jira.answers(200, {"issues": issues(1), "issueErrors": [error]})

    found = client.issues.fetch(["1", "2", "3", "2"], fields=["summary"])

    assert [it.id for it in found.issues] == ["1"]
    assert (found.unseen, found.unread) == (("2",), ("3",))
    assert jira.body() == {"issueIdsOrKeys": ["1", "2", "3"], "fields": ["summary"]}


def test_each_part_of_a_bulk_create_has_its_outcome(jira: Any, client: JiraClient) -> None:
    error = {
        "failedElementNumber": 1,
        "status": 400,
        "elementErrors": {"errors": {"issuetype": "The issue type selected is invalid."}},
    }
    made = [{"id": "1", "key": "A-1"}, {"id": "3", "key": "A-3"}]
    jira.answers(201, {"issues": made, "errors": [error]})

    first, second, third = client.issues.create_many(new(3))

    assert (first, third) == tuple(CreatedIssue(**it) for it in made)
    assert isinstance(second, Refused)
    assert second.fields == {"issuetype": "The issue type selected is invalid."}


def test_a_bulk_create_refused_in_every_part(jira: Any, client: JiraClient) -> None:
    jira.answers(400, {"issues": [], "errors": [{"failedElementNumber": it} for it in range(2)]})
    assert [type(it) for it in client.issues.create_many(new(2))] == [Refused, Refused]


def test_a_bulk_create_refused_as_a_whole(jira: Any, client: JiraClient) -> None:
    jira.answers(400, {"errorMessages": ["Too many issues."], "errors": {}})
    with pytest.raises(Refused, match="Too many issues"):
        client.issues.create_many(new(2))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"issues": [{"id": "1", "key": "A-1"}]}, id="one unaccounted for"),
        pytest.param({"issues": [{"id": 1}]}, id="not understood"),
        pytest.param([], id="not even an object"),
    ],
)
def test_a_bulk_create_with_an_unclear_answer_may_have_happened(
    jira: Any, client: JiraClient, body: object
) -> None:
    jira.answers(201, body)
    with pytest.raises(AnswerLost):
        client.issues.create_many(new(2))


def test_a_create_with_an_unreadable_answer_may_have_happened(
    jira: Any, client: JiraClient
) -> None:
    jira.answers(201, {"key": "A-1"})
    with pytest.raises(AnswerLost):
        client.issues.create(new(1)[0])


@pytest.mark.parametrize("count", [0, 51])
def test_a_bulk_create_keeps_jiras_limit(client: JiraClient, count: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 50"):
        client.issues.create_many(new(count))


@pytest.mark.parametrize("count", [0, 101])
def test_a_bulk_fetch_keeps_jiras_limit(client: JiraClient, count: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 100"):
        client.issues.fetch([str(it) for it in range(count)])


def test_an_issue_is_born_with_our_token_and_its_first_step(jira: Any, client: JiraClient) -> None:
    answer = {"id": "1", "key": "A-1", "transition": {"status": 400}}
    jira.answers(201, answer)

    made = client.issues.create(NewIssue({"summary": "x"}, (("duolog", {"t": "1"}),), "31"))

    assert made.transition_refused
    assert jira.body() == {
        "fields": {"summary": "x"},
        "properties": [{"key": "duolog", "value": {"t": "1"}}],
        "transition": {"id": "31"},
    }


def test_an_edit_hands_back_the_issue_after_it(jira: Any, client: JiraClient) -> None:
    jira.answers(200, issues(1)[0])
    assert client.issues.edit("1", fields={"summary": "x"}).updated.year == 2026
    assert jira.requests[0].url.params["returnIssue"] == "true"


def test_an_edit_without_an_answer_is_followed_by_a_look(jira: Any, client: JiraClient) -> None:
    jira.answers(204).answers(200, issues(1)[0])
    assert client.issues.edit("1", update={"labels": [{"add": "x"}]}).id == "1"
    assert [it.method for it in jira.requests] == ["PUT", "GET"]


def test_what_is_not_there_is_unseen(jira: Any, client: JiraClient) -> None:
    jira.answers(404, {"errorMessages": ["Issue does not exist"]})
    with pytest.raises(Unseen):
        client.issues.get("1")


def test_names_in_paths_cannot_lead_elsewhere(jira: Any, client: JiraClient) -> None:
    jira.answers(200, {"key": "k", "value": 1})
    client.issues.get_property("1/../2", "a?b#c")
    assert jira.requests[0].url.raw_path == b"/rest/api/3/issue/1%2F..%2F2/properties/a%3Fb%23c"


def test_a_webhook_is_registered_found_and_removed(jira: Any, client: JiraClient) -> None:
    address = "https://company.atlassian.net/rest/webhooks/1.0/webhook/7"
    shown = {"self": address, "name": "Duolog", "url": "https://d.example/x", "isSigned": True}
    jira.answers(201, shown).answers(200, [shown]).answers(204)
    asked = NewWebhook("Duolog", "https://d.example/x", ("comment_created",), "project = A", "s3")

    made = client.webhooks.register(asked)

    assert client.webhooks.list() == (made,)
    assert (made.id, made.is_signed) == ("7", True)
    client.webhooks.delete(made.id)
    assert jira.requests[-1].url.path == "/rest/webhooks/1.0/webhook/7"
    assert jira.body(0)["filters"] == {"issue-related-events-section": "project = A"}
    assert "s3" not in repr(asked)


def test_projects_over_several_pages(jira: Any, client: JiraClient) -> None:
    for number in (1, 2):
        project = {"id": str(number), "key": f"P{number}"}
        jira.answers(200, {"values": [project], "total": 2, "isLast": number == 2})
    assert [it.key for it in client.projects.list()] == ["P1", "P2"]


def test_errors_of_one_part_keep_their_kind(jira: Any, client: JiraClient) -> None:
    jira.answers(400, {"errors": [{"failedElementNumber": 0, "status": 404}]})
    (outcome,) = client.issues.create_many(new(1))
    assert isinstance(outcome, SyncError)
    assert type(outcome) is Unseen
