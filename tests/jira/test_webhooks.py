"""Deliveries: genuine or not, and where they tell us to look."""

from __future__ import annotations

import csv
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.jira.hints import Actor, ChangedField, Child, ChildKind, Hint
from duolog.jira.webhooks import (
    FORGIVEN,
    HINTED,
    IGNORED,
    MalformedDelivery,
    UnknownEvent,
    is_authentic,
    parse_hint,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "webhooks"
SECRET = "It's a Secret to Everybody"
SIGNED = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
AT = datetime(2026, 10, 15, 7, 14, 31, 482000, tzinfo=UTC)
ADA = Actor("712020:ada", "Ada Field")
BOB = Actor("JIRAUSER10100", "Bob Stone")


def at(hour: int, minute: int, second: int = 0, millisecond: int = 0) -> datetime:
    return datetime(2026, 10, 15, hour, minute, second, millisecond * 1000, tzinfo=UTC)


def golden(name: str) -> Hint | None:
    return parse_hint((GOLDEN / f"{name}.json").read_bytes())


@pytest.mark.parametrize(
    ("signature", "secret", "genuine"),
    [
        pytest.param(f"sha256={SIGNED}", SECRET, True, id="Atlassian's published vector"),
        pytest.param(f"sha256={SIGNED[:-1]}8", SECRET, False, id="one digit off"),
        pytest.param(f"sha256={SIGNED}", "another", False, id="another secret"),
        pytest.param(f"sha1={SIGNED}", SECRET, False, id="another method"),
        pytest.param(SIGNED, SECRET, False, id="no method"),
        pytest.param("", SECRET, False, id="no signature"),
        pytest.param("sha256=ß", SECRET, False, id="no digits at all"),
    ],
)
def test_whether_jira_signed_it(signature: str, secret: str, genuine: bool) -> None:
    assert is_authentic(b"Hello World!", signature, secret) is genuine


@given(st.binary(), st.text(min_size=1))
def test_what_is_signed_with_our_secret_is_genuine(body: bytes, secret: str) -> None:
    secret = secret.encode(errors="replace").decode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    assert is_authentic(body, f"sha256={digest}", secret)
    assert not is_authentic(body + b"x", f"sha256={digest}", secret)


def test_without_a_secret_nothing_is_genuine() -> None:
    digest = hmac.new(b"", b"{}", hashlib.sha256).hexdigest()
    assert not is_authentic(b"{}", f"sha256={digest}", "")


def test_a_changed_status_is_told_in_full() -> None:
    assert golden("cloud/issue_updated__status") == Hint(
        event="jira:issue_updated",
        detail="issue_generic",
        at=AT,
        issue_id="10021",
        issue_key="FHP-12",
        project_id="10000",
        project_key="FHP",
        updated=AT,
        child=None,
        linked=(),
        changes=(ChangedField("status", "status", "1", "To Do", "3", "In Progress"),),
        actor=ADA,
    )


EXPECTED: Mapping[str, Mapping[str, object]] = {
    "cloud/issue_updated__self_without_issue": {"issue_id": "10021", "actor": ADA},
    "cloud/issue_updated__moved": {
        "issue_id": "10021",
        "issue_key": "GDN-3",
        "project_id": "10001",
    },
    "cloud/issue_created": {"issue_id": "10021", "detail": "issue_created", "updated": AT},
    "cloud/issue_deleted": {"issue_id": "10021", "event": "jira:issue_deleted", "detail": ""},
    "cloud/comment_created": {
        "issue_id": "10021",
        "project_key": "FHP",
        "updated": None,
        "child": Child(ChildKind.COMMENT, "10300", at(7, 21, 5, 117), "10021"),
        "actor": ADA,
    },
    "cloud/comment_deleted": {"issue_id": "10021", "actor": None},
    "cloud/attachment_created": {
        "issue_id": None,
        "child": Child(ChildKind.ATTACHMENT, "10400", at(7, 30)),
        "actor": ADA,
    },
    "cloud/issuelink_created": {
        "issue_id": None,
        "linked": ("10021", "10022"),
        "child": Child(ChildKind.ISSUELINK, "10699", None),
        "actor": None,
    },
    "cloud/worklog_updated": {
        "issue_id": "10021",
        "child": Child(ChildKind.WORKLOG, "10500", at(7, 41), "10021"),
    },
    "cloud/project_deleted": {"issue_id": None, "project_id": "10000", "project_key": "FHP"},
    "server/comment_created": {"issue_id": "10357", "issue_key": None, "actor": BOB},
    "server/issue_updated__commented": {
        "issue_id": "10357",
        "updated": at(7, 20),
        "child": Child(ChildKind.COMMENT, "10757", at(7, 20), "10357"),
    },
    "server/worklog_updated__combined": {"issue_id": "10357", "project_key": "OPS", "actor": BOB},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_where_each_kind_of_delivery_leads(name: str) -> None:
    hint = golden(name)
    assert hint is not None
    assert {part: getattr(hint, part) for part in EXPECTED[name]} == EXPECTED[name]


def test_our_own_properties_are_ignored_by_name() -> None:
    assert golden("cloud/issue_property_set") is None


def test_every_golden_delivery_is_looked_at() -> None:
    names = {str(it.relative_to(GOLDEN).with_suffix("")) for it in GOLDEN.rglob("*.json")}
    apart = {"cloud/issue_updated__status", "cloud/issue_property_set"}
    assert names == set(EXPECTED) | apart


def test_an_event_is_followed_or_ignored_but_not_both() -> None:
    assert not HINTED & IGNORED


def test_an_event_of_the_future_is_named() -> None:
    with pytest.raises(UnknownEvent) as raised:
        parse_hint(b'{"webhookEvent": "jira:issue_dreamt"}')
    assert raised.value.event == "jira:issue_dreamt"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="half an object"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{}", id="no event"),
        pytest.param(b'{"webhookEvent": 7}', id="a number for an event"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"[" * 100_000, id="too deep"),
        pytest.param(b'{"a": ' * 100_000 + b"1" + b"}" * 100_000, id="objects without end"),
        pytest.param(b'{"n": ' + b"9" * 5_000 + b"}", id="a number of five thousand digits"),
    ],
)
def test_what_jira_would_not_send(body: bytes) -> None:
    with pytest.raises(MalformedDelivery, match="Not a delivery"):
        parse_hint(body)


