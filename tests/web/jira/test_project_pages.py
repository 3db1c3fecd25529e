"""A project's page and Jira: choosing a space, what it would mean, sending, and what follows."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from helpers.bound import Bound
from helpers.jirasim import Jira

from duolog.sync.models import Binding, BindingState
from duolog.sync.scopes import binding_of_project
from duolog.workplace.models import Project
from duolog.workplace.services import create_project

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
