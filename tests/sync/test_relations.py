"""Relations here and issue links in Jira: both ends, both ways, linked now or later."""

from __future__ import annotations

import itertools
from functools import partial

import pytest
from helpers.bound import Bound
from helpers.builders import a_team, a_workplace, an_item
from helpers.interleaved import just_after

from duolog.jira.ways import ends_of
from duolog.people.errors import Invalid
from duolog.sync.binding.services import (
    Rules,
    Wish,
    bind_team,
    change_mapping,
    change_rules,
    retry_all,
    unlink,
)
from duolog.sync.inbox.settling import resolve_deletion
from duolog.sync.marks import COMPARE, INTERACTIVE, SWEEP, ask_to_look, mark_binding
from duolog.sync.models import BaseSlot, Binding, Link, LinkState
from duolog.workplace import queries
from duolog.workplace.models import Reading, Relation, WorkItem
from duolog.workplace.services import add_relation, add_relation_kind, delete_item, remove_relation

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]

WRITES = ("POST", "PUT", "DELETE")


def relate(bound: Bound, item: WorkItem, reading: Reading, other: WorkItem) -> Relation:
    return add_relation(item.pk, reading, other.pk, actor=bound.me)


def issue_of(bound: Bound, item: WorkItem) -> str:
    return str(bound.link(item).issue_id)


def here(item: WorkItem) -> list[tuple[str, str]]:
    return [(each.reading.value, each.other.title) for each in queries.list_related(item)]


def there(bound: Bound, issue: str) -> list[tuple[str, str]]:
    """The links of an issue as it tells them: the words, and the title of the other one."""
    told = []
    for link in bound.jira.get(issue)["issuelinks"]:
        side = "outward" if "outwardIssue" in link else "inward"
        told.append((link["type"][side], link[f"{side}Issue"]["fields"]["summary"]))
    return sorted(told)


def tie(bound: Bound, kind: str, source: str, target: str) -> None:
    """Link two issues in Jira, as a person: the source is told by the outward words."""
    body = {
        "type": {"name": kind},
        "inwardIssue": {"id": source},
        "outwardIssue": {"id": target},
    }
    bound.jira.ask("POST", "issueLink", body)


def untie(bound: Bound, issue: str) -> None:
    for link in bound.jira.get(issue)["issuelinks"]:
        bound.jira.ask("DELETE", f"issueLink/{link['id']}", by=bound.jira.service)


def writes(bound: Bound) -> dict[str, int]:
    return {call: n for call, n in bound.jira.calls().items() if call.startswith(WRITES)
            and "search" not in call and "fetch" not in call and "/comment/list" not in call}  # fmt: skip


def pair(bound: Bound) -> tuple[WorkItem, WorkItem, str, str]:
    """Two items in step, and their issues."""
    one, two = bound.item("Pump"), bound.item("Valve")
    bound.bind()
    return one, two, issue_of(bound, one), issue_of(bound, two)


def states(bound: Bound) -> set[str]:
    return set(Link.objects.filter(binding=bound.binding).values_list("state", flat=True))


def rest(bound: Bound) -> None:
    """Everything has come to rest: looking at all again writes nothing."""
    bound.jira.reset()
    bound.poll()
    ask_to_look(Link.objects.filter(binding=bound.binding).values_list("pk", flat=True))
    bound.run()
    assert writes(bound) == {}
    assert states(bound) == {"in_step"}


@pytest.mark.parametrize(
    ("reading", "told", "inverse"),
    [
        pytest.param(Reading.BLOCKS, "blocks", "is blocked by", id="blocks"),
        pytest.param(Reading.IS_BLOCKED_BY, "is blocked by", "blocks", id="is blocked by"),
        pytest.param(Reading.RELATES_TO, "relates to", "relates to", id="relates to"),
        pytest.param(Reading.DUPLICATES, "duplicates", "is duplicated by", id="duplicates"),
    ],
)
def test_a_relation_made_here_goes_there_with_one_write(
    bound: Bound, reading: Reading, told: str, inverse: str
) -> None:
    one, two, first, second = pair(bound)
    bound.jira.reset()
    relate(bound, one, reading, two)
    bound.run()
    assert sum(writes(bound).values()) == 1
    assert there(bound, first) == [(told, "Valve")]
    assert there(bound, second) == [(inverse, "Pump")]
    rest(bound)