@pytest.mark.parametrize(
    "timestamp",
    ["2018-12-20 15:45:59,695", None, -1, 10**30, 1.5, True, {}],
    ids=["a log line", "null", "before time", "after time", "a fraction", "a truth", "an object"],
)
def test_an_odd_timestamp_does_not_spoil_the_hint(timestamp: object) -> None:
    body = {"webhookEvent": "jira:issue_deleted", "timestamp": timestamp, "issue": {"id": "1"}}
    hint = parse_hint(json.dumps(body).encode())
    assert hint is not None
    assert hint.issue_id == "1"


ISSUE = b'"issue": {"id": "1", "key": "FHP-1"}'
ODD_BUT_GENUINE = [
    pytest.param(b'"comment": "x"', id="a comment that is text"),
    pytest.param(b'"comment": {"id": {}, "author": 5, "self": 7}', id="an odd comment"),
    pytest.param(b'"user": [1]', id="a user that is a list"),
    pytest.param(b'"user": {"displayName": "\\ud83d"}', id="half an emoji in a name"),
    pytest.param(b'"user": {"displayName": "\\u0000"}', id="NUL in a name"),
    pytest.param(b'"text": "\xff\xfe"', id="bytes that are no UTF-8"),
    pytest.param(b'"text": "a\nb"', id="a raw line break in a text"),
    pytest.param(b'"size": NaN', id="a number that is none"),
    pytest.param(b'"changelog": {"items": [{"field": "status"}, 7]}', id="half a changelog"),
    pytest.param(b'"issue": {}, "issue": {"id": 2}, ' + ISSUE, id="the same key three times"),
    pytest.param(b'"deep": ' + b"[" * 100 + b"]" * 100, id="a hundred lists in each other"),
    pytest.param(b'"fields": {"updated": "0001-01-01T00:00:00+2359"}', id="before all time"),
]


