"""A preview: nothing crosses before approval, what was approved is what runs, and nothing else."""

from __future__ import annotations

import pytest
from helpers.bound import Bound
from helpers.builders import a_team
from helpers.killed import STEP, killed_at

from duolog.core.lifecycle import OnDelete
from duolog.people.errors import Forbidden, Outdated
from duolog.sync.basis.scopes import FilterHere
from duolog.sync.binding.approval import approve, set_aside
from duolog.sync.binding.preview import begin_preview
from duolog.sync.binding.projects import ProjectWish, bind_project
from duolog.sync.binding.services import Rules, change_rules, pause
from duolog.sync.models import Binding, BindingState, Link, Preview, PreviewEntry
from duolog.work.queue import release_leases
from duolog.workplace.models import WorkItem
from duolog.workplace.services import move_to_team
from duolog.workplace.services.projects import create_project

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


def summaries(bound: Bound) -> list[str]:
    return sorted(i["fields"]["summary"] for i in bound.jira.issues(bound.jira.project_key))


def titles() -> list[str]:
    return sorted(WorkItem.objects.filter(deleted_at=None).values_list("title", flat=True))


def the_preview() -> Preview:
    return Preview.objects.latest("pk")


def entry(title: str) -> PreviewEntry:
    return PreviewEntry.objects.get(preview=the_preview(), title=title)


def prepared(bound: Bound) -> Preview:
    """A binding made to be previewed: two items here, one issue there."""
    bound.item("Ours", description="Some text", priority="high")
    bound.item("Ours too")
    bound.jira.create("Theirs")
    bound.bind(preview=True)
    return the_preview()


def test_before_approval_nothing_crosses_and_all_of_it_is_listed(bound: Bound) -> None:
    preview = prepared(bound)
    assert preview.state == "ready"
    told = [(e.act, e.title) for e in preview.entries.order_by("act", "title")]
    assert told == [
        ("create_issue", "Ours"),
        ("create_issue", "Ours too"),
        ("create_item", "Theirs"),
    ]
    assert ["remote", "field", "priority", {"absent": True}, "high"] in entry("Ours").changes
    assert (summaries(bound), titles()) == (["Theirs"], ["Ours", "Ours too"])
    bound.item("Made meanwhile")
    bound.jira.create("Made there meanwhile")
    bound.run(within=60)
    assert len(summaries(bound)) == 2
    assert len(titles()) == 3


def test_all_of_it_approved_is_all_of_it_done_and_the_binding_works(bound: Bound) -> None:
    approve(bound.owner, prepared(bound))
    bound.run(within=60)
    assert summaries(bound) == titles() == ["Ours", "Ours too", "Theirs"]
    assert the_preview().state == "done"
    assert Binding.objects.get().state == BindingState.ACTIVE
    bound.change(WorkItem.objects.get(title="Ours"), title="Ours, edited")
    bound.run()
    assert "Ours, edited" in summaries(bound)


def test_what_is_not_approved_stays_out_also_when_it_is_edited_later(bound: Bound) -> None:
    preview = prepared(bound)
    approve(bound.owner, preview, [entry("Ours").pk])
    bound.run(within=60)
    assert (summaries(bound), titles()) == (["Ours", "Theirs"], ["Ours", "Ours too"])
    left = preview.entries.filter(state="left_out").values_list("title", flat=True)
    assert sorted(left) == ["Ours too", "Theirs"]
    bound.change(WorkItem.objects.get(title="Ours too"), priority="urgent")
    theirs = next(i for i in bound.jira.issues(bound.jira.project_key) if "Theirs" in str(i))
    bound.jira.edit(theirs["id"], priority={"name": "High"})
    bound.run()
    bound.poll()
    assert (summaries(bound), titles()) == (["Ours", "Theirs"], ["Ours", "Ours too"])
    later = bound.item("Made later")
    bound.run(within=60)
    assert bound.link(later).state == "in_step", "but what is new follows"


