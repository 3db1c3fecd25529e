"""What the demo holds can be made: names lead somewhere, and nothing is said of nobody."""

from collections.abc import Iterator
from datetime import time
from itertools import pairwise

import pytest

from duolog.core.durations import parse_minutes
from duolog.demo.content import fernhill, platform
from duolog.demo.content.draft import Crew, Draft, Remark, Stint
from duolog.workplace.models import Priority, WorkItemType

STATUSES = {"Backlog", "To do", "In progress", "In review", "Done", "Canceled"}
PEOPLE = {person.login for person in fernhill.PEOPLE}
DRAFTS = [
    pytest.param(crew, draft, id=draft.title[:60])
    for crew in fernhill.CREWS
    for draft in crew.drafts
]


def everything(remarks: tuple[Remark, ...]) -> Iterator[Remark]:
    for remark in remarks:
        yield remark
        yield from everything(remark.answers)


def test_it_is_as_large_as_promised() -> None:
    assert len(fernhill.CREWS) == 3
    assert len(DRAFTS) == 60


@pytest.mark.parametrize(("crew", "draft"), DRAFTS)
def test_an_item_names_only_what_there_is(crew: Crew, draft: Draft) -> None:
    before = crew.drafts[: crew.drafts.index(draft)]
    assert draft.under in {"", *(one.name for one in before)}
    assert draft.status in STATUSES
    assert draft.type in WorkItemType.values
    assert draft.priority in Priority.values
    assert {draft.assignee, draft.reporter} <= {"", *PEOPLE}
    assert draft.project in {"", *(project.name for project in fernhill.PROJECTS)}
    assert {remark.by for remark in everything(draft.remarks)} <= PEOPLE


@pytest.mark.parametrize(("crew", "draft"), DRAFTS)
def test_no_two_remarks_of_an_item_are_the_same(crew: Crew, draft: Draft) -> None:
    texts = [remark.text for remark in everything(draft.remarks)]
    assert len(texts) == len(set(texts)), "an answer finds its remark by the text"


def test_jira_will_refuse_exactly_one_title() -> None:
    too_long = [draft.title for draft in platform.DRAFTS if len(draft.title) > 255]
    assert too_long == [platform.TOO_LONG]


def test_time_is_logged_on_items_that_reach_jira_and_no_two_stints_overlap() -> None:
    titles = {draft.title for draft in platform.DRAFTS} - {platform.TOO_LONG}
    assert {stint.on for stint in platform.STINTS} <= titles
    spans = sorted((stint.back, minute_of(stint), stint.spent) for stint in platform.STINTS)
    for (back, minute, spent), (next_back, next_minute, _) in pairwise(spans):
        assert back < next_back or minute + parse_minutes(spent) <= next_minute


def minute_of(stint: Stint) -> int:
    at = time.fromisoformat(stint.at)
    return at.hour * 60 + at.minute


def test_what_is_contested_exists_once() -> None:
    assert [d.title for d in platform.DRAFTS].count(platform.CONTESTED) == 1
