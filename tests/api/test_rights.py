"""Who may call what: every operation, tried by everybody, against the golden list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import transaction
from django.utils import timezone
from helpers.builders import a_member, a_team, an_item, the_owner
from helpers.golden import agree
from helpers.rest import Rest, rest_of

from duolog.api.rest import api
from duolog.connections.models import Connection
from duolog.connections.seal import seal
from duolog.connections.services import close_clients
from duolog.people.models import Role, Scope
from duolog.people.services import invite
from duolog.sync.models import Binding, Hold, Link
from duolog.work.lanes import ensure_lane
from duolog.workplace.actors import Actor
from duolog.workplace.models import Reading, Team, WorkItem
from duolog.workplace.services import (
    add_comment,
    add_relation,
    add_web_link,
    attach,
    create_project,
    delete_attachment,
    delete_item,
    keep_file,
)

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "rights.json"
REFUSED: Final = {401, 403, 404}
BODIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "create_team": {"name": "New", "key_prefix": "NEW"},
    "update_team": {"name": "Renamed"},
    "create_status": {"name": "Waiting", "stage": "in_progress"},
    "reorder_statuses": {"status_ids": []},
    "update_status": {"name": "Renamed"},
    "create_project": {"name": "New"},
    "update_project": {"name": "Renamed"},
    "create_work_item": {"team_id": "{team_id}", "title": "New"},
    "update_work_item": {"title": "Renamed"},
    "create_comment": {"body": "New"},
    "update_comment": {"body": "Edited"},
    "create_relation": {"type": "relates_to", "work_item_id": "{other_item_id}"},
    "create_web_link": {"url": "https://example.com"},
    "update_member": {"role": "guest"},
    "create_invitation": {"email": "new@example.com"},
    "mark_read": {},
    "choose_preferences": {},
    "create_connection": {"address": "http://127.0.0.1:9", "email": "a@example.com", "secret": "x"},
    "update_connection": {"label": "Renamed"},
    "set_up_webhook": {},
    "create_binding": {
        "scope": {"team_id": "{other_team_id}"},
        "connection_id": "{connection_id}",
        "jira_project_key": "FHP",
    },
    "update_binding": {"conflict_policy": "jira_wins"},
    "resolve": {"choices": {"title": "here"}},
}
NO_BODY: Final = {
    "restore_work_item", "create_attachment", "restore_attachment",
    "check_connection", "pause_binding", "resume_binding", "run_binding",
    "sweep_binding", "unlink", "look_now", "retry",
}  # fmt: skip


@pytest.fixture
def places(team: Team) -> Iterator[dict[str, str]]:
    """One of everything in the workplace of the team, by the names that paths use."""
    workplace, owner = team.workplace, the_owner(team.workplace)
    item, gone = an_item(team), an_item(team)
    actor = Actor.of(owner)
    comment = add_comment(item.pk, "Said", actor=actor)
    delete_item(gone.pk, actor=actor)
    connection = Connection.objects.create(
        workplace=workplace, label="Jira", base_url="http://127.0.0.1:9", email="a@example.com",
        sealed_secret=seal("x"), account_id="1", report=_REPORT,
    )  # fmt: skip
    ensure_lane(connection.lane, 4)
    binding = Binding.objects.create(
        team=team, connection=connection, jira_project_id="1", jira_project_key="FHP",
        jira_project_name="Fernhill", direction="two_way",
    )  # fmt: skip
    link = Link.objects.create(
        binding=binding, work_item=item, issue_id="1", issue_key="FHP-1", token="t",
        synced_at=timezone.now(),
    )  # fmt: skip
    hold = Hold.objects.create(link=link, slot_kind="field", slot_key="title", reason="No.")
    ids = {
        "team_id": team.pk,
        "other_team_id": a_team(workplace, name="Other", key_prefix="OTH").pk,
        "status_id": team.statuses.all()[1].pk,
        "project_id": create_project(workplace, "Project", actor=actor).pk,
        "item_id": item.pk,
        "gone_id": gone.pk,
        "other_item_id": an_item(team).pk,
        **_hung_on(item, actor),
        "comment_id": comment.pk,
        "member_id": a_member(workplace, name="Victim Vole").pk,
        "invitation_id": invite(owner, email="later@example.com")[0].pk,
        "connection_id": connection.pk,
        "binding_id": binding.pk,
        "link_id": link.pk,
        "entry_id": f"hold-{hold.pk}",
    }
    yield {name: str(value) for name, value in ids.items()}
    close_clients()


def _hung_on(item: WorkItem, actor: Actor) -> dict[str, int]:
    there, gone = (
        attach(item.pk, keep_file(name, [b"x"]), actor=actor) for name in ("there.txt", "gone.txt")
    )
    delete_attachment(gone.pk, actor=actor)
    third = an_item(item.team)
    return {
        "attachment_id": there.pk,
        "gone_attachment_id": gone.pk,
        "relation_id": add_relation(item.pk, Reading.BLOCKS, third.pk, actor=actor).pk,
        "web_link_id": add_web_link(item.pk, "https://example.org", actor=actor).pk,
    }


_REPORT: Final = {
    "account_id": "1", "account_name": "Bot", "time_zone": "UTC", "version": "1", "site_name": "",
    "missing": [], "skew_seconds": 0, "warnings": [],
}  # fmt: skip


def _operations() -> Iterator[tuple[str, str, str]]:
    for path, operations in api.get_openapi_schema(path_prefix="").get("paths", {}).items():
        for method, operation in operations.items():
            yield operation["operationId"], method.upper(), path


def _filled(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return re.sub(r"{(\w+)}", lambda found: places[found[1]], value)
    if isinstance(value, dict):
        return {name: _filled(each, places) for name, each in value.items()}
    return value


def _status(rest: Rest, name: str, method: str, path: str, places: Mapping[str, str]) -> int:
    """What the call answers; whatever it changed is taken back."""
    here = dict(places)
    if name == "restore_work_item":
        here["item_id"] = places["gone_id"]
    if name == "restore_attachment":
        here["attachment_id"] = places["gone_attachment_id"]
    if name == "remove_status":
        path += "?move_to=1"
    body = None if method in {"GET", "DELETE"} else _filled(BODIES.get(name, {}), here)
    with _undone():
        answer = rest.ask(method, _filled(path, here), body)
        answer.getvalue()  # a file is closed once it was read
        return int(answer.status_code)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_every_call_is_judged_by_right(
    request: pytest.FixtureRequest, team: Team, places: dict[str, str]
) -> None:
    roles = {
        role.value: rest_of(a_member(team.workplace, name=f"{role.value} one", role=role))
        for role in (Role.GUEST, Role.MEMBER, Role.ADMIN)
    }
    allowed: dict[str, str] = {}
    for name, method, path in _operations():
        able = [
            role
            for role, rest in roles.items()
            if _status(rest, name, method, path, places) not in REFUSED
        ]
        allowed[f"{method} {path}"] = " ".join(able) or "owner"
    agree(request, GOLDEN, allowed)


def test_nobody_is_let_in_without_signing_in(places: dict[str, str]) -> None:
    for rest in (Rest(), Rest("duolog_wrong")):
        for name, method, path in _operations():
            assert _status(rest, name, method, path, places) == 401, path


def test_another_workplace_sees_nothing(places: dict[str, str]) -> None:
    stranger = rest_of(the_owner(a_team().workplace))
    for name, method, path in _operations():
        status = _status(stranger, name, method, path, places)
        names_a_row = "{" in path or name in {"create_work_item", "create_binding"}
        assert not names_a_row or status == 404, (method, path, status)
        assert status < 500 or status == 503, (method, path, status)


def test_a_reading_token_reads_and_nothing_else(team: Team, places: dict[str, str]) -> None:
    reader = rest_of(the_owner(team.workplace), Scope.READ)
    for name, method, path in _operations():
        status = _status(reader, name, method, path, places)
        if method == "GET":
            assert status != 403, path
        else:
            assert status == 403, (method, path, status)


def test_every_writing_call_is_tried() -> None:
    writing = {name for name, method, _ in _operations() if method in {"POST", "PATCH"}}
    assert writing == set(BODIES) | NO_BODY


def test_the_reference_names_every_call_with_who_may_make_it() -> None:
    words = {"guest member admin": "everybody", "member admin": "members", "admin": "admins"}
    page = (Path(__file__).parents[2] / "docs" / "reference" / "api.md").read_text()
    told = dict(re.findall(r"^\| `([A-Z]+ [^`]+)` \|.*\| (\w+) \|$", page, re.MULTILINE))
    allowed = json.loads(GOLDEN.read_text())
    assert told == {call: words[roles] for call, roles in allowed.items()}