def test_what_was_left_out_is_taken_in_later_and_offered_by_the_next_preview(bound: Bound) -> None:
    preview = prepared(bound)
    approve(bound.owner, preview, [])
    bound.run(within=60)
    approve(bound.owner, preview, [entry("Ours").pk])
    bound.run(within=60)
    assert summaries(bound) == ["Ours", "Theirs"]
    pause(bound.owner, Binding.objects.get())
    begin_preview(bound.owner, Binding.objects.get())
    bound.run()
    told = {e.title: e.state for e in the_preview().entries.all()}
    assert told == {"Ours too": "left_out", "Theirs": "left_out"}
    approve(bound.owner, the_preview(), [entry("Theirs").pk])
    bound.run(within=60)
    assert (summaries(bound), titles()) == (["Ours", "Theirs"], ["Ours", "Ours too", "Theirs"])


def test_only_what_the_filter_takes_is_previewed(bound: Bound) -> None:
    bound.item("A bug", type="bug")
    bound.item("A task")
    bound.bind(Rules(filter_here=FilterHere(types=("bug",))), preview=True)
    assert [e.title for e in the_preview().entries.all()] == ["A bug"]


def test_none_approved_begins_with_nothing(bound: Bound) -> None:
    approve(bound.owner, prepared(bound), [])
    bound.run(within=60)
    assert (summaries(bound), titles()) == (["Theirs"], ["Ours", "Ours too"])
    assert Binding.objects.get().state == BindingState.ACTIVE


def test_what_was_set_aside_is_not_among_all(bound: Bound) -> None:
    preview = prepared(bound)
    set_aside(bound.owner, preview, [entry("Ours too").pk], aside=True)
    approve(bound.owner, preview)
    bound.run(within=60)
    assert summaries(bound) == ["Ours", "Theirs"]


def test_an_item_that_changed_since_is_refused_and_made_again(bound: Bound) -> None:
    preview = prepared(bound)
    bound.change(WorkItem.objects.get(title="Ours"), title="Ours, changed")
    with pytest.raises(Outdated, match="One entry changed here"):
        approve(bound.owner, preview)
    assert entry("Ours, changed").state == "open"
    assert summaries(bound) == ["Theirs"]
    approve(bound.owner, preview)
    bound.run(within=60)
    assert summaries(bound) == ["Ours too", "Ours, changed", "Theirs"]


def test_an_issue_that_changed_since_waits_for_another_approval(bound: Bound) -> None:
    preview = prepared(bound)
    (theirs,) = bound.jira.issues(bound.jira.project_key)
    bound.jira.edit(theirs["id"], summary="Theirs, changed")
    approve(bound.owner, preview)
    bound.run(within=60)
    bound.poll()
    assert titles() == ["Ours", "Ours too"]
    again = entry("Theirs, changed")
    assert (again.state, "changed since" in again.why) == ("open", True)
    approve(bound.owner, the_preview())
    bound.run(within=60)
    assert titles() == ["Ours", "Ours too", "Theirs, changed"]
    assert the_preview().state == "done"


def test_under_other_rules_all_of_it_is_made_anew(bound: Bound) -> None:
    preview = prepared(bound)
    change_rules(bound.owner, Binding.objects.get(), Rules(on_delete_jira=OnDelete.DELETE))
    with pytest.raises(Outdated, match="rules or the mapping changed"):
        approve(bound.owner, preview)
    bound.run()
    anew = the_preview()
    assert (anew.pk != preview.pk, anew.state) == (True, "ready")
    preview.refresh_from_db()
    assert preview.state == "dropped"
    with pytest.raises(Outdated):
        approve(bound.owner, preview)
    approve(bound.owner, anew)
    bound.run(within=60)
    assert len(summaries(bound)) == 3


def paused_with_edits(bound: Bound) -> tuple[WorkItem, str]:
    """A binding that paused, then an item edited here and its issue edited there."""
    item = bound.item("As it was")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    pause(bound.owner, Binding.objects.get())
    bound.change(item, title="Ours")
    bound.jira.edit(issue, duedate="2027-03-01")
    bound.run()
    begin_preview(bound.owner, Binding.objects.get())
    bound.run()
    return item, issue


def test_a_paused_binding_shows_the_updates_both_ways(bound: Bound) -> None:
    _, issue = paused_with_edits(bound)
    (update,) = the_preview().entries.all()
    assert update.act == "update"
    assert sorted(update.changes) == [
        ["local", "field", "due_on", None, "2027-03-01"],
        ["remote", "field", "title", "As it was", "Ours"],
    ]
    assert bound.jira.get(issue)["summary"] == "As it was"
    approve(bound.owner, the_preview())
    bound.run(within=60)
    item = WorkItem.objects.get()
    assert (bound.jira.get(issue)["summary"], str(item.due_on)) == ("Ours", "2027-03-01")


