"""Files of linked items, both ways: once, whole, under the right name, and led to from texts."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.filed import LONG, MB, PNG, at_rest, here, linked, most, put, there
from helpers.jirasim import Jira
from helpers.killed import killed_at

from duolog.connections.models import Connection, ConnectionKind, Method
from duolog.connections.services import NewConnection, allow_writing_in_my_name, connect
from duolog.sync.binding.services import Rules, poll_now, retry
from duolog.sync.models import ChildLink, Direction, Hold
from duolog.sync.shown.filed import standings_of
from duolog.work.queue import release_leases
from duolog.workplace.models import Attachment, WorkItem
from duolog.workplace.services import (
    attach,
    delete_attachment,
    keep_file,
    restore_attachment,
)

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def bound(jira: Jira, settings: Any, tmp_path: Any) -> Iterator[Bound]:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    with a_bound_team(jira) as bound:
        yield bound


def test_attached_here_it_hangs_there_once(bound: Bound) -> None:
    item, issue = linked(bound)
    bound.jira.reset()
    file = put(bound, item)
    assert standings_of(item).here[file.pk].state == "due"
    assert standings_of(item).state_of(file.pk) == "due"
    bound.run()
    assert standings_of(item).state_of(file.pk) == "in_step"
    assert there(bound, issue) == [("shot.png", PNG)]
    assert standings_of(item).here == {}
    sent = {it: n for it, n in bound.jira.calls().items() if not it.startswith("GET")}
    assert sent == {f"POST {bound.jira.rest}/issue/{{id}}/attachments": 1}
    assert at_rest(bound, item)


def test_attached_there_it_hangs_here_under_its_senders_name(bound: Bound) -> None:
    item, issue = linked(bound)
    stranger = bound.jira.people[1]
    bound.jira.attach(issue, "plan.pdf", b"%PDF", by=stranger)
    bound.poll()
    assert here(item) == [("plan.pdf", b"%PDF")]
    file = Attachment.objects.get(work_item=item)
    assert (file.uploaded_by, file.uploader_name) == (None, stranger.name)
    assert at_rest(bound, item)


def test_it_hangs_here_under_the_member_whom_the_account_is(bound: Bound) -> None:
    bound.maya.user.email = bound.jira.people[0].email
    bound.maya.user.save()
    item, issue = linked(bound)
    bound.jira.attach(issue, "plan.pdf", b"%PDF")
    bound.poll()
    assert Attachment.objects.get(work_item=item).uploaded_by == bound.maya


def test_what_hangs_on_either_side_at_the_start_goes_over(bound: Bound) -> None:
    item = bound.item()
    put(bound, item, "from-here.png")
    issue = bound.jira.create("Born there")
    bound.jira.attach(issue, "from-there.png", b"there")
    bound.bind()
    assert there(bound, str(bound.link(item).issue_id)) == [("from-here.png", PNG)]
    assert here(bound.item_of(issue)) == [("from-there.png", b"there")]


def test_where_jira_shows_no_attachments_none_is_taken_to_be_gone(bound: Bound) -> None:
    item, issue = linked(bound)
    put(bound, item, "before.png")
    bound.run()
    bound.jira.sim("POST", "settings", {"attachments": False})
    try:
        bound.poll()
        put(bound, item, "meanwhile.png")
        bound.run(within=LONG)
        assert [name for name, _ in here(item)] == ["before.png", "meanwhile.png"]
        bound.change(item, title="Goes on")
        bound.run(within=LONG)
        assert bound.jira.get(issue)["summary"] == "Goes on"
    finally:
        bound.jira.sim("POST", "settings", {"attachments": True})
    assert [name for name, _ in there(bound, issue)] == ["before.png"]


def test_one_way_only_ours_go_over(bound: Bound) -> None:
    item = bound.item()
    bound.bind(Rules(direction=Direction.ONE_WAY))
    issue = str(bound.link(item).issue_id)
    put(bound, item, "ours.png")
    bound.jira.attach(issue, "theirs.png", PNG)
    bound.poll()
    bound.run()
    assert [name for name, _ in here(item)] == ["ours.png"]
    assert sorted(name for name, _ in there(bound, issue)) == ["ours.png", "theirs.png"]


@pytest.mark.parametrize("side", ["here", "there"])
def test_deleted_on_one_side_it_goes_from_the_other(bound: Bound, side: str) -> None:
    item, issue = linked(bound)
    file = put(bound, item)
    bound.run()
    if side == "here":
        delete_attachment(file.pk, actor=bound.me)
        bound.run()
    else:
        bound.jira.ask(
            "DELETE", f"attachment/{bound.jira.files(issue)[0]['id']}", by=bound.jira.service
        )
        bound.poll()
    assert (here(item), there(bound, issue)) == ([], [])
    assert at_rest(bound, item)


def test_restored_here_it_hangs_there_again(bound: Bound) -> None:
    item, issue = linked(bound)
    file = put(bound, item)
    bound.run()
    delete_attachment(file.pk, actor=bound.me)
    bound.run()
    restore_attachment(file.pk, actor=bound.me)
    bound.run()
    assert there(bound, issue) == [("shot.png", PNG)]
    assert at_rest(bound, item)


def test_two_files_of_one_name_stay_two(bound: Bound) -> None:
    item, issue = linked(bound)
    put(bound, item, content=b"1")
    put(bound, item, content=b"2")
    bound.jira.attach(issue, "shot.png", b"3")
    bound.jira.attach(issue, "shot.png", b"3")
    bound.poll()
    bound.run()
    expected = [b"1", b"2", b"3", b"3"]
    assert sorted(content for _, content in here(item)) == expected
    assert sorted(content for _, content in there(bound, issue)) == expected
    doomed = next(it for it in bound.jira.files(issue) if bound.jira.content(it) == b"3")
    bound.jira.ask("DELETE", f"attachment/{doomed['id']}", by=bound.jira.service)
    bound.poll()
    assert sorted(content for _, content in here(item)) == [b"1", b"2", b"3"]


def test_replaced_while_it_was_sent(bound: Bound) -> None:
    """Another file of the same name: the first goes, the second comes, each by what it is."""
    item, issue = linked(bound)
    file = put(bound, item, content=b"first")
    bound.run()
    delete_attachment(file.pk, actor=bound.me)
    put(bound, item, content=b"second")
    bound.run()
    assert there(bound, issue) == [("shot.png", b"second")]
    assert at_rest(bound, item)


@pytest.mark.parametrize("fault", ["cut_before", "cut_after", "status_before", "status_after"])
def test_a_lost_answer_leaves_no_duplicate(bound: Bound, fault: str) -> None:
    item, issue = linked(bound)
    put(bound, item)
    match = {"method": "POST", "path": "*/attachments"}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": fault}])
    bound.run(within=LONG)
    assert there(bound, issue) == [("shot.png", PNG)]
    assert ChildLink.objects.filter(kind="attachment").count() == 1
    assert at_rest(bound, item)


def test_after_a_lost_answer_another_file_of_that_size_is_not_taken_for_it(bound: Bound) -> None:
    """Only the content tells: what a person attached meanwhile is theirs, and stays."""
    item, issue = linked(bound)
    put(bound, item, content=b"ours")
    match = {"method": "POST", "path": "*/attachments"}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": "cut_before"}])
    bound.run()
    bound.jira.attach(issue, "shot.png", b"hers")
    bound.run(within=LONG)
    assert sorted(there(bound, issue)) == [("shot.png", b"hers"), ("shot.png", b"ours")]
    assert sorted(here(item)) == [("shot.png", b"hers"), ("shot.png", b"ours")]


@pytest.mark.parametrize("fault", ["truncate", "cut_before", "status_before"])
def test_a_cut_download_never_counts_as_the_file(bound: Bound, fault: str) -> None:
    item, issue = linked(bound)
    bound.jira.attach(issue, "long.bin", b"x" * 100_000)
    path = "*/attachment/content/*" if bound.jira.is_cloud else "*/secure/attachment/*"
    bound.jira.sim("POST", "faults", [{"match": {"path": path}, "fault": fault, "times": 3}])
    bound.change(item, title="The rest goes on")
    bound.poll()
    assert here(item) == []
    assert bound.jira.get(issue)["summary"] == "The rest goes on"
    bound.run(within=LONG)
    assert here(item) == [("long.bin", b"x" * 100_000)]
    assert at_rest(bound, item)


def test_an_attachment_too_large_for_jira_is_held_and_the_rest_goes_on(bound: Bound) -> None:
    with most(bound, 1000):
        item, issue = linked(bound)
        put(bound, item, "large.bin", b"x" * 3000)
        put(bound, item, "small.bin", b"x")
        bound.change(item, title="Goes on")
        bound.run(within=LONG)
        assert there(bound, issue) == [("small.bin", b"x")]
        assert bound.jira.get(issue)["summary"] == "Goes on"
        hold = Hold.objects.get(released_at=None)
        (standing,) = standings_of(item).here.values()
        assert (standing.name, standing.state) == ("large.bin", "held")
        assert "large.bin has 2.9 KB; a file in this Jira has at most 1000 bytes" in hold.reason
        assert "POST /issue/{id}/attachments" not in {
            k for k, n in bound.jira.calls().items() if n > 1
        }
        put(bound, item, "more.bin", b"y")
        bound.run(within=LONG)
        assert len(there(bound, issue)) == 2
    retry(bound.owner, hold)
    bound.run(within=LONG)
    assert len(there(bound, issue)) == 3
    assert at_rest(bound, item)


def test_a_limit_that_fell_meanwhile_is_told_in_jiras_own_words(bound: Bound) -> None:
    item, issue = linked(bound)
    with most(bound, 1000):
        put(bound, item, "large.bin", b"x" * 3000)
        bound.run(within=LONG)
        assert there(bound, issue) == []
        assert bound.link(item).state == "held"


def test_an_attachment_too_large_for_us_is_not_even_fetched(bound: Bound) -> None:
    item, issue = linked(bound)
    with most(bound, 100 * MB):
        bound.jira.attach(issue, "film.mov", b"x" * (26 * MB))
    bound.jira.attach(issue, "note.txt", b"small")
    bound.jira.reset()
    bound.poll()
    assert here(item) == [("note.txt", b"small")]
    assert "film.mov has 26 MB; a file here has at most 25 MB" in Hold.objects.get().reason
    (standing,) = standings_of(item).only_there
    assert (standing.name, standing.state) == ("film.mov (26 MB)", "held")
    downloads = sum(n for k, n in bound.jira.calls().items() if "attachment" in k.lower())
    assert downloads == 1


def test_a_large_file_takes_little_memory(bound: Bound) -> None:
    """25 MB is what a file here has at most; the client alone is tried with more."""
    with most(bound, 100 * MB):
        item, issue = linked(bound)
        other, _ = linked_too(bound)
        bound.jira.attach(issue, "large.bin", b"x" * (25 * MB))
        attach(other.pk, keep_file("sent.bin", (b"y" * MB for _ in range(25))), actor=bound.me)
        tracemalloc.start()
        bound.poll()
        bound.run()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert Attachment.objects.get(work_item=item).size == 25 * MB
    assert bound.jira.files(str(bound.link(other).issue_id))[0]["size"] == 25 * MB
    assert peak < 12 * MB


def linked_too(bound: Bound) -> tuple[WorkItem, str]:
    """Another item in step."""
    item = bound.item("Another")
    bound.run()
    return item, str(bound.link(item).issue_id)


def own_connection(bound: Bound) -> Connection:
    """The owner's own way into the same site, as one of its people."""
    account, is_cloud = bound.jira.people[0], bound.jira.is_cloud
    made = connect(
        bound.owner,
        NewConnection(
            address=bound.jira.url,
            deployment=bound.jira.deployment,
            method=Method.API_TOKEN if is_cloud else Method.PAT,
            email=account.email if is_cloud else "",
            secret=account.api_token,
            kind=ConnectionKind.PERSONAL,
        ),
    )
    allow_writing_in_my_name(bound.owner, made, allowed=True)
    return made