def test_a_link_made_in_jira_comes_here_at_both_ends(bound: Bound) -> None:
    one, two, first, second = pair(bound)
    tie(bound, "Blocks", first, second)
    bound.poll()
    assert here(one) == [("blocks", "Valve")]
    assert here(two) == [("is_blocked_by", "Pump")]
    rest(bound)


def test_new_items_with_relations_are_linked_with_one_write_each(bound: Bound) -> None:
    items = [bound.item(f"Item {n}") for n in range(4)]
    for item, other in itertools.pairwise(items):
        relate(bound, item, Reading.BLOCKS, other)
    bound.bind()
    assert there(bound, issue_of(bound, items[1])) == [
        ("blocks", "Item 2"), ("is blocked by", "Item 0")]  # fmt: skip
    assert bound.jira.calls()[f"POST {bound.jira.rest}/issueLink"] == 3
    rest(bound)


def test_removed_on_either_side_it_is_gone_on_the_other(bound: Bound) -> None:
    one, two, first, second = pair(bound)
    made = relate(bound, one, Reading.BLOCKS, two)
    tie(bound, "Relates", second, first)
    bound.poll()
    assert there(bound, first) == [("blocks", "Valve"), ("relates to", "Valve")]
    assert here(two) == [("is_blocked_by", "Pump"), ("relates_to", "Pump")]
    remove_relation(made.pk, actor=bound.me)
    bound.run()
    assert there(bound, second) == [("relates to", "Pump")]
    untie(bound, second)
    bound.poll()
    assert (here(one), here(two)) == ([], [])
    rest(bound)


def test_the_same_link_made_on_both_sides_is_one(bound: Bound) -> None:
    one, two, first, second = pair(bound)
    tie(bound, "Blocks", first, second)
    relate(bound, two, Reading.IS_BLOCKED_BY, one)
    bound.run()
    bound.poll()
    assert len(bound.jira.get(first)["issuelinks"]) == 1
    assert here(one) == [("blocks", "Valve")]
    rest(bound)


def test_what_both_ends_tell_alike_and_create_at_once_is_one_link(bound: Bound) -> None:
    one, two, first, second = pair(bound)
    relate(bound, two, Reading.RELATES_TO, one)
    assert bound.binding is not None
    way = bound.binding.mapping["relations"]["out"]["relates_to"]
    assert ends_of(way, first, second) == ends_of(way, second, first)
    bound.run()
    assert len(bound.jira.get(first)["issuelinks"]) == 1
    rest(bound)


def test_an_item_that_is_linked_later_brings_its_relation_then(bound: Bound) -> None:
    one, _, first, _ = pair(bound)
    other_team = a_team(bound.workplace, name="Else", key_prefix="ELS")
    lonely = an_item(other_team, title="Elsewhere")
    relate(bound, one, Reading.BLOCKS, lonely)
    bound.run()
    assert there(bound, first) == []
    assert states(bound) == {"in_step"}
    bind_team(bound.owner, other_team, Wish(bound.connection, bound.jira.project_key))
    bound.run()
    bound.run(within=60)
    assert there(bound, first) == [("blocks", "Elsewhere")]


