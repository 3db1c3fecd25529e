"""Plain fields both ways: reporter, days, estimates, components, versions; and what Jira refuses."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.builders import a_member
from helpers.jirasim import Account, Jira

from duolog.sync.binding.services import change_mapping
from duolog.sync.inbox.settling import resolve
from duolog.sync.models import Conflict, Hold, JournalEntry, Link
from duolog.workplace.models import WorkItem
from duolog.workplace.queries import get_item

START = "customfield_10015"  # of the simulated Jira
EDIT = "PUT /rest/api/{}/issue/{{id}}"

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        for name in ("API", "Sales, EMEA", "Web"):
            a_component(jira, name)
        for name in ("1.0", "2.0"):
            a_version(jira, name)
        yield bound


def a_component(jira: Jira, name: str) -> None:
    """Have the project know a component of this name."""
    known = jira.ask("GET", f"project/{jira.project_key}/components", by=jira.service)
    if name not in {each["name"] for each in known}:
        body = {"name": name, "project": jira.project_key}
        jira.ask("POST", "component", body, by=jira.service)


def a_version(jira: Jira, name: str) -> None:
    """Have the project know a version of this name."""
    known = jira.ask("GET", f"project/{jira.project_key}/versions", by=jira.service)
    if name not in {each["name"] for each in known}:
        project = jira.ask("GET", f"project/{jira.project_key}", by=jira.service)
        body = {"name": name, "projectId": int(project["id"])}
        jira.ask("POST", "version", body, by=jira.service)


def stranger(jira: Jira) -> Account:
    """Somebody in Jira who is no member here."""
    return next(person for person in jira.people if person.name != "Maya Lind")


def a_former_account(jira: Jira) -> str:
    """Somebody whose account the site has closed."""
    query = "users/search" if jira.is_cloud else "user/search?username=lena&includeInactive=true"
    found = jira.ask("GET", query, by=jira.service)
    former = next(each for each in found if each["displayName"] == "Lena Fuchs")
    assert not former["active"]
    return str(former["accountId" if jira.is_cloud else "key"])


def there(bound: Bound, item: WorkItem) -> dict[str, Any]:
    """What the issue of an item holds, as short values."""
    fields = bound.jira.get(str(bound.link(item).issue_id))
    time = fields["timetracking"]
    return {
        "reporter": fields["reporter"]["displayName"] if fields["reporter"] else None,
        "start_on": fields[START],
        "due_on": fields["duedate"],
        "estimate_seconds": time.get("originalEstimateSeconds"),
        "remaining_seconds": time.get("remainingEstimateSeconds"),
        "components": sorted(each["name"] for each in fields["components"]),
        "fix_versions": sorted(each["name"] for each in fields["fixVersions"]),
    }


def here(item: WorkItem) -> dict[str, Any]:
    """What an item holds, as the same short values."""
    item = get_item(item.team.workplace, item.pk)
    return {
        "reporter": item.reporter.name if item.reporter else None,
        "start_on": item.start_on.isoformat() if item.start_on else None,
        "due_on": item.due_on.isoformat() if item.due_on else None,
        "estimate_seconds": item.estimate_seconds,
        "remaining_seconds": item.remaining_seconds,
        "components": sorted(each.name for each in item.components.all()),
        "fix_versions": sorted(each.name for each in item.fix_versions.all()),
    }


def is_in_step(bound: Bound, item: WorkItem) -> bool:
    link = bound.link(item)
    assert link.state == "in_step", (link.state, link.reason)
    ours, theirs = here(item), there(bound, item)
    if ours["reporter"] != "Maya Lind":  # nobody in Jira stands for the others
        theirs["reporter"] = ours["reporter"]
    return ours == theirs


WHOLE: dict[str, Any] = {
    "start_on": date(2027, 1, 4),
    "due_on": date(2027, 2, 1),
    "estimate_seconds": 4 * 3600,
    "remaining_seconds": 3600,
    "components": ["API", "Sales, EMEA"],
    "fix_versions": ["1.0"],
}


def test_every_field_of_an_item_is_born_with_its_issue(bound: Bound) -> None:
    item = bound.item(reporter=bound.maya, **WHOLE)
    bound.bind()
    assert there(bound, item) == {
        **WHOLE, "reporter": "Maya Lind", "start_on": "2027-01-04", "due_on": "2027-02-01",
    }  # fmt: skip
    assert is_in_step(bound, item)


def test_every_field_of_an_issue_becomes_the_items(bound: Bound) -> None:
    issue = bound.jira.create(
        "Theirs",
        duedate="2027-02-01",
        timetracking={"originalEstimate": "4h", "remainingEstimate": "1h"},
        components=[{"name": "Web"}],
        fixVersions=[{"name": "1.0"}, {"name": "2.0"}],
        **{START: "2027-01-04"},
    )
    bound.bind()
    item = bound.item_of(issue)
    assert here(item) == {
        **WHOLE, "reporter": "Maya Lind", "start_on": "2027-01-04", "due_on": "2027-02-01",
        "components": ["Web"], "fix_versions": ["1.0", "2.0"],
    }  # fmt: skip
    assert is_in_step(bound, item)


def test_all_fields_changed_here_cross_in_one_edit(bound: Bound) -> None:
    item = bound.item(**{**WHOLE, "reporter": bound.maya})
    bound.bind()
    bound.jira.reset()
    bound.change(
        item,
        start_on="2027-01-05",
        due_on=None,
        estimate_seconds=8 * 3600,
        remaining_seconds=7 * 3600,
        components=["API", "Web"],
        fix_versions=[],
    )
    bound.run()
    assert bound.jira.calls()[EDIT.format(3 if bound.jira.is_cloud else 2)] == 1
    assert there(bound, item)["components"] == ["API", "Web"]
    assert there(bound, item)["estimate_seconds"] == 8 * 3600
    assert is_in_step(bound, item)


def test_all_fields_changed_there_cross(bound: Bound) -> None:
    item = bound.item(**{**WHOLE, "reporter": bound.maya})
    bound.bind()
    bound.jira.edit(
        str(bound.link(item).issue_id),
        reporter=stranger(bound.jira).named,
        duedate=None,
        timetracking={"remainingEstimate": "30m"},
        components=[],
        fixVersions=[{"name": "2.0"}],
        **{START: None},
    )
    bound.poll()
    assert here(item) == {
        "reporter": "Maya Lind", "start_on": None, "due_on": None,
        "estimate_seconds": 4 * 3600, "remaining_seconds": 1800,
        "components": [], "fix_versions": ["2.0"],
    }  # fmt: skip
    assert bound.link(item).state == "in_step", bound.link(item).reason


def test_sets_changed_on_both_sides_at_once_merge_name_by_name(bound: Bound) -> None:
    item = bound.item(components=["API"], fix_versions=["1.0"])
    bound.bind()
    issue = str(bound.link(item).issue_id)
    bound.change(item, components=["API", "Web"], fix_versions=[])
    bound.jira.edit(
        issue, components=[{"name": "Sales, EMEA"}], fixVersions=[{"name": "1.0"}, {"name": "2.0"}]
    )
    bound.poll()
    assert here(item)["components"] == ["Sales, EMEA", "Web"]
    assert here(item)["fix_versions"] == ["2.0"]
    assert is_in_step(bound, item)


def test_a_field_changed_on_both_sides_at_once_is_a_conflict_of_that_field_alone(
    bound: Bound,
) -> None:
    item = bound.item(**WHOLE)
    bound.bind()
    bound.change(item, start_on="2027-03-01", estimate_seconds=5 * 3600)
    bound.jira.edit(
        str(bound.link(item).issue_id),
        timetracking={"remainingEstimate": "2h"},
        **{START: "2027-04-01"},
    )
    bound.poll()
    conflict = Conflict.objects.get(link=bound.link(item), settled_at=None)
    assert conflict.key == "start_on"
    assert there(bound, item)["estimate_seconds"] == 5 * 3600
    assert here(item)["remaining_seconds"] == 2 * 3600
    resolve(bound.owner, bound.link(item), {"start_on": "jira"})
    bound.run()
    assert here(item)["start_on"] == "2027-04-01"
    assert is_in_step(bound, item)


def test_an_estimate_here_is_what_remains_there_and_work_there_lowers_it_here(
    bound: Bound,
) -> None:
    item = bound.item()
    bound.bind()
    bound.change(item, estimate_seconds=5400)
    bound.run()
    assert is_in_step(bound, item)
    assert there(bound, item)["remaining_seconds"] == 5400
    bound.change(item, estimate_seconds=7200)
    issue = bound.link(item).issue_id
    work = {"timeSpentSeconds": 1800, "started": "2027-01-05T09:00:00.000+0000"}
    bound.jira.ask("POST", f"issue/{issue}/worklog", work)
    bound.poll()
    assert here(item)["estimate_seconds"] == 7200
    assert here(item)["remaining_seconds"] == 3600
    assert is_in_step(bound, item)


def test_seconds_that_jira_does_not_keep_are_no_difference(bound: Bound) -> None:
    item = bound.item(estimate_seconds=119)
    bound.bind()
    assert bound.link(item).state == "in_step", bound.link(item).reason
    bound.poll()
    assert here(item)["estimate_seconds"] == 119


def test_an_estimate_cleared_here_is_0m_in_jira_which_has_no_way_to_clear_one(bound: Bound) -> None:
    item = bound.item(estimate_seconds=3600)
    bound.bind()
    bound.change(item, estimate_seconds=None, remaining_seconds=None, title="Cleared")
    bound.run()
    assert bound.link(item).state == "in_step", bound.link(item).reason
    told = there(bound, item)
    assert (told["estimate_seconds"], told["remaining_seconds"]) == (0, 0)
    written = JournalEntry.objects.count()
    bound.poll()
    assert JournalEntry.objects.count() == written, "none here and 0m there are the same"
    assert (here(item)["estimate_seconds"], here(item)["remaining_seconds"]) == (None, None)
    bound.jira.edit(str(bound.link(item).issue_id), timetracking={"originalEstimate": "2h"})
    bound.poll()
    bound.change(item, remaining_seconds=1800)
    bound.run()
    assert is_in_step(bound, item)


def test_a_component_that_jira_does_not_know_is_held_by_itself(bound: Bound) -> None:
    item = bound.item("Before", components=["API"])
    bound.bind()
    bound.change(item, title="After", components=["API", "Web", "Nowhere"])
    bound.run()
    hold = the_hold(bound, item)
    assert (hold.slot_kind, hold.slot_key) == ("component", "Nowhere")
    assert "Create the component “Nowhere” in Jira" in hold.hint
    assert there(bound, item)["components"] == ["API", "Web"]
    assert bound.jira.get(str(bound.link(item).issue_id))["summary"] == "After"
    bound.change(item, components=["API", "Web"])
    bound.run()
    assert is_in_step(bound, item)


def test_what_jira_refuses_of_a_new_issue_does_not_keep_it_from_being_made(bound: Bound) -> None:
    item = bound.item("Made all the same", components=["API", "Nowhere"], fix_versions=["9.9"])
    other = bound.item("Another")
    bound.bind()
    assert Link.objects.filter(work_item=item).count() == 1
    assert there(bound, item)["components"] == ["API"]
    held = Hold.objects.filter(link=bound.link(item), released_at=None)
    assert {(hold.slot_kind, hold.slot_key) for hold in held} == {
        ("component", "Nowhere"),
        ("version", "9.9"),
    }
    assert bound.link(item).state == "held"
    assert bound.link(other).state == "in_step"
    titles = [issue["fields"]["summary"] for issue in bound.jira.issues(bound.jira.project_key)]
    assert sorted(titles) == ["Another", "Made all the same"]
    bound.change(item, components=["API"], fix_versions=[])
    bound.run()
    assert is_in_step(bound, item)


def test_who_reported_is_quiet_where_nobody_there_stands_for_them(bound: Bound) -> None:
    ours = bound.item("Ours")
    theirs = bound.jira.create("Theirs", reporter=stranger(bound.jira).named)
    bound.bind()
    assert bound.link(ours).state == "in_step", bound.link(ours).reason
    item = bound.item_of(theirs)
    assert bound.link(item).state == "in_step", bound.link(item).reason
    assert here(item)["reporter"] is None
    bound.change(item, reporter=bound.maya)
    bound.run()
    assert there(bound, item)["reporter"] == "Maya Lind"
    assert is_in_step(bound, item)


def test_a_reporter_that_jira_does_not_let_us_set_blocks_nothing(bound: Bound) -> None:
    bound.bind()
    with nobody_sets_reporters(bound.jira):
        item = bound.item("Made all the same", reporter=bound.maya)
        bound.run()
        assert bound.link(item).issue_id
        assert the_hold(bound, item).slot_key == "reporter"
        assert there(bound, item)["reporter"] != "Maya Lind"


def test_where_reporters_cannot_be_set_theirs_cross_and_ours_stay(bound: Bound) -> None:
    with nobody_sets_reporters(bound.jira):
        item = bound.item("Ours", reporter=bound.maya)
        issue = bound.jira.create("Theirs")
        bound.bind()
    assert bound.link(item).state == "in_step", bound.link(item).reason
    assert here(bound.item_of(issue))["reporter"] == "Maya Lind"
    bound.jira.edit(str(bound.link(item).issue_id), reporter=bound.jira.people[0].named)
    bound.poll()
    assert is_in_step(bound, item)
    bound.change(item, reporter=bound.owner)
    bound.run()
    assert bound.link(item).state == "differs"
    assert there(bound, item)["reporter"] == "Maya Lind"


def test_a_title_that_looks_like_a_name_of_ours_is_a_title(bound: Bound) -> None:
    item = bound.item("jira: mend the import")
    bound.bind()
    issue = str(bound.link(item).issue_id)
    assert bound.jira.get(issue)["summary"] == "jira: mend the import"
    bound.jira.edit(issue, summary="duolog: mend the export")
    bound.poll()
    item.refresh_from_db()
    assert item.title == "duolog: mend the export"
    assert is_in_step(bound, item)


@pytest.mark.parametrize("who", ["unknown", "inactive"])
def test_an_unknown_or_inactive_user_never_clears_the_assignee(bound: Bound, who: str) -> None:
    item = bound.item("Kept", assignee=bound.maya)
    binding = bound.bind()
    other = a_member(bound.workplace, name="Frank Former")
    account = a_former_account(bound.jira) if who == "inactive" else "0000:nobody"
    nobody = {"out": {str(other.pk): account}, "in": {account: str(other.pk)}}
    users = binding.mapping["users"]
    change_mapping(
        bound.owner, binding, {"users": {way: users[way] | nobody[way] for way in ("out", "in")}}
    )
    bound.change(item, assignee=other, title="Still kept")
    bound.run()
    issue = bound.jira.get(str(bound.link(item).issue_id))
    assert issue["assignee"]["displayName"] == "Maya Lind"
    assert issue["summary"] == "Still kept"
    item.refresh_from_db()
    assert item.assignee == other
    assert the_hold(bound, item).slot_key == "assignee"
    born = bound.item("Made all the same", assignee=other)
    bound.run()
    assert bound.jira.get(str(bound.link(born).issue_id))["summary"] == "Made all the same"
    assert the_hold(bound, born).slot_key == "assignee"


def the_hold(bound: Bound, item: WorkItem) -> Hold:
    return Hold.objects.get(link=bound.link(item), released_at=None)


@contextlib.contextmanager
def nobody_sets_reporters(jira: Jira) -> Iterator[None]:
    """Without the right to change reporters, for the length of the block."""
    path = f"project/{jira.project_key}/permissionscheme"
    scheme = jira.ask("GET", path, by=jira.service)["id"]
    grants = jira.ask("GET", f"permissionscheme/{scheme}/permission", by=jira.service)
    mine = [each for each in grants["permissions"] if each["permission"] == "MODIFY_REPORTER"]
    for grant in mine:
        jira.ask("DELETE", f"permissionscheme/{scheme}/permission/{grant['id']}", by=jira.service)
    try:
        yield
    finally:
        for grant in mine:
            body = {"holder": grant["holder"], "permission": grant["permission"]}
            jira.ask("POST", f"permissionscheme/{scheme}/permission", body, by=jira.service)