@pytest.mark.parametrize("fault", ["", "cut_after"])
def test_it_goes_out_under_its_senders_own_name(bound: Bound, fault: str) -> None:
    own_connection(bound)
    item, issue = linked(bound)
    if fault:
        match = {"method": "POST", "path": "*/attachments"}
        bound.jira.sim("POST", "faults", [{"match": match, "fault": fault}])
    put(bound, item)
    bound.run(within=LONG)
    key = "accountId" if bound.jira.is_cloud else "key"
    senders = [it["author"][key] for it in bound.jira.files(issue)]
    assert senders == [bound.jira.people[0].account_id]


@pytest.mark.kill
@pytest.mark.timeout(600)
def test_killed_at_any_effect_nothing_is_there_twice_or_lost(bound: Bound) -> None:
    item, issue = linked(bound)
    effect = 0
    while True:
        effect += 1
        name, content = f"{effect}.png", f"here {effect}".encode()
        other = f"there {effect}".encode()
        file = put(bound, item, name, content)
        bound.change(item, description=f"![](attachment:{file.pk})")
        bound.jira.attach(issue, name, other)
        assert bound.binding is not None
        poll_now(bound.owner, bound.binding)
        died = killed_at(effect, lambda: bound.run(within=LONG))
        release_leases()
        bound.run(within=LONG)
        both = sorted([(name, content), (name, other)])
        assert sorted(it for it in here(item) if it[0] == name) == both, effect
        assert sorted(it for it in there(bound, issue) if it[0] == name) == both, effect
        if not died:
            break
    assert effect > 10
    assert at_rest(bound, item)