def test_a_link_to_an_issue_without_item_is_shown_and_becomes_a_relation(bound: Bound) -> None:
    one = bound.item("Pump")
    stranger = bound.jira.create("Stranger")
    bound.bind(Rules(direction="one_way"))
    first = issue_of(bound, one)
    tie(bound, "Blocks", stranger, first)
    bound.poll()
    link = bound.link(one)
    [shown] = link.outside_links.all()
    assert (shown.words, shown.issue_id) == ("is blocked by", stranger)
    assert link.state == "in_step"
    assert bound.binding is not None
    change_rules(bound.owner, bound.binding, Rules())
    bound.run()
    mark_binding(SWEEP, bound.binding)
    bound.run()
    assert here(one) == [("is_blocked_by", "Stranger")]
    assert not bound.link(one).outside_links.exists()


def test_a_kind_without_counterpart_stays_on_its_side_until_it_is_mapped(bound: Bound) -> None:
    one, two, first, second = pair(bound)
    tie(bound, "Cloners", second, first)
    bound.poll()
    assert here(one) == []
    assert [str(each.words) for each in bound.link(one).outside_links.all()] == ["is cloned by"]
    kind = add_relation_kind(bound.workplace, "clones", "is cloned by", actor=bound.me)
    relate(bound, one, kind.reading, two)
    bound.run()
    assert there(bound, first) == [("is cloned by", "Valve")]
    assert bound.binding is not None
    clones = next(c for c in bound.binding.project_meta["ways"] if c[1] == "clones")[0]
    told = {"clones": clones, "is_cloned_by": clones.replace(":out", ":in")}
    before = bound.binding.mapping["relations"]
    table = {
        "out": before["out"] | told,
        "in": before["in"] | {way: reading for reading, way in told.items()},
    }
    wrong = {"out": before["out"] | {"clones": clones}, "in": before["in"]}
    with pytest.raises(Invalid, match="other end"):
        change_mapping(bound.owner, bound.binding, {"relations": wrong})
    change_mapping(bound.owner, bound.binding, {"relations": table})
    bound.run()
    assert there(bound, first) == [("clones", "Valve"), ("is cloned by", "Valve")]
    assert not bound.link(one).outside_links.exists()


def test_an_end_that_is_unlinked_takes_no_relation_away(bound: Bound) -> None:
    one, two, first, _ = pair(bound)
    relate(bound, one, Reading.BLOCKS, two)
    bound.run()
    unlink(bound.owner, bound.link(two))
    bound.change(one, title="Another pump")
    bound.run()
    bound.poll()
    assert here(one) == [("blocks", "Valve")]
    assert there(bound, first) == [("blocks", "Valve")]
    assert not BaseSlot.objects.filter(link=bound.link(one), kind="relation").exists()


def test_an_issue_deleted_in_jira_takes_no_relation_here(bound: Bound) -> None:
    """The person who is asked about the deletion decides about the relation with it."""
    one, two, _, second = pair(bound)
    relate(bound, one, Reading.BLOCKS, two)
    bound.run()
    bound.jira.delete(second)
    ask_to_look([bound.link(one).pk])
    bound.run()
    bound.run()
    assert here(one) == [("blocks", "Valve")]
    assert bound.link(two).state == LinkState.HELD


def test_a_relation_to_an_item_whose_issue_is_gone_waits_until_it_has_one_again(
    bound: Bound,
) -> None:
    """Jira refuses it; but only the link whose issue is gone asks what is to follow."""
    one, two, first, second = pair(bound)
    relate(bound, one, Reading.BLOCKS, two)
    with just_after("GET", "/issue/" + first, partial(bound.jira.delete, second)):
        ask_to_look([bound.link(one).pk], priority=INTERACTIVE)
        bound.run()
    assert (bound.link(one).state, bound.link(two).state) == ("in_step", "held")
    assert "was deleted in Jira" in bound.link(two).reason
    assert "did not link" in bound.link(one).holds.exclude(released_at=None).get().reason
    resolve_deletion(bound.owner, bound.link(two).holds.get(), "restore")
    bound.run()
    assert there(bound, first) == [("blocks", "Valve")]
    assert states(bound) == {"in_step", "ended"}