def test_an_update_that_no_longer_fits_is_not_carried_out(bound: Bound) -> None:
    item, issue = paused_with_edits(bound)
    bound.jira.edit(issue, duedate="2027-04-04")
    approve(bound.owner, the_preview())
    bound.run(within=60)
    bound.poll()
    item.refresh_from_db()
    assert (bound.jira.get(issue)["summary"], item.due_on) == ("As it was", None)
    (again,) = the_preview().entries.all()
    assert (again.state, bound.link(item).left_out) == ("open", True)
    assert ["local", "field", "due_on", None, "2027-04-04"] in again.changes
    approve(bound.owner, the_preview())
    bound.run(within=60)
    item.refresh_from_db()
    assert (bound.jira.get(issue)["summary"], str(item.due_on)) == ("Ours", "2027-04-04")
    assert bound.link(item).state == "in_step"


def test_an_item_that_left_an_issue_there_is_previewed_with_that_issue(bound: Bound) -> None:
    item = bound.item("Left and joins")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    move_to_team(item.pk, a_team(bound.workplace, key_prefix="WEB"), actor=bound.me)
    bound.run(within=60)
    project = create_project(bound.workplace, "Autumn release", actor=bound.me)
    bound.change(item, project=project, title="Joined")
    wish = ProjectWish(bound.connection, bound.jira.project_key, preview=True)
    bind_project(bound.owner, project, wish)
    bound.run(within=60)
    (update,) = the_preview().entries.all()
    assert (update.act, update.issue_id) == ("update", issue)
    assert ["remote", "field", "title", "Left and joins", "Joined"] in update.changes
    assert summaries(bound) == ["Left and joins"]
    approve(bound.owner, the_preview())
    bound.run(within=60)
    assert summaries(bound) == ["Autumn release", "Joined"]


@pytest.mark.parametrize("is_made_first", [True, False], ids=["made before", "made after"])
def test_an_item_that_comes_back_during_a_preview_goes_on_with_its_issue(
    bound: Bound, is_made_first: bool
) -> None:
    item = bound.item("Goes and comes")
    binding = bound.bind()
    issue = str(bound.link(item).issue_id)
    move_to_team(item.pk, a_team(bound.workplace, key_prefix="WEB"), actor=bound.me)
    bound.run(within=60)
    pause(bound.owner, binding)
    begin_preview(bound.owner, binding)
    if is_made_first:
        bound.run(within=60)
    move_to_team(item.pk, bound.team, {"title": "Is back"}, actor=bound.me)
    bound.run(within=60)
    assert summaries(bound) == ["Goes and comes"]
    approve(bound.owner, the_preview())
    bound.run(within=60)
    assert bound.link(item).state == "in_step"
    assert (str(bound.link(item).issue_id), summaries(bound)) == (issue, ["Is back"])


def test_a_working_binding_is_not_previewed_and_approving_needs_the_right(bound: Bound) -> None:
    preview = prepared(bound)
    with pytest.raises(Forbidden):
        approve(bound.maya, preview)
    approve(bound.owner, preview)
    with pytest.raises(Outdated, match="not waiting"):
        approve(bound.owner, preview)
    bound.run(within=60)
    with pytest.raises(Outdated, match="Pause it first"):
        begin_preview(bound.owner, Binding.objects.get())


@pytest.mark.kill
@pytest.mark.timeout(900)
def test_what_was_approved_survives_a_kill_at_every_effect(bound: Bound) -> None:
    effect = 0
    while True:
        effect += STEP
        preview = prepared(bound)
        approve(bound.owner, preview, [entry("Ours").pk, entry("Theirs").pk])
        killed = killed_at(effect, bound.run)
        release_leases()
        bound.run(within=130)
        assert summaries(bound) == ["Ours", "Theirs"], effect
        assert titles() == ["Ours", "Ours too", "Theirs"]
        assert the_preview().state == "done"
        bound.jira.new_project()
        for rows in (Link.objects, WorkItem.objects, Binding.objects):
            rows.all().delete()
        if not killed:
            break
    assert effect > 20
