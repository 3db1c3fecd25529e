"""A project's page and Jira: choosing a space, what it would mean, sending, and what follows."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from helpers.bound import Bound
from helpers.builders import a_team
from helpers.jirasim import Jira

from duolog.sync.basis.scopes import binding_of_project
from duolog.sync.models import Binding, BindingState, PreviewEntry
from duolog.sync.shown.progress import progress
from duolog.workplace.models import Project
from duolog.workplace.services import create_project
from duolog.workplace.services.items import NewItem, create_item

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def project(bound: Bound) -> Project:
    return create_project(bound.workplace, "Lantern", {}, actor=bound.me)


def home(bound: Bound, project: Project) -> str:
    return f"/w/{bound.workplace.slug}/projects/{project.pk}"


def at(bound: Bound, project: Project, rest: str = "") -> str:
    return f"{home(bound, project)}/jira{rest}"


def text(answer: Any) -> str:
    """The page as a person reads it: without the marks of escaping."""
    return html.unescape(answer.content.decode())


def wish(bound: Bound, **more: str) -> dict[str, str]:
    return {"connection": str(bound.connection.pk), "space": "FHP"} | more


def send(bound: Bound, project: Project, admin: Client) -> Binding:
    """Send the project from its page, and run all that follows."""
    admin.post(at(bound, project, "/send"), wish(bound, direction="two_way"))
    bound.run(within=10)
    binding = binding_of_project(project)
    assert binding is not None
    return binding


def test_the_menu_leads_to_choosing_a_space(bound: Bound, project: Project, admin: Client) -> None:
    assert at(bound, project) in text(admin.get(home(bound, project)))
    assert "One epic is made for Lantern" in text(admin.get(at(bound, project)))
    found = admin.get(at(bound, project, "/spaces"), wish(bound, q="FHP"))
    assert "Fernhill Platform" in text(found)


def test_the_proposal_says_how_many_go_and_what_lies_beside(
    bound: Bound, project: Project, admin: Client
) -> None:
    bound.item("One", project=project.pk)
    apart = bound.item("Large", project=project.pk, type="epic")
    page = text(admin.get(at(bound, project, "/space"), wish(bound)))
    assert "2 items to send" in page
    assert f"An epic cannot lie below another: {apart.key} will be sent beside" in page
    assert not Binding.objects.exists()


def test_a_space_that_cannot_be_seen_is_said_in_words(
    bound: Bound, project: Project, admin: Client
) -> None:
    answer = admin.get(at(bound, project, "/space"), wish(bound, space="NOPE"))
    assert answer.status_code == 422
    assert "It may be deleted, or hidden from the account" in text(answer)


def test_what_was_sent_lies_below_the_epic_that_the_page_links(
    bound: Bound, project: Project, admin: Client, jira: Jira
) -> None:
    item = bound.item("One", project=project.pk)
    binding = send(bound, project, admin)
    page = text(admin.get(home(bound, project)))
    assert f"{bound.connection.base_url}/browse/{binding.epic_issue_key}" in page
    assert "In step" in page
    fields = jira.get(str(bound.link(item).issue_id))
    assert fields["parent"]["key"] == binding.epic_issue_key
    assert admin.get(at(bound, project, "/progress")).status_code == 286


def test_the_form_sent_twice_ends_at_the_one_binding(
    bound: Bound, project: Project, admin: Client
) -> None:
    for _ in range(2):
        sent = admin.post(at(bound, project, "/send"), wish(bound))
        assert sent["Location"] == home(bound, project)
    assert Binding.objects.count() == 1


def test_pausing_going_on_and_comparing_lead_back_to_the_project(
    bound: Bound, project: Project, admin: Client
) -> None:
    binding = send(bound, project, admin)
    for act, state in (("pause", BindingState.PAUSED), ("resume", BindingState.ACTIVE)):
        answer = admin.post(at(bound, project, "/act"), {"act": act})
        assert answer["Location"] == home(bound, project)
        binding.refresh_from_db()
        assert binding.state == state
    assert admin.post(at(bound, project, "/act"), {"act": "sweep"}).status_code == 302


def test_an_item_that_left_the_project_is_listed_as_outside(
    bound: Bound, project: Project, admin: Client
) -> None:
    item = bound.item("One", project=project.pk)
    send(bound, project, admin)
    assert "Outside the project" not in text(admin.get(home(bound, project)))
    bound.change(item, project=None)
    page = text(admin.get(home(bound, project)))
    assert f"{item.key} is no longer in Lantern, with which it was linked" in page


def test_unlinking_asks_first_and_leaves_the_epic(
    bound: Bound, project: Project, admin: Client, jira: Jira
) -> None:
    bound.item("One", project=project.pk)
    binding = send(bound, project, admin)
    dialog = text(admin.get(at(bound, project, "/unlink")))
    assert f"the epic {binding.epic_issue_key} among them" in dialog
    assert "Unlink 1 item" in dialog
    answer = admin.post(at(bound, project, "/unlink"))
    assert answer["HX-Redirect"] == home(bound, project)
    assert binding_of_project(project) is None
    assert jira.get(binding.epic_issue_id)["summary"] == "Lantern"


def test_trouble_and_the_mapping_are_the_projects_own(
    bound: Bound, project: Project, admin: Client
) -> None:
    binding = send(bound, project, admin)
    binding.trouble = "Jira <says> no."
    binding.save()
    assert "Jira &lt;says&gt; no." in admin.get(home(bound, project)).content.decode()
    mapping = text(admin.get(at(bound, project, "/mapping")))
    assert "between Lantern and FHP" in mapping
    assert "There is no webhook" in text(admin.get(at(bound, project, "/check")))


def test_members_see_how_it_stands_and_may_do_nothing(
    bound: Bound, project: Project, plain: Client, admin: Client
) -> None:
    assert at(bound, project) not in text(plain.get(home(bound, project)))
    assert plain.get(at(bound, project)).status_code == 403
    assert plain.post(at(bound, project, "/send"), wish(bound)).status_code == 403
    send(bound, project, admin)
    page = text(plain.get(home(bound, project)))
    assert "below" in page
    assert "Compare now" not in page
    assert plain.post(at(bound, project, "/act"), {"act": "pause"}).status_code == 403
    assert plain.post(at(bound, project, "/unlink")).status_code == 403


def fields_of(page: str) -> dict[str, str]:
    """What the browser would send of the tables: each select with its chosen option."""
    selects = re.findall(r'name="(map[|][^"]+)">(.*?)</select>', page, re.DOTALL)
    return {
        name: (re.findall(r'value="([^"]*)" selected', options) or [""])[0]
        for name, options in selects
    }


def test_its_rules_are_changed_on_its_own_page(
    bound: Bound, project: Project, admin: Client, plain: Client
) -> None:
    status = bound.item("One", project=project).status
    binding = send(bound, project, admin)
    page = text(admin.get(at(bound, project)))
    assert at(bound, project, "/rules") in page
    assert "Only items in these statuses" in page
    form = {
        "direction": "one_way", "narrow": "1", "field-priority": "off", "field-due_on": "both",
        "only_type": ["bug"], "only_status": [str(status.pk)], "jql": "priority > Low",
    }  # fmt: skip
    saved = admin.post(at(bound, project, "/rules"), form)
    assert saved["Location"] == at(bound, project)
    binding.refresh_from_db()
    assert (binding.direction, binding.jql) == ("one_way", "priority > Low")
    assert binding.field_rules["priority"] == "off"
    assert binding.filter_here == {"types": ["bug"], "statuses": [str(status.pk)]}
    wrong = admin.post(at(bound, project, "/rules"), form | {"jql": "nonsense ("})
    assert wrong.status_code == 422
    assert "nonsense (" in text(wrong)
    assert plain.post(at(bound, project, "/rules"), form).status_code == 403


def test_a_project_is_previewed_first_and_its_epic_made_once_that_is_approved(
    bound: Bound, project: Project, admin: Client
) -> None:
    bound.item("One", project=project)
    aside = bound.item("Not this one", project=project)
    made = admin.post(at(bound, project, "/send"), wish(bound, preview="yes"))
    bound.run()
    page = text(admin.get(made["Location"]))
    assert "Approving makes one epic named Lantern in FHP" in re.sub("</?b>", "", page)
    assert "Approve 2" in page
    assert not bound.jira.issues("FHP")
    entry = PreviewEntry.objects.get(work_item=aside)
    admin.post(f"/w/{bound.workplace.slug}/bindings/preview/{entry.pk}/aside", {"aside": "yes"})
    admin.post(f"{made['Location']}/approve", {"choice": "all"})
    bound.run(within=60)
    assert sorted(i["fields"]["summary"] for i in bound.jira.issues("FHP")) == ["Lantern", "One"]
    admin.post(f"/w/{bound.workplace.slug}/bindings/preview/{entry.pk}/take-in")
    bound.run(within=60)
    entry.refresh_from_db()
    assert entry.state == "done", "that the epic is there by now is no other fact"
    assert bound.link(aside).state == "in_step"


def test_each_team_that_takes_part_has_its_statuses_in_the_mapping(
    bound: Bound, project: Project, admin: Client
) -> None:
    bound.item("One", project=project)
    second = a_team(bound.workplace, name="Second", key_prefix="SEC")
    status = second.statuses.create(name="Zzz", stage="to_do", position=90)
    theirs = create_item(
        second, NewItem(title="Theirs", project=project, status=status), actor=bound.me
    )
    proposal = text(admin.get(at(bound, project, "/space"), wish(bound)))
    assert f"Statuses of {second.name}" in proposal
    assert "There is no webhook" in proposal, "the link doctor has looked"
    chosen = fields_of(proposal)
    name = f"map|statuses:{second.pk}|out|{status.pk}"
    out = proposal[proposal.index(f'name="{name}"') :]
    done = re.findall(r'value="(\d+)"[^>]*>Done', out)[0]
    drawn = re.findall(r'name="drawn_for" value="(\d+)"', proposal)[0]
    admin.post(at(bound, project, "/send"), wish(bound, drawn_for=drawn) | chosen | {name: done})
    bound.run(within=60)
    issue = bound.jira.get(str(bound.link(theirs).issue_id))
    assert issue["status"]["id"] == done
    page = text(admin.get(at(bound, project, "/mapping")))
    assert fields_of(page)[name] == done
    of_another = {f"map|statuses:{status.pk + 999}|out|1": "1"}
    assert admin.post(at(bound, project, "/mapping"), of_another).status_code == 422
    admin.post(at(bound, project, "/mapping"), fields_of(page) | {name: ""})
    missing = text(admin.get(at(bound, project, "/mapping")))
    assert f"Statuses of {second.name}</a> without counterpart: Zzz." in missing
    told = text(admin.get(at(bound, project, "/check")))
    assert "Zzz of Second: no counterpart in Jira" in told


def test_the_card_counts_what_a_team_keeps_in_step_as_well(
    bound: Bound, project: Project, admin: Client
) -> None:
    bound.item("Of the team", project=project)
    bound.bind()
    second = a_team(bound.workplace, name="Second", key_prefix="SEC")
    create_item(second, NewItem(title="Of the project", project=project), actor=bound.me)
    binding = send(bound, project, admin)
    bound.run(within=60)
    told = progress(binding)
    assert (told.in_step, told.by_teams) == (2, 1)
    assert "2 in step, 1 linked through a team" in text(admin.get(home(bound, project)))
    assert "Unlink 1 item" in text(admin.get(at(bound, project, "/unlink")))


def test_a_project_whose_items_differ_is_not_called_in_step(
    bound: Bound, project: Project, admin: Client
) -> None:
    item = bound.item("Ours", project=project)
    admin.post(at(bound, project, "/send"), wish(bound, direction="one_way"))
    bound.run(within=60)
    bound.binding = Binding.objects.get()
    bound.jira.edit(str(bound.link(item).issue_id), duedate="2027-05-05")
    bound.poll()
    told = progress(bound.binding)
    assert (told.in_step, told.differs, told.is_running) == (0, 1, False)
    card = text(admin.get(home(bound, project)))
    assert "1 differs" in card
    assert '<span class="pill ok">' not in card
