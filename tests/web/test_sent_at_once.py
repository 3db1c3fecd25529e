"""Two of the same form at the same moment, as of a double press, make one thing."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from helpers.builders import an_item
from helpers.my_time import a_connection, an_issue
from helpers.threads import all_at_once
from web.visitors import signed_in

from duolog.people.models import ApiToken, Member, SentForm, Workplace
from duolog.worklogs.models import WorklogTemplate
from duolog.workplace.models import Attachment, Comment, Project, Team, WorkItem

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

FORMS: Final[dict[str, tuple[type[Model], dict[str, Any]]]] = {
    "new-item": (WorkItem, {"team": "{team}", "title": "Once"}),
    "items/{item}/comments": (Comment, {"body": "Once"}),
    "projects/new": (Project, {"name": "Once", "kind": "project", "state": "active"}),
    "new-workplace": (Workplace, {"name": "Once"}),
    "tokens": (ApiToken, {"name": "Once", "scope": "read"}),
    "time/templates": (
        WorklogTemplate,
        {"issue": "{issue}", "weekdays": "0", "clock": "09:00", "time_spent": "15m"},
    ),
}


@pytest.mark.parametrize("path", FORMS)
def test_two_of_the_same_form_at_once_make_one_thing(owner: Member, team: Team, path: str) -> None:
    issue = an_issue(a_connection(owner))
    names = {"team": team.pk, "item": an_item(team).key, "issue": issue.pk}
    made, form = FORMS[path]
    sent = {name: str(value).format(**names) for name, value in form.items()}
    sent["act"] = str(uuid.uuid4())
    address = f"/w/{owner.workplace.slug}/{path.format(**names)}"
    clients, before = [signed_in(owner) for _ in range(2)], made._default_manager.count()
    answers = all_at_once([lambda one=one: one.post(address, sent) for one in clients])
    assert {answer.status_code for answer in answers} <= {200, 204, 302}
    assert made._default_manager.count() == before + 1
    assert SentForm.objects.get().made


def test_the_same_file_sent_twice_at_once_is_one(
    owner: Member, team: Team, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    address = f"/w/{owner.workplace.slug}/items/{an_item(team).key}/attachments"
    clients = [signed_in(owner) for _ in range(2)]

    def attach(one: Any) -> Any:
        return one.post(address, {"file": SimpleUploadedFile("a.txt", b"same")})

    answers = all_at_once([lambda one=one: attach(one) for one in clients])
    assert [answer.status_code for answer in answers] == [200, 200]
    kept = [each.name for each in settings.MEDIA_ROOT.rglob("*") if each.is_file()]
    assert kept == [Attachment.objects.get().sha256]
