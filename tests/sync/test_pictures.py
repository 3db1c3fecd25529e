"""Pictures and links of texts lead to the right file on both sides."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.crashes import crashing_behind
from helpers.filed import LONG, PNG, at_rest, linked, most, put
from helpers.jirasim import Jira, adf

from duolog.api.v1.journal import show_entry
from duolog.sync.binding.services import retry_all
from duolog.sync.models import JournalEntry
from duolog.sync.shown.filed import standings_of
from duolog.sync.shown.queries import inbox
from duolog.web.sync.comparing import compare_rows
from duolog.workplace.models import Attachment, WorkItem
from duolog.workplace.services import add_comment

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


def address(bound: Bound, file: dict[str, Any]) -> str:
    """How a text in Jira leads to a file of its issue."""
    if bound.jira.is_cloud:
        return f"{bound.jira.url}/rest/api/3/attachment/content/{file['id']}"
    return f"!{file['filename']}!"


def test_a_picture_in_a_new_item_leads_to_the_file_in_jira(bound: Bound) -> None:
    item = bound.item()
    file = put(bound, item)
    bound.change(item, description=f"Look:\n\n![A view](attachment:{file.pk})")
    bound.bind()
    bound.run(within=LONG)
    issue = str(bound.link(item).issue_id)
    description = str(bound.jira.get(issue)["description"])
    (sent,) = bound.jira.files(issue)
    assert address(bound, sent).strip("!") in description
    assert "attachment:" not in description
    assert at_rest(bound, item)
    item.refresh_from_db()
    assert item.description == f"Look:\n\n![A view](attachment:{file.pk})"


def test_file_and_text_added_at_once(bound: Bound) -> None:
    """The text is written after its files: one request each, and it leads to the right one."""
    item, issue = linked(bound)
    bound.jira.reset()
    one, two = put(bound, item, "a.png", b"1"), put(bound, item, "a.png", b"2")
    bound.change(item, description=f"![](attachment:{two.pk})\n\n[log](attachment:{one.pk})")
    add_comment(item.pk, f"![](attachment:{one.pk})", actor=bound.me)
    bound.run()
    ids = {bound.jira.content(it): str(it["id"]) for it in bound.jira.files(issue)}
    description = str(bound.jira.get(issue)["description"])
    assert description.index(f"/{ids[b'2']}") < description.index(f"/{ids[b'1']}")
    assert f"/{ids[b'1']}" in str(bound.jira.comments(issue)[0]["body"])
    assert at_rest(bound, item)


def test_a_picture_written_in_jira_leads_to_the_file_here(bound: Bound) -> None:
    issue = bound.jira.create("Born there")
    bound.jira.attach(issue, "shot.png", PNG)
    (sent,) = bound.jira.files(issue)
    if bound.jira.is_cloud:
        media = {"type": "media", "attrs": {"type": "external", "url": address(bound, sent)}}
        single = {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [media]}
        body: Any = {"type": "doc", "version": 1, "content": [single]}
    else:
        body = "!shot.png!"
    bound.jira.edit(issue, description=body)
    bound.bind()
    item = bound.item_of(issue)
    file = Attachment.objects.get(work_item=item)
    assert item.description == f"![](attachment:{file.pk})"
    assert at_rest(bound, item)
    bound.change(item, description=f"More\n\n![](attachment:{file.pk})")
    bound.run()
    assert address(bound, sent) in str(bound.jira.get(issue)["description"])
    assert at_rest(bound, item)


def test_a_picture_that_jira_does_not_take_leads_here(bound: Bound) -> None:
    with most(bound, 10):
        item, issue = linked(bound)
        file = put(bound, item)
        text = f"![](attachment:{file.pk})"
        bound.change(item, description=text)
        bound.run(within=LONG)
        assert f"/items/{item.key}/attachments/{file.pk}" in str(
            bound.jira.get(issue)["description"]
        )
        bound.poll()
        item.refresh_from_db()
        assert item.description == text
    retry_all(bound.owner, bound.link(item).binding)
    bound.run(within=LONG)
    (sent,) = bound.jira.files(issue)
    description = str(bound.jira.get(issue)["description"])
    assert address(bound, sent) in description, "the file is in Jira by now, and so it is led to"
    assert "/attachments/" + str(file.pk) not in description.replace(address(bound, sent), "")
    assert at_rest(bound, item)
    item.refresh_from_db()
    assert item.description == text


def led_here(bound: Bound, item: WorkItem, name: str) -> Attachment:
    """A file that Jira did not take, and will now: the text there leads to our page for it."""
    with most(bound, 10):
        file = put(bound, item, name)
        bound.change(item, description=f"![](attachment:{file.pk})")
        bound.run(within=LONG)
    assert f"/attachments/{file.pk}" in description_of(bound, item)
    retry_all(bound.owner, bound.link(item).binding)
    return file


def description_of(bound: Bound, item: WorkItem) -> str:
    return str(bound.jira.get(str(bound.link(item).issue_id))["description"])


def leads_there(bound: Bound, item: WorkItem, name: str) -> bool:
    issue = str(bound.link(item).issue_id)
    (sent,) = [it for it in bound.jira.files(issue) if it["filename"] == name]
    return address(bound, sent) in description_of(bound, item)


def test_after_a_crash_behind_the_file_the_text_is_led_to_it(bound: Bound) -> None:
    item, _ = linked(bound)
    for effect in itertools.count(1):
        name = f"shot{effect}.png"
        led_here(bound, item, name)
        crashed = crashing_behind("/attachments", effect, bound.run)
        bound.run(within=LONG)
        assert leads_there(bound, item, name)
        assert bound.link(item).state == "in_step"
        if not crashed:
            break
    assert effect > 3


def test_a_text_that_jira_did_not_take_at_once_is_led_to_the_file(bound: Bound) -> None:
    item, issue = linked(bound)
    file = led_here(bound, item, "shot.png")
    match = {"method": "PUT", "path": f"*/issue/{issue}"}
    bound.jira.sim("POST", "faults", [{"match": match, "fault": "status_before", "status": 503}])
    bound.run()
    assert standings_of(item).state_of(file.pk) == "due"
    bound.run(within=LONG)
    assert leads_there(bound, item, "shot.png")
    assert standings_of(item).state_of(file.pk) == "in_step"
    assert at_rest(bound, item)


def test_a_text_in_conflict_names_its_files(bound: Bound) -> None:
    item, issue = linked(bound)
    file = put(bound, item, "plan.png")
    bound.change(item, description=f"![](attachment:{file.pk})")
    bound.run(within=LONG)
    bound.change(item, description=f"Ours ![](attachment:{file.pk})")
    bound.jira.edit(issue, description=adf("Theirs") if bound.jira.is_cloud else "Theirs")
    bound.poll()
    (entry,) = inbox(bound.workplace)
    (row,) = compare_rows(entry)
    shown = f"{row.here.html}{row.own.value if row.own else ''}"
    assert "linked-file" not in shown
    assert "attachment:plan.png" in shown
    write = JournalEntry.objects.filter(link=entry.link, key="description").latest("pk")
    assert show_entry(write).after == "![](attachment:plan.png)"


def test_a_text_here_may_name_its_file(bound: Bound) -> None:
    item, issue = linked(bound)
    put(bound, item, "plan.png")
    text = "![](attachment:plan.png)\n\n![](attachment:none.png)"
    bound.change(item, description=text)
    bound.run(within=LONG)
    (sent,) = bound.jira.files(issue)
    assert address(bound, sent) in str(bound.jira.get(issue)["description"])
    assert at_rest(bound, item)
    item.refresh_from_db()
    assert item.description == text


def test_a_thumbnail_of_jiras_stays_as_it_is(bound: Bound) -> None:
    """What Markdown cannot say of a picture is locked, and kept to the letter."""
    if bound.jira.is_cloud:
        pytest.skip("said of wiki text; of media nodes see tests/core/markup/test_files.py")
    issue = bound.jira.create("Born there")
    bound.jira.attach(issue, "shot.png", PNG)
    bound.jira.edit(issue, description="!shot.png|thumbnail!")
    bound.bind()
    item = bound.item_of(issue)
    bound.change(item, description=f"More\n\n{item.description}")
    bound.run()
    assert bound.jira.get(issue)["description"] == "More\n\n!shot.png|thumbnail!"
    assert at_rest(bound, item)
