"""Editing a project in its dialog, maybe while somebody else does."""

from __future__ import annotations

import pytest
from django.test import Client
from web.visitors import signed_in

from duolog.people.models import Member
from duolog.workplace.actors import Actor
from duolog.workplace.models import Project
from duolog.workplace.services import create_project, update_project

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def project(owner: Member) -> Project:
    return create_project(
        owner.workplace, "Autumn", {"description": "As it was"}, actor=Actor.of(owner)
    )


def opened(client: Client, address: str) -> dict[str, str]:
    """What the dialog sends if nothing is changed in it."""
    context = client.get(address, headers=HTMX).context
    return context["given"] | {f"seen_{name}": it for name, it in context["seen"].items()}


def test_what_somebody_else_changed_of_a_project_meanwhile_stays(
    owner: Member, project: Project
) -> None:
    client = signed_in(owner)
    address = f"/w/{owner.workplace.slug}/projects/{project.pk}/edit"
    form = opened(client, address)
    update_project(project.pk, {"description": "Theirs"}, actor=Actor.of(owner))
    assert client.post(address, form | {"name": "Autumn 2027"}, headers=HTMX).status_code == 200
    project.refresh_from_db()
    assert (project.name, project.description) == ("Autumn 2027", "Theirs")


def test_what_both_changed_of_a_project_is_not_overwritten_unseen(
    owner: Member, project: Project
) -> None:
    client = signed_in(owner)
    address = f"/w/{owner.workplace.slug}/projects/{project.pk}/edit"
    mine = opened(client, address) | {"description": "Mine"}
    update_project(project.pk, {"description": "Theirs"}, actor=Actor.of(owner))
    answer = client.post(address, mine, headers=HTMX)
    assert answer.status_code == 422
    assert "The description was changed meanwhile." in answer.content.decode()
    project.refresh_from_db()
    assert project.description == "Theirs"
    again = answer.context["given"] | {f"seen_{k}": v for k, v in answer.context["seen"].items()}
    assert client.post(address, again, headers=HTMX).status_code == 200
    project.refresh_from_db()
    assert project.description == "Mine"