def test_an_item_in_the_trash_takes_no_link_of_jira(bound: Bound) -> None:
    one, two, first, _ = pair(bound)
    relate(bound, one, Reading.BLOCKS, two)
    bound.run()
    delete_item(two.pk, actor=bound.me)
    bound.change(one, title="Another pump")
    bound.run()
    assert there(bound, first) == [("blocks", "Valve")]


def test_a_link_that_jira_refuses_is_held_and_says_what_to_do(bound: Bound) -> None:
    one, two, first, _ = pair(bound)
    path = f"{bound.jira.rest}/issueLink"
    fault = {"match": {"method": "POST", "path": path}, "fault": "status_before", "status": 404}
    bound.jira.sim("POST", "faults", [{**fault, "times": 2}])
    relate(bound, one, Reading.BLOCKS, two)
    bound.run()
    held = [bound.link(item) for item in (one, two) if bound.link(item).state == "held"]
    assert len(held) == 2
    assert "did not link the issues" in held[0].reason
    assert "may link issues" in held[0].holds.get().hint
    retry_all(bound.owner, held[0].binding)
    bound.run()
    assert there(bound, first) == [("blocks", "Valve")]
    rest(bound)


def test_a_binding_from_before_links_crossed_learns_of_them_by_night(bound: Bound) -> None:
    one, two, first, second = pair(bound)
    assert bound.binding is not None
    old = {key: it for key, it in bound.binding.project_meta.items() if key != "ways"}
    rows = Binding.objects.filter(pk=bound.binding.pk)
    rows.update(project_meta=old, mapping=bound.binding.mapping | {"relations": {}})
    relate(bound, one, Reading.BLOCKS, two)
    tie(bound, "Relates", first, second)
    bound.run()
    assert there(bound, first) == [("relates to", "Valve")]
    mark_binding(COMPARE, bound.binding)
    bound.run()
    assert there(bound, first) == [("blocks", "Valve"), ("relates to", "Valve")]
    assert here(two) == [("is_blocked_by", "Pump"), ("relates_to", "Pump")]


def test_a_link_removed_right_after_both_ends_met_it_at_once_does_not_come_back(
    bound: Bound,
) -> None:
    """The pass of one end finds that the other's has just written it: that it was there counts."""
    one, two, first, second = pair(bound)
    tie(bound, "Blocks", first, second)

    def meet_and_remove() -> None:
        ask_to_look([bound.link(two).pk])
        bound.run()
        assert here(one) == [("blocks", "Valve")]
        untie(bound, first)

    ask_to_look([bound.link(one).pk])
    with just_after("GET", f"/issue/{first}", meet_and_remove):
        bound.run()
    bound.poll()
    assert (here(one), there(bound, first)) == ([], [])
    rest(bound)


def test_items_of_another_workplace_are_no_other_ends(bound: Bound) -> None:
    """Two workplaces may keep projects of one site in step."""
    one, _, first, second = pair(bound)
    foreign = an_item(a_team(a_workplace("Beyond"), key_prefix="BEY"), title="Secret")
    Link.objects.filter(issue_id=second).update(work_item=foreign)
    tie(bound, "Blocks", first, second)
    ask_to_look([bound.link(one).pk])
    bound.run()
    assert here(one) == []
    [shown] = bound.link(one).outside_links.all()
    assert shown.issue_id == second


def test_a_lost_answer_makes_no_second_link(bound: Bound) -> None:
    one, two, first, second = pair(bound)
    path = f"{bound.jira.rest}/issueLink"
    fault = {"match": {"method": "POST", "path": path}, "fault": "cut_after", "times": 1}
    bound.jira.sim("POST", "faults", [fault])
    relate(bound, one, Reading.RELATES_TO, two)
    bound.run(within=120)
    assert len(bound.jira.get(first)["issuelinks"]) == 1
    assert there(bound, second) == [("relates to", "Pump")]
    rest(bound)
