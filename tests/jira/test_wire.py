"""Jira's JSON as values: only what is read, strictly, refused by the name of the field."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from duolog.core.errors import AnswerLost, Refused, Retryable
from duolog.jira.wire import (
    BulkCreateAnswer,
    Comment,
    CreateField,
    Issue,
    Transition,
    User,
    read,
    read_json,
)

STAMP = "2026-01-17T12:34:00.000+0000"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        pytest.param(STAMP, datetime(2026, 1, 17, 12, 34, tzinfo=UTC), id="in UTC"),
        pytest.param(
            "2026-01-17T12:34:56.789+0530",
            datetime(2026, 1, 17, 7, 4, 56, 789000, tzinfo=UTC),
            id="with an offset without a colon",
        ),
        pytest.param(
            "2026-01-17T12:34:00.000Z", datetime(2026, 1, 17, 12, 34, tzinfo=UTC), id="with a Z"
        ),
    ],
)
def test_when_an_issue_was_updated(text: str, instant: datetime) -> None:
    assert read(Issue, {"id": "1", "fields": {"updated": text}}).updated == instant


def test_an_issue_whose_stamp_was_not_read_does_not_pretend_to_have_one() -> None:
    with pytest.raises(Refused, match="updated"):
        _ = read(Issue, {"id": "1", "fields": {}}).updated


def test_null_left_out_and_empty_are_three_things() -> None:
    issue = read(Issue, {"id": "1", "fields": {"duedate": None, "labels": []}})
    assert (issue.sent("duedate"), issue.known.due) == (True, None)
    assert (issue.sent("priority"), issue.known.priority) == (False, None)
    assert issue.known.labels == ()


def test_fields_are_kept_as_they_came_and_typed_where_we_know_them() -> None:
    fields = {
        "duedate": "2026-10-15",
        "customfield_10016": 3.0,
        "status": {"id": "3", "name": "Läuft", "statusCategory": {"key": "indeterminate"}},
        "parent": {"id": "7", "key": "A-7", "fields": {}},
    }
    issue = read(Issue, {"id": "1", "key": "A-1", "fields": fields, "unheard": "of"})
    assert issue.fields == fields
    assert issue.known.due == date(2026, 10, 15)
    assert issue.known.status is not None
    assert issue.known.status.status_category is not None
    assert issue.known.status.status_category.key == "indeterminate"
    assert issue.known.parent is not None
    assert issue.known.parent.key == "A-7"


@pytest.mark.parametrize(
    ("value", "place"),
    [
        pytest.param({"id": True}, "id", id="a truth for an id"),
        pytest.param({"id": 1.5}, "id", id="half a number for an id"),
        pytest.param({"id": None}, "id", id="null for an id"),
        pytest.param(
            {"id": "1", "fields": {"assignee": {"displayName": "Ada"}}},
            "fields.assignee.accountId",
            id="somebody without an identity, who must not read as nobody",
        ),
        pytest.param({}, "id", id="no id at all"),
        pytest.param({"id": "1", "fields": {"updated": 5}}, "fields.updated", id="epoch"),
        pytest.param(
            {"id": "1", "fields": {"updated": "2026-01-17T12:34:00"}},
            "fields.updated",
            id="no zone",
        ),
        pytest.param({"id": "1", "fields": {"duedate": "soon"}}, "fields.duedate", id="a word"),
        pytest.param({"id": "1", "fields": {"labels": "a"}}, "fields.labels", id="no list"),
        pytest.param(
            {"id": "1", "fields": {"comment": {"total": "3"}}}, "fields.comment.total", id="text"
        ),
        pytest.param("an issue", "the answer", id="not even an object"),
    ],
)
def test_a_wrong_type_is_refused_by_the_name_of_its_field(value: object, place: str) -> None:
    with pytest.raises(Refused) as raised:
        read(Issue, value)
    assert list(raised.value.fields) == [place]
    assert place in str(raised.value)


def test_null_is_left_out_and_a_number_is_an_id_however_deep() -> None:
    """So write some versions, deployments and apps; one such issue must not stop all others."""
    told: dict[str, object] = {
        "id": 10001,
        "key": None,
        "fields": {
            "project": {"id": 7, "key": "A", "name": None, "simplified": None},
            "issuetype": {"id": 1, "name": "Task", "subtask": None},
            "assignee": {"accountId": None, "key": "ada", "displayName": None, "active": None},
            "comment": {
                "comments": [{"id": 5, "created": STAMP, "updated": STAMP, "jsdPublic": None}],
                "total": 1,
                "startAt": None,
            },
            "attachment": [{"id": 9, "filename": "a", "size": 1, "mimeType": None, "created": 0}],
        },
        "properties": None,
    }
    issue = read(Issue, told)
    assert (issue.id, issue.key, issue.properties) == ("10001", "", {})
    assert issue.fields == told["fields"]
    known = issue.known
    assert known.project is not None
    assert (known.project.id, known.project.name) == ("7", "")
    assert known.assignee == User(account_id="ada")
    assert known.comment is not None
    assert (known.comment.complete, [it.id for it in known.comment.comments]) == (True, ["5"])
    assert [(it.id, it.mime_type) for it in known.attachment or ()] == [("9", "")]


@pytest.mark.parametrize(
    "author", [None, {}, {"displayName": "Anonymous"}, {"name": "", "active": False}]
)
def test_a_comment_of_nobody(author: object) -> None:
    told = {"id": "1", "author": author, "created": STAMP, "updated": STAMP}
    assert read(Comment, told).author is None


@pytest.mark.parametrize("email", [None, "", "?", '"?"'])
def test_a_hidden_address_is_no_address(email: str | None) -> None:
    assert read(User, {"accountId": "1", "emailAddress": email}).email_address is None


def test_a_user_without_the_optional_parts() -> None:
    user = read(User, {"accountId": "712020:x", "displayName": "Ada", "active": False})
    assert user == User(account_id="712020:x", display_name="Ada", active=False)


@pytest.mark.parametrize(
    ("embedded", "complete"),
    [
        pytest.param({"comments": [], "total": 0}, True, id="none of none"),
        pytest.param({"comments": [], "total": 1}, False, id="none of one"),
        pytest.param({"comments": [], "total": 0, "startAt": 3}, False, id="not from the start"),
    ],
)
def test_whether_an_issue_carries_all_its_comments(embedded: object, complete: bool) -> None:
    found = read(Issue, {"id": "1", "fields": {"comment": embedded}}).known.comment
    assert found is not None
    assert found.complete is complete


def test_our_mark_on_a_comment() -> None:
    comment = read(
        Comment,
        {
            "id": "1",
            "created": STAMP,
            "updated": STAMP,
            "properties": [{"key": "duolog", "value": {"token": "t"}}],
        },
    )
    assert comment.property_value("duolog") == {"token": "t"}
    assert comment.property_value("other") is None


def test_what_a_transition_and_a_create_screen_ask_for() -> None:
    asked = {"name": "Resolution", "key": "resolution", "required": True}
    transition = read(
        Transition,
        {
            "id": "31",
            "name": "Done",
            "to": {"id": "5", "name": "Done"},
            "fields": {"resolution": asked, "a": {**asked, "hasDefaultValue": True}},
        },
    )
    assert transition.asks_for() == ("resolution",)
    assert read(CreateField, {**asked, "fieldId": "customfield_1"}).field_id == "customfield_1"
    assert read(CreateField, asked).must_be_given
    assert not read(CreateField, {**asked, "hasDefaultValue": True}).must_be_given


def test_a_cut_answer_is_read_again() -> None:
    with pytest.raises(Retryable):
        read_json(b'{"issues": [')


def created(number: int) -> dict[str, str]:
    return {"id": str(number), "key": f"A-{number}"}


def test_the_outcomes_of_a_bulk_create_find_their_places() -> None:
    answer = read(
        BulkCreateAnswer,
        {"issues": [created(1), created(2)], "errors": [{"failedElementNumber": 1}]},
    )
    first, refused, last = answer.by_place(3)
    assert (getattr(first, "id", None), getattr(last, "id", None)) == ("1", "2")
    assert refused == answer.errors[0]


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        pytest.param({"issues": [created(1)], "errors": []}, 2, id="one is not accounted for"),
        pytest.param({"issues": [created(1), created(2)]}, 1, id="one too many"),
        pytest.param({"errors": [{"failedElementNumber": 7}]}, 1, id="a place nobody asked for"),
        pytest.param(
            {"issues": [created(1)], "errors": [{"failedElementNumber": 0}] * 2}, 3, id="twice"
        ),
    ],
)
def test_a_bulk_create_that_does_not_add_up_says_that_issues_may_exist(
    answer: object, count: int
) -> None:
    with pytest.raises(AnswerLost):
        read(BulkCreateAnswer, answer).by_place(count)
