"""Who may enter where: every route, tried by everybody, against the list that people review."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client
from helpers.asked import CALLS, ELSEWHERE, FORMS, QUERIES, WITHOUT_BODY
from helpers.builders import a_member, a_team, a_workplace, an_item, the_owner
from helpers.golden import agree
from helpers.places import filled, make_places, own_places
from helpers.rest import Rest, rest_of
from helpers.routes import address_of, undone

from duolog.app.routes import Route, list_routes
from duolog.connections.services import close_clients
from duolog.people.models import Member, Role, Scope
from duolog.people.needs import Door
from duolog.people.rights import Right, holds
from duolog.web.views.entry import BACKEND
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team
from duolog.workplace.services import add_team_member

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.django_db(transaction=True),
]

DOCS: Final = Path(__file__).parents[2] / "docs" / "reference"
IN: Final = "yes"
BROKEN: Final = "broken"
USABLE: Final = "pbkdf2_sha256$1$salt$hash"
REFUSED: Final = {401: "sign in", 403: "no", 404: "404"}
PAGE_METHODS: Final = ("GET", "POST")
INTRODUCTION: Final = """# Routes and rights

Every address of an installation, what it says it needs, and what it answered when it was tried with
things that are there and that the owner made. *No* is 403, *404* is what is not told apart from
what does not exist, *sign in* is 401 or the way to the sign-in; a dot stands for what cannot be.
Guests, members, admins and owners are of the workplace; the **team admin** is a member who is admin
of the team in question; **elsewhere** is the owner of another workplace; the **reader** has an API
token of the owner that only reads.

This page is written by `pytest tests/app/test_routes.py --update-golden`, and compared at each test.
"""
COLUMNS: Final = (
    "guest", "member", "team admin", "admin", "owner", "elsewhere", "signed out", "reader",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who tries addresses: by pages, by the API, or by one of them only."""

    rest: Rest | None
    client: Client | None
    member: Member | None
    own: Mapping[str, str]

    def status(self, route: Route, method: str, places: Mapping[str, str]) -> str:
        """What the route answers in one word; whatever it changed is taken back."""
        is_call = bool(route.method)
        if (self.rest if is_call else self.client) is None:
            return "·"
        here = {**places, **self.own}
        here |= {name: here[place] for name, place in ELSEWHERE.get(route.name, {}).items()}
        with undone():
            answer = self._call(route, here) if is_call else self._page(route, method, here)
            if answer.streaming:
                answer.getvalue()  # a file is closed once it was read
        return _word(answer)

    def _call(self, route: Route, here: Mapping[str, str]) -> Any:
        assert self.rest is not None
        path = filled(f"{route.path}?{QUERIES.get(route.name, '')}", here)
        body = (
            None if route.method in {"GET", "DELETE"} else filled(CALLS.get(route.name, {}), here)
        )
        return self.rest.ask(route.method, path.removeprefix("/api/v1"), body)

    def _page(self, route: Route, method: str, here: Mapping[str, str]) -> Any:
        assert self.client is not None
        path = filled(f"{address_of(route)}?{QUERIES.get(route.name, '')}", here)
        form = filled(dict(FORMS.get(route.name, {})), here) if method == "POST" else {}
        session = self.client.cookies.copy()
        try:
            return self.client.post(path, form) if method == "POST" else self.client.get(path)
        finally:
            self.client.cookies = session


def _word(answer: Any) -> str:
    if answer.status_code >= 500 and answer.status_code != 503:
        return BROKEN
    where = answer.headers.get("Location", "") or answer.headers.get("HX-Redirect", "")
    if where.startswith("/accounts/login/?next=") or where == "/accounts/login/?":
        return REFUSED[401]
    if answer.status_code == 405:
        return "405"
    return REFUSED.get(answer.status_code, IN)


@pytest.fixture
def places(team: Team) -> Iterator[dict[str, str]]:
    yield make_places(team)
    close_clients()


