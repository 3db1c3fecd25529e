"""Two who save the rules or the mapping of one binding: nobody overwrites what they did not see."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from helpers.bound import Bound
from helpers.forms import Sent, form_with

from duolog.people.errors import Outdated
from duolog.sync.binding.rules import Rules
from duolog.sync.binding.services import change_mapping, change_rules
from duolog.sync.models import Binding, Direction
from duolog.workplace.services import create_project, create_property

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

HIGH = "map|priorities|out|high"
LOW = "map|priorities|out|low"


def at(bound: Bound, rest: str = "") -> str:
    return f"/w/{bound.workplace.slug}/teams/{bound.team.key_prefix}/jira{rest}"


def text(answer: Any) -> str:
    """The page as a person reads it: without the marks of escaping."""
    return html.unescape(answer.content.decode())


def rules_form(answer: Any) -> Sent:
    return form_with(answer.content.decode(), "direction")


def mapping_form(answer: Any) -> Sent:
    return form_with(answer.content.decode(), "map|")


def test_rules_that_another_admin_changed_meanwhile_stay(bound: Bound, admin: Client) -> None:
    binding = bound.bind()
    mine, theirs = rules_form(admin.get(at(bound))), rules_form(admin.get(at(bound)))
    changed = {"direction": ["one_way"], "only_type": ["bug", "task"], "field-comment": ["off"]}
    assert admin.post(at(bound, "/rules"), theirs | changed).status_code == 302
    kept = {"conflict_policy": ["jira_wins"], "restricted_comments": ["1"]}
    assert admin.post(at(bound, "/rules"), mine | kept).status_code == 302
    binding.refresh_from_db()
    assert (binding.direction, binding.conflict_policy) == ("one_way", "jira_wins")
    assert binding.filter_here == {"types": ["bug", "task"]}
    assert (binding.field_rules, binding.restricted_comments) == ({"comment": "off"}, True)


@pytest.mark.parametrize(
    ("theirs", "mine", "words"),
    [
        pytest.param(
            {"conflict_policy": ["jira_wins"]},
            {"conflict_policy": ["newest_wins"]},
            "When both sides change the same field: “Jira wins” by now; "
            "you wanted “The newest wins”.",
            id="a choice",
        ),
        pytest.param(
            {"only_type": ["bug", "task"]},
            {"only_type": ["story"]},
            "Only items of these types: “Bug, Task” by now; you wanted “Story”.",
            id="a set",
        ),
        pytest.param(
            {"only_labels": ["api"]},
            {"only_labels": ["autumn, web"]},
            "Only items with one of these labels: “api” by now; you wanted “autumn, web”.",
            id="a text",
        ),
    ],
)
def test_a_rule_that_both_changed_is_not_overwritten_unseen(
    bound: Bound, admin: Client, theirs: Sent, mine: Sent, words: str
) -> None:
    binding = bound.bind()
    form = rules_form(admin.get(at(bound)))
    assert admin.post(at(bound, "/rules"), form | theirs).status_code == 302
    binding.refresh_from_db()
    stored = Rules.of(binding)
    refused = admin.post(at(bound, "/rules"), form | mine | {"on_delete_here": ["unlink"]})
    assert refused.status_code == 409
    assert words in text(refused)
    binding.refresh_from_db()
    assert Rules.of(binding) == stored
    again = rules_form(refused)
    assert again.items() >= (mine | {"on_delete_here": ["unlink"]}).items()
    assert admin.post(at(bound, "/rules"), again).status_code == 302
    shown = rules_form(admin.get(at(bound)))
    assert shown.items() >= (mine | {"on_delete_here": ["unlink"]}).items()


def test_a_rule_that_was_emptied_meanwhile_is_told_as_such(bound: Bound, admin: Client) -> None:
    bound.bind(Rules(jql="labels = api", restricted_comments=True))
    form = rules_form(admin.get(at(bound)))
    theirs = {name: it for name, it in form.items() if name != "restricted_comments"}
    assert admin.post(at(bound, "/rules"), theirs | {"jql": [""]}).status_code == 302
    refused = admin.post(at(bound, "/rules"), form | {"jql": ["labels = web"]})
    assert refused.status_code == 409
    assert (
        "Only new issues that this JQL finds: nothing by now; you wanted “labels = web”."
        in text(refused)
    )
    assert "restricted_comments" not in rules_form(refused), "of that one changed nothing"


def test_the_rules_of_a_project_are_not_overwritten_unseen_either(
    bound: Bound, admin: Client
) -> None:
    project = create_project(bound.workplace, "Lantern", {}, actor=bound.me)
    place = f"/w/{bound.workplace.slug}/projects/{project.pk}/jira"
    wish = {"connection": str(bound.connection.pk), "space": bound.jira.project_key}
    admin.post(f"{place}/send", wish | {"direction": "two_way"})
    form = rules_form(admin.get(place))
    assert admin.post(f"{place}/rules", form | {"on_delete_jira": ["delete"]}).status_code == 302
    refused = admin.post(f"{place}/rules", form | {"on_delete_jira": ["unlink"]})
    assert refused.status_code == 409
    assert Binding.objects.get().on_delete_jira == "delete"


def test_what_jira_refuses_of_the_rules_leaves_the_form_as_it_was_filled_in(
    bound: Bound, admin: Client
) -> None:
    bound.bind()
    form = rules_form(admin.get(at(bound))) | {"direction": ["one_way"], "jql": ["order by"]}
    refused = admin.post(at(bound, "/rules"), form)
    assert refused.status_code == 422
    assert rules_form(refused).items() >= {"direction": ["one_way"], "jql": ["order by"]}.items()


def test_rows_of_the_mapping_that_another_admin_changed_meanwhile_stay(
    bound: Bound, admin: Client
) -> None:
    binding = bound.bind()
    own = create_property(bound.workplace, "Effort", "number", actor=bound.me)
    form = mapping_form(admin.get(at(bound, "/mapping")))
    fields = [it for it in form if it.startswith("map|properties|in|")]
    assert admin.post(at(bound, "/mapping"), form | {HIGH: [""]}).status_code == 302
    mine = form | {LOW: [""], fields[0]: [str(own.pk)]}
    assert admin.post(at(bound, "/mapping"), mine).status_code == 302
    binding.refresh_from_db()
    assert not {"high", "low"} & binding.mapping["priorities"]["out"].keys()
    assert binding.mapping["properties"]["out"] == {str(own.pk): fields[0].rpartition("|")[2]}


def test_a_row_of_the_mapping_that_both_changed_is_not_overwritten_unseen(
    bound: Bound, admin: Client
) -> None:
    binding = bound.bind()
    form = mapping_form(admin.get(at(bound, "/mapping")))
    (highest,) = form["map|priorities|out|urgent"]
    assert admin.post(at(bound, "/mapping"), form | {HIGH: [""]}).status_code == 302
    binding.refresh_from_db()
    stored = binding.mapping
    above = {"map|priorities|out|urgent": [""], f"map|priorities|in|{highest}": ["high"]}
    mine = form | above | {HIGH: [highest], LOW: [""]}
    refused = admin.post(at(bound, "/mapping"), mine)
    assert refused.status_code == 409
    assert "Priorities, High: “Not mapped” by now; you wanted “Highest”." in text(refused)
    binding.refresh_from_db()
    assert binding.mapping == stored
    again = mapping_form(refused)
    assert (again[HIGH], again[LOW]) == ([highest], [""])
    assert admin.post(at(bound, "/mapping"), again | {"suggest": ["1"]}).status_code == 200
    assert admin.post(at(bound, "/mapping"), again).status_code == 302
    binding.refresh_from_db()
    assert binding.mapping["priorities"]["out"]["high"] == highest


def test_suggestions_are_not_filled_in_over_what_was_not_seen(bound: Bound, admin: Client) -> None:
    bound.bind()
    form = mapping_form(admin.get(at(bound, "/mapping")))
    (highest,) = form["map|priorities|out|urgent"]
    admin.post(at(bound, "/mapping"), form | {HIGH: [""]})
    asked = form | {HIGH: [highest], "suggest": ["1"]}
    assert admin.post(at(bound, "/mapping"), asked).status_code == 409


@pytest.mark.parametrize("was", ["", "{", "[]", '{"map|priorities|out|high": 1}'])
def test_a_form_that_does_not_tell_what_it_showed_is_taken_as_it_is(
    bound: Bound, admin: Client, was: str
) -> None:
    binding = bound.bind()
    form = mapping_form(admin.get(at(bound, "/mapping"))) | {"was": [was], HIGH: [""]}
    assert admin.post(at(bound, "/mapping"), form).status_code == 302
    binding.refresh_from_db()
    assert "high" not in binding.mapping["priorities"]["out"]


def test_what_moved_between_the_look_and_the_writing_is_not_overwritten(bound: Bound) -> None:
    binding = bound.bind()
    seen, tables = Rules.of(binding), binding.mapping
    change_rules(bound.owner, Binding.objects.get(), Rules(direction=Direction.ONE_WAY))
    with pytest.raises(Outdated, match="Look at them again"):
        change_rules(bound.owner, binding, Rules(), seen=seen)
    change_mapping(bound.owner, binding, {"users": {"out": {}, "in": {"acc:1": "1"}}})
    with pytest.raises(Outdated, match="Look at it again"):
        change_mapping(bound.owner, binding, {"users": {"out": {}, "in": {}}}, seen=tables)
    assert Binding.objects.get().direction == "one_way"
    assert Binding.objects.get().mapping["users"]["in"] == {"acc:1": "1"}


def test_a_mapping_of_a_thousand_people_can_be_saved(bound: Bound, admin: Client) -> None:
    binding = bound.bind()
    accounts = {f"account-{number}": str(bound.maya.pk) for number in range(1_000)}
    change_mapping(bound.owner, binding, {"users": {"out": {}, "in": accounts}})
    form = mapping_form(admin.get(at(bound, "/mapping")))
    assert admin.post(at(bound, "/mapping"), form | {HIGH: [""]}).status_code == 302
    binding.refresh_from_db()
    assert binding.mapping["users"]["in"] == accounts