@pytest.mark.parametrize("part", ODD_BUT_GENUINE)
def test_what_is_odd_in_one_part_still_names_the_issue(part: bytes) -> None:
    hint = parse_hint(b'{"webhookEvent": "comment_created", ' + part + b", " + ISSUE + b"}")
    assert hint is not None
    assert (hint.issue_id, hint.issue_key) == ("1", "FHP-1")
    said = f"{hint.actor} {hint.child} {hint.changes}"
    assert said.encode().decode() == said
    assert "\0" not in said


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32-be"])
def test_json_in_another_encoding_is_read(encoding: str) -> None:
    text = '{"webhookEvent": "jira:issue_updated", "issue": {"id": 7}}'
    hint = parse_hint(text.encode(encoding))
    assert hint is not None
    assert hint.issue_id == "7"


def test_half_a_changelog_is_none_so_that_no_change_passes_for_an_echo() -> None:
    items = b'{"items": [{"field": "status", "to": "3"}, {"field": 7}]}'
    body = b'{"webhookEvent": "jira:issue_updated", "changelog": ' + items + b", " + ISSUE + b"}"
    hint = parse_hint(body)
    assert hint is not None
    assert hint.changes == ()


@pytest.mark.parametrize(
    "odd", ['"x"', '"1; DROP"', '"\u0000"', "true", "-1", "1.5", '"' + "9" * 41 + '"']
)
def test_an_id_that_is_none_of_jiras_is_no_id(odd: str) -> None:
    body = f'{{"webhookEvent": "jira:issue_updated", "issue": {{"id": {odd}}}}}'
    hint = parse_hint(body.encode())
    assert hint is not None
    assert hint.issue_id is None


def test_a_large_body_must_be_json_to_the_letter() -> None:
    filler = b'"' + b"x" * FORGIVEN + b'"'
    start = b'{"webhookEvent": "jira:issue_updated", "text": ' + filler
    assert parse_hint(start + b"}") is not None
    with pytest.raises(MalformedDelivery):
        parse_hint(start + b', "odd": "\xff"}')


def test_an_empty_body_says_what_to_untick() -> None:
    with pytest.raises(MalformedDelivery) as raised:
        parse_hint(b"")
    assert "Exclude body" in raised.value.hint


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda it: st.lists(it, max_size=3) | st.dictionaries(st.text(max_size=5), it, max_size=3),
    max_leaves=8,
)
PARTS = ("timestamp", "issue", "project", "comment", "worklog", "issueLink", "changelog", "user")


@given(st.sampled_from(sorted(HINTED)), st.dictionaries(st.sampled_from(PARTS), JSON))
def test_any_body_is_a_hint_or_malformed(event: str, parts: dict[str, Any]) -> None:
    try:
        hint = parse_hint(json.dumps({"webhookEvent": event, **parts}).encode())
    except MalformedDelivery:
        return
    assert hint is not None


def test_every_recorded_delivery_leads_where_its_index_says(shared_jira: Path) -> None:
    folder = shared_jira / "webhooks"
    with (folder / "index.csv").open(encoding="utf-8", newline="") as index:
        rows = list(csv.DictReader(index))
    assert len(rows) > 50
    for row in rows:
        body = (folder / row["file"]).read_bytes()
        hint = parse_hint(body)
        if row["event"] in IGNORED:
            assert hint is None, row["file"]
            continue
        assert hint is not None, row["file"]
        if row["issue_in_payload"] != "none":
            issue = json.loads(body)["issue"]
            assert (hint.issue_id, hint.issue_key) == (str(issue["id"]), issue["key"]), row["file"]
        assert (hint.child is not None) or row["comment_in_payload"] == "n", row["file"]
        assert (hint.actor is not None) or row["user_in_payload"] == "n", row["file"]
        changed = {it for it in row["changelog_fields"].split("|") if it}
        assert {change.name for change in hint.changes} == changed, row["file"]
