"""Team settings, Jira integration: choosing, proposing, linking, and what follows."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from helpers.bound import Bound
from helpers.jirasim import Jira

from duolog.sync.binding.services import Wish, bind_team
from duolog.sync.models import Binding, BindingState, Run, RunKind
from duolog.sync.shown.progress import progress
from duolog.sync.shown.queries import binding_of
from duolog.workplace.models import Status
from duolog.workplace.services import create_property

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def at(bound: Bound, rest: str = "") -> str:
    return f"/w/{bound.workplace.slug}/teams/{bound.team.key_prefix}/jira{rest}"


def text(answer: Any) -> str:
    """The page as a person reads it: without the marks of escaping."""
    return html.unescape(answer.content.decode())


def proposed(bound: Bound, admin: Client, space: str = "FHP") -> Any:
    return admin.get(at(bound, "/space"), {"connection": bound.connection.pk, "space": space})


def fields_of(page: str) -> dict[str, str]:
    """What the browser would send of the mapping: each select with its chosen option."""
    found = {}
    for name, options in re.findall(
        r'<select[^>]*name="(map[^"]+)">(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[html.unescape(name)] = chosen[1] if chosen else ""
    return found


def wish(bound: Bound, **more: str) -> dict[str, str]:
    return {"connection": str(bound.connection.pk), "space": "FHP"} | more


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        pytest.param("", "Fernhill Platform", "No space matches", id="all of them"),
        pytest.param("FHP", "Fernhill Platform", "Line by Line", id="by key"),
        pytest.param("<i>", "No space matches “<i>”", "Fernhill Platform", id="none"),
    ],
)
def test_spaces_are_searched(
    bound: Bound, admin: Client, query: str, seen: str, unseen: str
) -> None:
    answer = admin.get(at(bound, "/spaces"), {"connection": bound.connection.pk, "q": query})
    assert seen in text(answer)
    assert unseen not in text(answer)
    assert "<i>" not in answer.content.decode()


def test_a_space_tells_who_else_is_in_step_with_it(bound: Bound, admin: Client) -> None:
    bound.bind()
    answer = admin.get(at(bound, "/spaces"), {"connection": bound.connection.pk, "q": "FHP"})
    assert "also with Platform" in text(answer)


def test_a_search_that_jira_does_not_answer_says_so_in_its_place(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    fault = {"match": {"path": "/rest/api/3/project/search"}, "fault": "status_before"}
    jira.sim("POST", "faults", [fault | {"status": 401, "times": 1}])
    answer = admin.get(at(bound, "/spaces"), {"connection": bound.connection.pk})
    assert answer.status_code == 200
    assert "Jira did not accept this e-mail address and API token" in text(answer)
    assert "Open the connection" in text(answer)


@pytest.mark.parametrize(
    ("space", "sentence"),
    [
        pytest.param("READ", "may not create issues in READ. Nothing can be", id="no permission"),
        pytest.param("READ", "Task: no counterpart in Jira. Items of that", id="no issue type"),
        pytest.param("REQ", "Jira requires Ticket reference for a new Task", id="a required field"),
    ],
)
def test_what_is_in_the_way_is_said_before_linking(
    bound: Bound, admin: Client, space: str, sentence: str
) -> None:
    bound.item("Stands in the way")
    assert sentence in text(proposed(bound, admin, space))


def test_the_last_comparison_is_shown_with_what_had_drifted(bound: Bound, admin: Client) -> None:
    item = bound.item("As it is")
    bound.bind()
    assert "Not compared completely yet" in text(admin.get(at(bound)))
    link = bound.link(item)
    link.base_slots.filter(key="title").update(local="Otherwise", remote="Otherwise")
    admin.post(at(bound, "/act"), {"act": "sweep"})
    bound.run(within=60)
    page = text(admin.get(at(bound)))
    assert "1 had drifted" in page
    assert f'href="/w/{bound.workplace.slug}/items/{item.key}"' in page
    assert f'href="{bound.jira.url}/browse/{link.issue_key}"' in page
    assert '<span class="muted">Title</span>' in page
    admin.post(at(bound, "/act"), {"act": "sweep"})
    bound.run(within=60)
    assert "No drift." in text(admin.get(at(bound)))


def test_a_space_that_cannot_be_seen_is_said_in_words(bound: Bound, admin: Client) -> None:
    answer = proposed(bound, admin, "NOPE")
    assert answer.status_code == 422
    assert "It may be deleted, or hidden from the account" in text(answer)


def test_the_proposal_counts_and_follows_the_options(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    bound.item("One")
    jira.create("There")
    jira.create("There too")
    page = text(proposed(bound, admin))
    assert "Linking now sends 1 item and brings in 2 issues." in page
    told = {"items": "1", "issues": "2", "direction": "two_way", "start": "from_now_on"}
    assert "Linking now sends nothing." in text(admin.get(at(bound, "/summary"), told))


def test_linking_as_proposed_brings_both_sides_in_step(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    item = bound.item("Made here")
    jira.create("Made there")
    sent = wish(bound, direction="two_way") | fields_of(proposed(bound, admin).content.decode())
    assert admin.post(at(bound, "/link"), sent).status_code == 302
    running = admin.get(at(bound, "/progress"))
    assert running.status_code == 200
    assert 'hx-trigger="every 1s"' in text(running)
    assert "You can leave this page" in text(running)
    assert "Counting what there is on both sides" in text(running)
    assert "100%" not in text(running)
    bound.run()
    done = admin.get(at(bound, "/progress"))
    assert done.status_code == 286
    assert "hx-trigger" not in text(done)
    assert bound.link(item).state == "in_step"
    assert {issue["fields"]["summary"] for issue in jira.issues("FHP")} == {
        "Made here",
        "Made there",
    }


def test_a_mapping_without_rest_is_refused_by_name_and_what_was_chosen_stays(
    bound: Bound, admin: Client
) -> None:
    sent = wish(bound) | fields_of(proposed(bound, admin).content.decode())
    backlog = Status.objects.get(team=bound.team, name="Backlog")
    done = Status.objects.get(team=bound.team, name="Done")
    outbound = f"map|statuses|out|{backlog.pk}"
    sent[outbound] = sent[f"map|statuses|out|{done.pk}"]
    arriving = next(name for name in sent if name.startswith("map|statuses|in|"))
    sent[arriving] = str(backlog.pk)
    answer = admin.post(at(bound, "/link"), sent)
    assert answer.status_code == 422
    assert "The status Backlog would come back from Jira as something else" in text(answer)
    assert fields_of(answer.content.decode())[outbound] == sent[outbound]
    assert binding_of(bound.team) is None


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"direction": "sideways"}, id="a direction that is none"),
        pytest.param({"start": "never"}, id="a start that is none"),
    ],
)
def test_linking_with_an_option_that_is_none_is_refused(
    bound: Bound, admin: Client, broken: dict[str, str]
) -> None:
    answer = admin.post(at(bound, "/link"), wish(bound, **broken))
    assert answer.status_code == 422
    assert "Choose one of the options." in text(answer)
    assert not Binding.objects.exists()


def test_a_stalled_run_says_so(bound: Bound, admin: Client) -> None:
    binding = bound.bind()
    run = Run.objects.create(binding=binding, kind=RunKind.SEND, total=10, done=4)
    long_ago = run.started_at.replace(year=run.started_at.year - 1)
    Run.objects.filter(pk=run.pk).update(moved_at=long_ago)
    page = text(admin.get(at(bound, "/progress")))
    assert "Nothing has moved for a minute." in page
    assert 'aria-valuetext="4 of 10"' in page
    assert "40%" in page


def test_pausing_and_going_on(bound: Bound, admin: Client) -> None:
    bound.bind()
    assert "Paused" in text(admin.post(at(bound, "/act"), {"act": "pause"}, follow=True))
    assert admin.post(at(bound, "/act"), {"act": "resume"}).status_code == 302
    going = binding_of(bound.team)
    assert going is not None
    assert going.state == BindingState.ACTIVE
    assert admin.post(at(bound, "/act"), {"act": "explode"}).status_code == 422


def test_checking_now_names_what_is_wrong_and_what_is_fine(bound: Bound, admin: Client) -> None:
    bound.item()
    bound.bind()
    assert "Check now" in text(admin.get(at(bound)))
    page = text(admin.get(at(bound, "/check")))
    assert "1 warning" in page
    assert "There is no webhook" in page
    assert "may do all that is needed" in page


def test_comparing_now_runs_a_sweep(bound: Bound, admin: Client) -> None:
    binding = bound.bind()
    admin.post(at(bound, "/act"), {"act": "sweep"})
    bound.run()
    assert Run.objects.filter(binding=binding, kind=RunKind.SWEEP).exists()


def test_rules_are_changed_and_a_choice_that_is_none_is_refused(
    bound: Bound, admin: Client
) -> None:
    binding = bound.bind()
    admin.post(at(bound, "/rules"), {"direction": "one_way", "conflict_policy": "jira_wins"})
    binding.refresh_from_db()
    assert (binding.direction, binding.conflict_policy) == ("one_way", "jira_wins")
    assert binding.on_delete_here == "ask"
    assert admin.post(at(bound, "/rules"), {"direction": "sideways"}).status_code == 422


def test_the_mapping_page_saves_what_was_changed_and_keeps_what_it_did_not_show(
    bound: Bound, admin: Client
) -> None:
    binding = bound.bind()
    before = binding.mapping
    page = admin.get(at(bound, "/mapping")).content.decode()
    sent = fields_of(page)
    assert admin.post(at(bound, "/mapping"), sent).status_code == 302
    binding.refresh_from_db()
    assert binding.mapping == before
    admin.post(at(bound, "/mapping"), {"map|priorities|out|none": ""})
    binding.refresh_from_db()
    assert "none" not in binding.mapping["priorities"]["out"]
    assert binding.mapping["types"] == before["types"]


def test_suggestions_are_filled_in_to_be_looked_through_and_not_saved(
    bound: Bound, admin: Client
) -> None:
    binding = bound.bind()
    binding.mapping |= {"statuses": {"out": {}, "in": {}}}
    binding.save()
    page = text(admin.get(at(bound, "/mapping")))
    assert re.search(r"without counterpart: .*In progress", page)
    assert "(suggested)" in page
    filled = admin.post(at(bound, "/mapping"), fields_of(page) | {"suggest": "1"})
    assert "Nothing is saved yet" in text(filled)
    binding.refresh_from_db()
    assert not binding.mapping["statuses"]["out"]
    admin.post(at(bound, "/mapping"), fields_of(text(filled)))
    binding.refresh_from_db()
    assert len(binding.mapping["statuses"]["out"]) >= 4


def test_what_a_screen_asks_for_is_said_on_the_mapping_page(bound: Bound, admin: Client) -> None:
    issue = bound.jira.create("Asks", project={"key": "FLOW"}, assignee=bound.jira.people[0].named)
    bound.jira.move(issue, "In Progress")
    item = bound.item("Will ask")
    bind_team(bound.owner, bound.team, Wish(bound.connection, "FLOW"))
    bound.run()
    admin.get(at(bound, "/check"))
    page = text(admin.get(at(bound, "/mapping")))
    assert "Transition screens" in page
    assert "Ticket reference" in page
    (name,) = re.findall(r'<input[^>]*name="(map\|screens\|out\|customfield_\d+)"', page)
    admin.post(at(bound, "/mapping"), {name: "REF-1"})
    binding = Binding.objects.get()
    assert binding.mapping["screens"]["out"] == {name.rpartition("|")[2]: "REF-1"}
    for each in (issue, str(bound.link(item).issue_id)):
        bound.jira.delete(each)


def test_a_custom_field_is_paired_with_a_property_on_the_mapping_page(
    bound: Bound, admin: Client
) -> None:
    bound.bind()
    own = create_property(bound.workplace, "Effort", "number", actor=bound.me)
    page = text(admin.get(at(bound, "/mapping")))
    fields = re.findall(r'name="map\|properties\|in\|(customfield_\d+)">.*?Effort<', page)
    assert fields, "a field that can hold a number offers it"
    admin.post(at(bound, "/mapping"), {f"map|properties|in|{fields[0]}": str(own.pk)})
    binding = Binding.objects.get()
    assert binding.mapping["properties"]["out"] == {str(own.pk): fields[0]}
    admin.post(at(bound, "/mapping"), {f"map|properties|in|{fields[0]}": ""})
    binding.refresh_from_db()
    assert binding.mapping["properties"]["out"] == {}


def test_a_property_that_suggests_itself_is_filled_in(bound: Bound, admin: Client) -> None:
    bound.bind()
    assert "Fill in suggestions" not in text(admin.get(at(bound, "/mapping")))
    own = create_property(bound.workplace, "Effort in days", "number", actor=bound.me)
    page = text(admin.get(at(bound, "/mapping")))
    assert "Fill in suggestions" in page
    filled = text(admin.post(at(bound, "/mapping"), fields_of(page) | {"suggest": "1"}))
    assert str(own.pk) in fields_of(filled)["map|properties|in|customfield_10040"]


def test_the_mapping_can_be_changed_while_jira_does_not_answer(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    binding = bound.bind()
    users = {"out": {str(bound.maya.pk): "acc:1"}, "in": {"acc:1": str(bound.maya.pk)}}
    binding.mapping |= {"users": users}
    binding.save()
    fault = {"match": {"path": "/rest/api/3/user/assignable/search"}, "fault": "status_before"}
    jira.sim("POST", "faults", [fault | {"status": 503, "times": 5}])
    page = admin.get(at(bound, "/mapping"))
    assert page.status_code == 200
    assert "People could not be read from Jira now." in text(page)
    assert admin.post(at(bound, "/mapping"), fields_of(page.content.decode())).status_code == 302
    binding.refresh_from_db()
    assert binding.mapping["users"] == users


def test_the_form_sent_twice_ends_at_the_one_binding(bound: Bound, admin: Client) -> None:
    sent = wish(bound) | fields_of(proposed(bound, admin).content.decode())
    for _ in range(2):
        assert admin.post(at(bound, "/link"), sent)["Location"] == at(bound)
    assert Binding.objects.count() == 1


def test_unlinking_names_its_numbers_first(bound: Bound, admin: Client) -> None:
    bound.item("One")
    bound.item("Two")
    bound.bind()
    dialog = text(admin.get(at(bound, "/unlink")))
    assert "2 items and their issues no longer follow each other" in dialog
    assert "Unlink 2 items" in dialog
    assert admin.post(at(bound, "/unlink"))["HX-Redirect"] == at(bound)
    assert binding_of(bound.team) is None
    assert "Choose a space" in text(admin.get(at(bound)))


def test_the_trouble_of_a_connection_stands_on_the_card(
    bound: Bound, admin: Client, jira: Jira
) -> None:
    binding = bound.bind()
    binding.trouble = "Jira <says> no."
    binding.save()
    page = admin.get(at(bound)).content.decode()
    assert "Jira &lt;says&gt; no." in page
    assert "Open the connection" in page
    assert progress(binding).trouble == binding.trouble


@pytest.mark.parametrize(
    "act",
    [pytest.param(act, id=act) for act in ("/act", "/rules", "/mapping", "/unlink")],
)
def test_members_read_the_rules_and_may_not_change_them(
    bound: Bound, plain: Client, act: str
) -> None:
    bound.bind()
    body = {"act": "pause", "direction": "one_way"}
    assert plain.post(at(bound, act), body).status_code == 403
    page = plain.get(at(bound))
    assert page.status_code == 200
    assert "Unlink team" not in text(page)
    assert "disabled" in text(page)


def test_members_may_neither_choose_nor_link(bound: Bound, plain: Client) -> None:
    assert "An admin of this workplace can link the team" in text(plain.get(at(bound)))
    assert proposed(bound, plain).status_code == 403
    assert plain.post(at(bound, "/link"), wish(bound)).status_code == 403
    assert plain.get(at(bound, "/spaces"), wish(bound)).status_code == 403


def test_without_a_connection_the_page_leads_to_one(client: Client, team: Any) -> None:
    path = f"/w/{team.workplace.slug}/teams/{team.key_prefix}/jira"
    assert "This workplace is not connected to Jira" in text(client.get(path))


@pytest.mark.parametrize("path", [pytest.param(p, id=p) for p in ("/progress", "/mapping")])
def test_a_team_that_is_not_linked_has_no_such_part(client: Client, team: Any, path: str) -> None:
    where = f"/w/{team.workplace.slug}/teams/{team.key_prefix}/jira{path}"
    assert client.get(where).status_code == 404
