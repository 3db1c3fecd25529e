"""Undo of files, relations, properties and names in sets: both sides get back what was there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.filed import PNG, put
from helpers.filed import here as files_here
from helpers.filed import there as files_there
from helpers.jirasim import Jira

from duolog.people.errors import Outdated
from duolog.sync.models import JournalEntry
from duolog.sync.undo.writes import may_be_undone, undo_write
from duolog.workplace import queries
from duolog.workplace.models import Attachment, Reading, WorkItem
from duolog.workplace.services import (
    add_relation,
    create_property,
    delete_attachment,
    remove_relation,
    set_property,
)

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
FILE = [("shot.png", PNG)]


@pytest.fixture
def bound(jira: Jira, settings: Any, tmp_path: Any) -> Iterator[Bound]:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    with a_bound_team(jira) as bound:
        yield bound


def newest(kind: str) -> JournalEntry:
    """The newest write of a kind, which may be undone."""
    entry = JournalEntry.objects.filter(kind=kind).latest("pk")
    assert may_be_undone(entry)
    return entry


def undone(bound: Bound, kind: str, *items: WorkItem) -> None:
    """Undo the newest write of a kind; then all rests, and another look writes nothing."""
    undo_write(bound.owner, newest(kind))
    bound.run(within=120)
    written = JournalEntry.objects.count()
    bound.poll()
    bound.run(within=120)
    assert JournalEntry.objects.count() == written
    for item in items:
        assert bound.link(item).state == "in_step", bound.link(item).reason


def test_a_file_that_was_sent_goes_from_both_sides_and_comes_back(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    issue = str(bound.link(item).issue_id)
    put(bound, item)
    bound.run()
    assert files_there(bound, issue) == FILE
    undone(bound, "attachment", item)
    assert (files_here(item), files_there(bound, issue)) == ([], [])
    undone(bound, "attachment", item)
    assert (files_here(item), files_there(bound, issue)) == (FILE, FILE)


def test_a_file_that_was_deleted_comes_back_from_either_side(bound: Bound) -> None:
    item = bound.item()
    put(bound, item)
    bound.bind()
    issue = str(bound.link(item).issue_id)
    delete_attachment(Attachment.objects.get(work_item=item).pk, actor=bound.me)
    bound.run()
    assert files_there(bound, issue) == []
    undone(bound, "attachment", item)
    assert (files_here(item), files_there(bound, issue)) == (FILE, FILE)
    (file,) = bound.jira.files(issue)
    bound.jira.ask("DELETE", f"attachment/{file['id']}", by=bound.jira.service)
    bound.poll()
    assert files_here(item) == []
    undone(bound, "attachment", item)
    assert (files_here(item), files_there(bound, issue)) == (FILE, FILE)


def test_a_file_that_came_from_jira_goes_from_both_sides(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    issue = str(bound.link(item).issue_id)
    bound.jira.attach(issue, "shot.png", PNG, by=bound.jira.service)
    bound.poll()
    assert files_here(item) == FILE
    undone(bound, "attachment", item)
    assert (files_here(item), files_there(bound, issue)) == ([], [])


def related(bound: Bound, item: WorkItem) -> tuple[int, int]:
    """How many relations the item has here and there."""
    issue = bound.jira.get(str(bound.link(item).issue_id))
    return len(queries.list_related(item)), len(issue["issuelinks"])


def test_a_relation_goes_and_comes_back_at_both_ends(bound: Bound) -> None:
    one, two = bound.item("Pump"), bound.item("Valve")
    bound.bind()
    add_relation(one.pk, Reading.BLOCKS, two.pk, actor=bound.me)
    bound.run(within=60)
    assert related(bound, one) == related(bound, two) == (1, 1)
    undone(bound, "relation", one, two)
    assert related(bound, one) == related(bound, two) == (0, 0)
    undone(bound, "relation", one, two)
    assert related(bound, one) == related(bound, two) == (1, 1)


def test_a_relation_that_was_removed_comes_back(bound: Bound) -> None:
    one, two = bound.item("Pump"), bound.item("Valve")
    relation = add_relation(one.pk, Reading.BLOCKS, two.pk, actor=bound.me)
    bound.bind()
    bound.run(within=60)
    remove_relation(relation.pk, actor=bound.me)
    bound.run(within=60)
    assert related(bound, one) == (0, 0)
    undone(bound, "relation", one, two)
    assert related(bound, one) == related(bound, two) == (1, 1)
    issue = bound.jira.get(str(bound.link(two).issue_id))
    link_id = issue["issuelinks"][0]["id"]
    bound.jira.ask("DELETE", f"issueLink/{link_id}", by=bound.jira.service)
    bound.jira.edit(str(bound.link(one).issue_id), duedate="2027-01-01")
    bound.poll()
    assert related(bound, one) == (0, 0)
    undone(bound, "relation", one, two)
    assert related(bound, one) == related(bound, two) == (1, 1)


def test_a_property_gets_its_former_value_back(bound: Bound) -> None:
    row = create_property(bound.workplace, "Effort in days", "number", (), actor=bound.me)
    fields = bound.jira.ask("GET", "field", by=bound.jira.service)
    field = next(each["id"] for each in fields if each["name"] == "Effort in days")
    item = bound.item(properties={row.pk: 3})
    bound.bind()
    issue = str(bound.link(item).issue_id)

    def held() -> tuple[str | None, float | None]:
        value = item.property_values.filter(property=row).values_list("value", flat=True).first()
        return value, bound.jira.get(issue)[field]

    set_property(item.pk, row, 5, actor=bound.me)
    bound.run()
    assert held() == ("5", 5)
    undone(bound, "property", item)
    assert held() == ("3", 3)
    set_property(item.pk, row, None, actor=bound.me)
    bound.run()
    assert held() == (None, None)
    undone(bound, "property", item)
    assert held() == ("3", 3)
    bound.jira.edit(issue, **{field: 8})
    bound.poll()
    assert held() == ("8", 8)
    undone(bound, "property", item)
    assert held() == ("3", 3)


def test_a_name_in_a_set_goes_and_comes_back(bound: Bound) -> None:
    item = bound.item(labels=["kept"])
    bound.bind()
    issue = str(bound.link(item).issue_id)
    bound.change(item, labels=["kept", "new"])
    bound.run()
    undone(bound, "label", item)
    assert bound.jira.get(issue)["labels"] == ["kept"]
    bound.jira.edit(issue, labels=[])
    bound.poll()
    undone(bound, "label", item)
    assert bound.jira.get(issue)["labels"] == ["kept"]
    assert [label.name for label in item.labels.all()] == ["kept"]


def test_a_property_that_moved_on_is_not_put_back(bound: Bound) -> None:
    row = create_property(bound.workplace, "Effort in days", "number", (), actor=bound.me)
    item = bound.item(properties={row.pk: 3})
    bound.bind()
    set_property(item.pk, row, 5, actor=bound.me)
    bound.run()
    entry = newest("property")
    set_property(item.pk, row, 7, actor=bound.me)
    with pytest.raises(Outdated):
        undo_write(bound.owner, entry)