@pytest.fixture
def visitors(team: Team, places: dict[str, str]) -> dict[str, Visitor]:
    """Everybody who is in the list, by the name of their column."""
    here, owner = team.workplace, the_owner(team.workplace)
    team_admin = a_member(here, name="Tara Teamadmin")
    add_team_member(team.pk, team_admin.pk, actor=Actor.of(owner), is_admin=True)
    members = {
        "guest": a_member(here, name="Gus Guest", role=Role.GUEST),
        "member": a_member(here, name="Mia Member"),
        "team admin": team_admin,
        "admin": a_member(here, name="Ada Admin", role=Role.ADMIN),
        "owner": owner,
    }
    visitors = {name: visitor_of(member) for name, member in members.items()}
    reader = Visitor(rest_of(owner, Scope.READ), None, None, own_places(owner))
    return visitors | {
        "elsewhere": visitor_of(the_owner(a_workplace("Elsewhere")), of_others=own_places(owner)),
        "signed out": Visitor(Rest(), Client(), None, own_places(owner)),
        "reader": reader,
    }


def visitor_of(member: Member, of_others: Mapping[str, str] | None = None) -> Visitor:
    """The member, with a token and a session, and with the password that pages about it want."""
    member.user.password = USABLE
    member.user.save()
    client = Client(raise_request_exception=False)
    client.force_login(member.user, BACKEND)
    own = own_places(member) if of_others is None else of_others
    return Visitor(rest_of(member), client, member, own)


def test_every_route_lets_in_whom_the_list_says(
    request: pytest.FixtureRequest,
    team: Team,
    places: dict[str, str],
    visitors: dict[str, Visitor],
) -> None:
    lines, problems = [], []
    for route in list_routes():
        for method in (route.method,) if route.method else PAGE_METHODS:
            told = {name: visitors[name].status(route, method, places) for name in COLUMNS}
            if told["owner"] == "405":
                continue
            needed = route.need.for_method(method)
            found = _disagreements(needed, told, visitors, team)
            problems += [f"{method} {route.path}: {each}" for each in found]
            own = f" (one's own: {route.need.own})" if route.need.own else ""
            lines.append((method, route, f"{needed}{own}", told))
    assert not problems, "\n".join(problems)
    agree(request, DOCS / "routes.md", _page(lines))


def _disagreements(
    needed: Right | Door, told: Mapping[str, str], visitors: Mapping[str, Visitor], team: Team
) -> Iterator[str]:
    """Where somebody without the right came in, or somebody with it did not, or we broke."""
    yield from (f"{name} sees us break" for name, word in told.items() if word == BROKEN)
    if isinstance(needed, Right):
        for name in COLUMNS[:5]:
            member = visitors[name].member
            assert member is not None
            if (told[name] == IN) != holds(member, needed, team=team):
                yield f"{name} is told {told[name]}, though it needs: {needed}"
    if needed != Door.ANYBODY and needed not in _OPEN and told["signed out"] != REFUSED[401]:
        yield f"signed out is told {told['signed out']}"


_OPEN: Final = {Door.ADDRESS, Door.METRICS}


def _page(lines: list[tuple[str, Route, str, Mapping[str, str]]]) -> str:
    rows = []
    for method, route, needed, told in lines:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)
        path = path.replace("(?P{uidb36}[0-9A-Za-z]+)-(?P{key}.+)", "{uidb36}-{key}").strip("^$")
        cells = " | ".join(told[name] for name in COLUMNS)
        rows.append(f"| `{method} {path.replace('^', '').replace('$', '')}` | {needed} | {cells} |")
    head = f"| Route | Needs | {' | '.join(COLUMNS)} |\n|---|---|{'---|' * len(COLUMNS)}"
    return f"{INTRODUCTION}\n{head}\n" + "\n".join(rows) + "\n"


def test_things_of_another_workplace_are_not_there(
    team: Team, places: dict[str, str], visitors: dict[str, Visitor]
) -> None:
    """Also where they are named below one's own workplace."""
    there = a_team(a_workplace("Beyond"), name="Beyond", key_prefix="BEY")
    stranger = visitor_of(
        the_owner(there.workplace), of_others=own_places(the_owner(team.workplace))
    )
    for route in list_routes():
        address = route.path if route.method else address_of(route)
        names = set(re.findall(r"{(\w+)}", address)) - {"slug", "version", "name", "token"}
        if not names or isinstance(route.need.to_read, Door):
            continue
        for method in (route.method,) if route.method else PAGE_METHODS:
            told = stranger.status(route, method, places | {"slug": there.workplace.slug})
            assert told in {"404", "405"}, (method, route.path, told)


