"""Columns of saved filters and of the site, chosen by form as the document says or as JSON."""

import pytest
from helpers.jira_caller import Api, Reply

from jirasim.site.model import User

CHOSEN = [{"label": "Summary", "value": "summary"}, {"label": "Status", "value": "status"}]
FORM, JSON = b"columns=summary&columns=status", {"columns": ["summary", "status"]}
OTHERS = b"columns=priority"


@pytest.fixture(params=["api", "server"])
def either(request: pytest.FixtureRequest) -> Api:
    """An empty site of either product."""
    found: Api = request.getfixturevalue(request.param)
    return found


def _filter(api: Api) -> str:
    wish = {"name": "Looked at", "jql": "project = FHP"}
    return f"/filter/{api.post('/filter', wish).json['id']}"


def _person(api: Api, index: int = 1) -> User:
    return api.site.state.users[api.site.state.people[index]]


def _refused_as_unknown(api: Api, reply: Reply, *, cloud: int) -> bool:
    return reply.status == (cloud if api.site.product.cloud else 500)


@pytest.mark.parametrize("body", [FORM, JSON])
def test_a_filter_has_columns_once_they_are_chosen(either: Api, body: object) -> None:
    at = f"{_filter(either)}/columns"
    assert either.get(at).status == 404
    assert either.put(at, body).status == 200
    assert either.get(at).json == CHOSEN
    assert either.delete(at).status == 204
    assert either.get(at).status == 404
    assert _refused_as_unknown(either, either.put(at, b"columns=nonsense"), cloud=400)


def test_columns_of_a_filter_are_its_owners_alone(either: Api) -> None:
    path = _filter(either)
    aiko = either.as_user(_person(either))
    assert aiko.put(f"{path}/columns", FORM).status == 400
    shared = {"type": "group", "groupname": "jira-software-users"}
    assert either.post(f"{path}/permission", shared).status == 201
    assert either.put(f"{path}/columns", FORM).status == 200
    assert aiko.get(f"{path}/columns").json == CHOSEN
    assert aiko.put(f"{path}/columns", OTHERS).status == 403
    assert aiko.delete(f"{path}/columns").status == 403
    assert either.get(f"{path}/columns").json == CHOSEN


def test_the_sites_columns_are_those_of_who_chose_none(either: Api) -> None:
    aiko, at = either.as_user(_person(either)), "/settings/columns"
    assert aiko.get("/user/columns").json == either.get(at).json
    assert either.put(at, FORM).status == 200
    assert either.get(at).json == aiko.get("/user/columns").json == CHOSEN
    assert aiko.put("/user/columns", OTHERS).status == 200
    assert [one["value"] for one in aiko.get("/user/columns").json] == ["priority"]
    assert either.put(at, b"").status == 200
    assert either.get(at).json == []
    assert aiko.get(at).status == aiko.put(at, FORM).status == 403
    assert _refused_as_unknown(either, either.put(at, b"columns=nonsense"), cloud=404)
