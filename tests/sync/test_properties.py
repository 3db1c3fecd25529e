"""Properties and Jira's custom fields: paired by name, each kind both ways, nothing unknown lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from helpers.bound import Bound, a_bound_team
from helpers.jirasim import Jira, adf
from helpers.own_fields import PLUGIN, fields_of, make_fields

from duolog.core.markup import markdown_from_adf
from duolog.people.errors import Invalid
from duolog.sync.basis.own_properties import list_offers
from duolog.sync.binding.services import change_mapping, propose_binding
from duolog.sync.inbox.settling import resolve
from duolog.sync.models import Conflict
from duolog.workplace import services
from duolog.workplace.models import Property, WorkItem
from duolog.workplace.property_values import held_by, show_value
from duolog.workplace.queries import get_item

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]
KINDS = {
    "Effort in days": "number",
    "Platforms": "multi_select",
    "Impact": "select",
    "Checks": "checkbox",
    "Tester": "member",
    "Design page": "url",
    "Customer": "text",
    "Go-live": "date",
    "Notes": "paragraph",
    "Seen at": "date_time",
    "Region": "select",
    "Approvers": "members",
    "Owning group": "text",
    "Target version": "text",
    "Tested versions": "multi_select",
    "Informed groups": "list",
    "Keywords": "list",
    "Related project": "select",
}
OPTIONS = {
    "Platforms": ("web", "iOS", "Kiosk"),
    "Impact": ("Small", "Large"),
    "Region": ("Europe / Berlin", "Asia"),
    "Tested versions": ("1.0", "2.0"),
    "Related project": ("Fernhill Platform",),
}


@pytest.fixture
def bound(jira: Jira) -> Iterator[Bound]:
    with a_bound_team(jira) as bound:
        for name in ("1.0", "2.0"):
            a_version(jira, name)
        make_fields(jira)
        for name, kind in KINDS.items():
            services.create_property(
                bound.workplace, name, kind, OPTIONS.get(name, ()), actor=bound.me
            )
        yield bound


def a_version(jira: Jira, name: str) -> None:
    """Have the project know a version of this name."""
    if name not in {each["name"] for each in versions_of(jira)}:
        body = {"name": name, "projectId": int(known_id(jira))}
        jira.ask("POST", "version", body, by=jira.service)


def versions_of(jira: Jira) -> list[Any]:
    """The versions that the project knows."""
    found: list[Any] = jira.ask("GET", f"project/{jira.project_key}/versions", by=jira.service)
    return found


def known_id(jira: Jira) -> str:
    """The id of the project."""
    return str(jira.ask("GET", f"project/{jira.project_key}", by=jira.service)["id"])


def named(bound: Bound, name: str) -> Property:
    return Property.objects.get(workplace=bound.workplace, name=name)


def hold(bound: Bound, item: WorkItem, **values: object) -> None:
    """Have the item hold these values; `_` in a name stands for a blank."""
    asked = {named(bound, name.replace("_", " ")).pk: value for name, value in values.items()}
    services.update_item(item.pk, {"properties": asked}, actor=bound.me)


def here(item: WorkItem) -> dict[str, Any]:
    """What an item holds, options by their names."""
    item = get_item(item.team.workplace, item.pk)
    held: dict[str, Any] = {}
    for row, text in held_by(item).items():
        value = show_value(row, text)
        names = row.option_names
        if isinstance(value, list):
            value = [names.get(each, each) for each in value]
        held[row.name] = names.get(value, value) if isinstance(value, str) else value
    return held


def there(bound: Bound, item: WorkItem) -> dict[str, Any]:
    """What the issue holds in the same fields, as short values."""
    found = bound.jira.get(str(bound.link(item).issue_id))
    ids = fields_of(bound.jira)
    held = {name: _short(found[ids[name]]) for name in KINDS}
    return {name: value for name, value in held.items() if value not in (None, [])}


def _short(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(_short(each) for each in value)
    if not isinstance(value, dict):
        return value
    if "content" in value:
        return markdown_from_adf(value)
    if "child" in value:
        return f"{value['value']} / {value['child']['value']}"
    return value.get("value") or value.get("displayName") or value["name"]


WHOLE = {
    "Effort_in_days": 2.5, "Platforms": ["web", "iOS"], "Impact": "Large", "Checks": True,
    "Design_page": "https://design.example/1", "Customer": "jira: the customer",
    "Notes": "Said **twice**.\n\nAnd more.", "Seen_at": "2027-03-01T09:30Z",
    "Region": "Europe / Berlin", "Owning_group": "jira-administrators", "Target_version": "2.0",
    "Tested_versions": ["1.0", "2.0"], "Informed_groups": ["jira-administrators"],
    "Keywords": ["red team", "blue"], "Related_project": "Fernhill Platform",
}  # fmt: skip
AS_THERE = {
    "Effort in days": 2.5, "Platforms": ["Web", "iOS"], "Impact": "Large", "Checks": ["Reviewed"],
    "Design page": "https://design.example/1", "Customer": "jira: the customer",
    "Tester": "Maya Lind", "Go-live": "2027-03-01", "Approvers": ["Maya Lind"],
    "Region": "Europe / Berlin", "Owning group": "jira-administrators", "Target version": "2.0",
    "Tested versions": ["1.0", "2.0"], "Informed groups": ["jira-administrators"],
    "Keywords": ["blue", "red-team"], "Related project": "Fernhill Platform",
}  # fmt: skip
WRITTEN = {"cloud": "Said **twice**.\n\nAnd more.", "server": "Said *twice*.\n\nAnd more."}


def as_there(bound: Bound) -> dict[str, Any]:
    """`WHOLE` as Jira holds it."""
    held = there(bound, WorkItem.objects.get())
    seen = datetime.fromisoformat(held.pop("Seen at"))
    assert seen == datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
    assert held.pop("Notes").strip() == WRITTEN[bound.jira.deployment]
    return held


def people(bound: Bound) -> dict[str, object]:
    """Who stands in the fields for people."""
    return {"Tester": bound.maya, "Approvers": [bound.maya], "Go-live": "2027-03-01"}


def test_each_kind_is_born_with_the_issue(bound: Bound) -> None:
    item = bound.item()
    hold(bound, item, **WHOLE, **people(bound))
    bound.bind()
    assert as_there(bound) == AS_THERE
    assert bound.link(item).state == "in_step", bound.link(item).reason


def test_each_kind_is_changed_here_and_cleared_here(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    hold(bound, item, **WHOLE, **people(bound))
    bound.run()
    assert as_there(bound) == AS_THERE
    hold(bound, item, **dict.fromkeys(name.replace(" ", "_") for name in KINDS))
    bound.run()
    assert there(bound, item) == {}
    assert bound.link(item).state == "in_step", bound.link(item).reason


def test_each_kind_is_changed_there_and_cleared_there(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    issue, ids = str(bound.link(item).issue_id), fields_of(bound.jira)
    values: dict[str, Any] = {
        "Effort in days": 3, "Platforms": [{"value": "iOS"}], "Impact": {"value": "Small"},
        "Checks": [{"value": "Documented"}, {"value": "Reviewed"}],
        "Tester": bound.jira.people[0].named, "Design page": "https://design.example/2",
        "Customer": "Acme", "Go-live": "2027-04-01", "Seen at": "2027-03-01T10:30:00.000+0100",
        "Region": {"value": "Asia"}, "Approvers": [bound.jira.people[0].named],
        "Owning group": {"name": "jira-administrators"}, "Target version": {"name": "1.0"},
        "Tested versions": [{"name": "2.0"}], "Related project": {"key": "FHP"},
        "Keywords": ["green", "amber"], "Informed groups": [{"name": "jira-administrators"}],
        "Notes": adf("From Jira.") if bound.jira.is_cloud else "From Jira.",
    }  # fmt: skip
    bound.jira.edit(issue, **{ids[name]: value for name, value in values.items()})
    bound.poll()
    assert here(item) == {
        "Effort in days": 3, "Platforms": ["iOS"], "Impact": "Small", "Checks": True,
        "Tester": str(bound.maya.pk), "Design page": "https://design.example/2",
        "Customer": "Acme", "Go-live": "2027-04-01", "Seen at": "2027-03-01T09:30:00Z",
        "Region": "Asia", "Approvers": [str(bound.maya.pk)],
        "Owning group": "jira-administrators", "Target version": "1.0",
        "Tested versions": ["2.0"], "Notes": "From Jira.", "Related project": "Fernhill Platform",
        "Keywords": ["amber", "green"], "Informed groups": ["jira-administrators"],
    }  # fmt: skip
    assert bound.link(item).state == "in_step", bound.link(item).reason
    bound.jira.edit(issue, **{ids[name]: None for name in values})
    bound.poll()
    assert here(item) == {}
    assert bound.link(item).state == "in_step", bound.link(item).reason


def test_options_that_nothing_here_stands_for_stay_in_jira(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    issue, ids = str(bound.link(item).issue_id), fields_of(bound.jira)
    checks = [{"value": "Reviewed"}, {"value": "Documented"}]
    bound.jira.edit(
        issue,
        **{ids["Platforms"]: [{"value": "Web"}, {"value": "Android"}], ids["Checks"]: checks},
    )
    bound.poll()
    assert here(item) == {"Checks": True}
    assert bound.link(item).state == "differs"
    hold(bound, item, Platforms=["iOS"], Checks=None)
    bound.run()
    assert bound.link(item).state == "conflict"
    resolve(bound.owner, bound.link(item), {f"property/{named(bound, 'Platforms').pk}": "here"})
    bound.run()
    assert there(bound, item) == {"Platforms": ["Android", "iOS"], "Checks": ["Documented"]}


def test_an_option_that_jira_has_not_stays_here_and_differs(bound: Bound) -> None:
    item = bound.item()
    hold(bound, item, Platforms=["Kiosk"])
    bound.bind()
    assert there(bound, item) == {}
    assert here(item) == {"Platforms": ["Kiosk"]}
    link = bound.link(item)
    assert (link.state, link.reason) == ("differs", "Not the same on both sides: platforms.")


def test_the_same_property_changed_on_both_sides_is_a_conflict(bound: Bound) -> None:
    item = bound.item()
    hold(bound, item, Customer="Acme")
    bound.bind()
    hold(bound, item, Customer="Acme & Sons")
    issue = str(bound.link(item).issue_id)
    bound.jira.edit(issue, **{fields_of(bound.jira)["Customer"]: "Acme Inc."})
    bound.poll()
    conflict = Conflict.objects.get(link=bound.link(item), settled_at=None)
    assert (conflict.kind, conflict.key) == ("property", str(named(bound, "Customer").pk))
    assert bound.link(item).reason == "Both sides changed: customer."


def test_paragraphs_of_a_property_changed_on_both_sides_are_merged(bound: Bound) -> None:
    item = bound.item()
    hold(bound, item, Notes="First.\n\nSecond.")
    bound.bind()
    hold(bound, item, Notes="First, here.\n\nSecond.")
    text = bound.jira.text("First.", "Second, there.")
    bound.jira.edit(str(bound.link(item).issue_id), **{fields_of(bound.jira)["Notes"]: text})
    bound.poll()
    bound.run(within=60)
    assert here(item) == {"Notes": "First, here.\n\nSecond, there."}
    assert there(bound, item)["Notes"].strip() == "First, here.\n\nSecond, there."
    assert bound.link(item).state == "in_step", bound.link(item).reason
    (told,) = Conflict.objects.filter(link=bound.link(item))
    assert told.winner == "merged"


def test_sets_changed_on_both_sides_are_merged_member_by_member(bound: Bound) -> None:
    item = bound.item()
    hold(bound, item, Tested_versions=["1.0"], Keywords=["blue", "red"])
    bound.bind()
    hold(bound, item, Tested_versions=["1.0", "2.0"], Keywords=["blue", "green"])
    (two,) = [each for each in versions_of(bound.jira) if each["name"] == "2.0"]
    ids = fields_of(bound.jira)
    there_too = {ids["Tested versions"]: [{"id": two["id"]}], ids["Keywords"]: ["grey", "red"]}
    bound.jira.edit(str(bound.link(item).issue_id), **there_too)
    bound.poll()
    bound.run(within=60)
    both = {"Tested versions": ["2.0"], "Keywords": ["green", "grey"]}
    assert here(item) == both
    assert there(bound, item) == both
    assert bound.link(item).state == "in_step", bound.link(item).reason
    told = Conflict.objects.filter(link=bound.link(item))
    assert {each.winner for each in told} == {"merged"}


def test_what_has_no_counterpart_is_named_before_anything_is_sent(bound: Bound) -> None:
    services.create_property(bound.workplace, "Moon phase", "text", actor=bound.me)
    told = propose_binding(bound.owner, bound.team, bound.connection, bound.jira.project_key)
    (warning,) = [words for words in told.warnings if "Moon phase" in words]
    assert "Platforms: Kiosk" in warning
    assert len(told.fields.properties) == len(KINDS)


def test_a_field_that_no_property_can_stand_for_is_named_with_the_reason(bound: Bound) -> None:
    body = {"name": "Imported from", "type": f"{PLUGIN}:readonlyfield"}
    made = bound.jira.ask("POST", "field", body, by=bound.jira.service)
    bound.jira.ask("POST", f"screens/addToDefault/{made['id']}", by=bound.jira.service)
    told = propose_binding(bound.owner, bound.team, bound.connection, bound.jira.project_key)
    (warning,) = [words for words in told.warnings if "stay in Jira" in words]
    assert "Imported from: Jira lets nobody change it." in warning
    offers = {offer.custom.name: offer for offer in list_offers(bound.bind())}
    stays = offers["Imported from"]
    assert (stays.fits, stays.reason) == ((), "Jira lets nobody change it.")
    assert not any(offer.reason for offer in offers.values() if offer.custom.kinds)


def test_a_property_paired_with_another_field_takes_nothing_along(bound: Bound) -> None:
    item = bound.item()
    hold(bound, item, Customer="Acme")
    binding = bound.bind()
    row, ids = named(bound, "Customer"), fields_of(bound.jira)
    services.archive_property(named(bound, "Design page").pk, actor=bound.me)
    other = services.create_property(bound.workplace, "Client", "text", actor=bound.me)
    tables = binding.mapping["properties"]["out"]
    taken = {key: field for key, field in tables.items() if key != str(row.pk)}
    moved = {**taken, str(other.pk): ids["Customer"]}
    bound.binding = change_mapping(bound.owner, binding, {"properties": {"out": moved}})
    bound.run()
    assert here(item) == {"Customer": "Acme", "Client": "Acme"}
    assert there(bound, item) == {"Customer": "Acme"}
    services.archive_property(other.pk, actor=bound.me)
    bound.change(item, title="Looked at again")
    bound.run()
    assert there(bound, item) == {"Customer": "Acme"}
    assert bound.link(item).state == "in_step", bound.link(item).reason


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        pytest.param({"Customer": "customfield_1"}, "has no field", id="a field that is not there"),
        pytest.param({"Customer": "Impact"}, "different things", id="a field of another kind"),
        pytest.param({"Customer": "Customer", "Client": "Customer"}, "the same", id="one for two"),
    ],
)
def test_pairs_that_make_no_sense_are_refused_in_words(
    bound: Bound, pairs: dict[str, str], words: str
) -> None:
    services.create_property(bound.workplace, "Client", "text", actor=bound.me)
    binding, ids = bound.bind(), fields_of(bound.jira)
    out = {str(named(bound, name).pk): ids.get(field, field) for name, field in pairs.items()}
    with pytest.raises(Invalid, match=words):
        change_mapping(bound.owner, binding, {"properties": {"out": out}})


def test_the_mapping_lists_every_custom_field_with_what_fits(bound: Bound) -> None:
    binding = bound.bind()
    offers = {offer.custom.name: offer for offer in list_offers(binding)}
    impact = offers["Impact"]
    assert [option.name for option in impact.custom.options] == ["Small", "Large"]
    assert [each.name for each in impact.fits] == ["Impact", "Region", "Related project"]
    names = [option.name for option in offers["Region"].custom.options]
    assert names == [
        "Europe", "Europe / Berlin", "Europe / Zurich", "Asia", "Asia / Tokyo",
    ]  # fmt: skip
    assert impact.chosen == impact.suggested == str(named(bound, "Impact").pk)
    assert (offers["Stage"].fits, offers["Stage"].chosen) != ((), None)
    assert "Start date" not in offers