def test_things_of_another_workplace_cannot_be_named_in_bodies(
    team: Team, places: dict[str, str]
) -> None:
    mine = a_team(a_workplace("Beyond"), name="Beyond", key_prefix="BEY")
    rest = rest_of(the_owner(mine.workplace))
    item = an_item(mine)
    tried: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/work-items", {"team_id": "{team_id}", "title": "New"}),
        *(
            ("POST", "/work-items", {"team_id": str(mine.pk), "title": "New", name: place})
            for name, place in _NAMED.items()
        ),
        *(("PATCH", f"/work-items/{item.pk}", {name: place}) for name, place in _NAMED.items()),
        ("POST", f"/work-items/{item.pk}/comments", {"body": "x", "parent_id": "{comment_id}"}),
        (
            "POST",
            f"/work-items/{item.pk}/relations",
            {"type": "blocks", "work_item_id": "{item_id}"},
        ),
        ("POST", "/projects", {"name": "New", "lead_id": "{member_id}"}),
        ("PATCH", f"/teams/{mine.pk}/statuses", {"status_ids": ["{status_id}"]}),
        (
            "POST",
            "/bindings",
            {
                "scope": {"team_id": str(mine.pk)},
                "connection_id": "{connection_id}",
                "jira_project_key": "FHP",
            },
        ),
    ]
    for method, path, body in tried:
        answer = rest.ask(method, path, filled(body, places))
        assert answer.status_code in {404, 422}, (method, path, body, answer.content)
    status = mine.statuses.first()
    assert status is not None
    moved = rest.ask(
        "DELETE", f"/teams/{mine.pk}/statuses/{status.pk}?move_to={places['status_id']}"
    )
    assert moved.status_code in {404, 422}


_NAMED: Final = {
    "assignee_id": "{member_id}",
    "project_id": "{project_id}",
    "parent_id": "{item_id}",
    "status_id": "{status_id}",
}


def test_a_reading_token_reads_and_nothing_else(
    places: dict[str, str], visitors: dict[str, Visitor]
) -> None:
    for route in list_routes():
        if route.method:
            told = visitors["reader"].status(route, route.method, places)
            assert (told == "no") == (route.method != "GET"), (route.method, route.path, told)


def test_who_left_is_a_stranger(team: Team, places: dict[str, str]) -> None:
    gone = a_member(team.workplace, name="Lea Left", role=Role.ADMIN)
    visitor = visitor_of(gone)
    gone.left_at = gone.joined_at
    gone.save()
    for route in list_routes():
        if isinstance(route.need.to_read, Right):
            method = route.method or "GET"
            told = visitor.status(route, method, places)
            assert told in {"404", "405", "sign in"}, (method, route.path, told)


def test_every_writing_call_is_tried_with_a_body() -> None:
    writing = {route.name for route in list_routes() if route.method in {"POST", "PUT", "PATCH"}}
    assert writing == set(CALLS) | WITHOUT_BODY


def test_the_reference_names_every_call_with_who_may_make_it() -> None:
    listed = (DOCS / "routes.md").read_text()
    allowed: dict[str, str] = {}
    for call, guest, member in re.findall(
        r"^\| `([A-Z]+ /api/v1/[^`]+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|", listed, re.MULTILINE
    ):
        who = "everybody" if guest == IN else "members" if member == IN else "admins"
        allowed[call.replace("/api/v1", "")] = who
    page = (DOCS / "api.md").read_text()
    told = dict(re.findall(r"^\| `([A-Z]+ [^`]+)` \|.*\| (\w+) \|$", page, re.MULTILINE))
    beside = {
        "GET /",
        "POST /",
        "GET /docs",
        "GET /docs.css",
        "GET /openapi.json",
        "POST /openapi.json",
    }
    assert told == {call: who for call, who in allowed.items() if call not in beside}
