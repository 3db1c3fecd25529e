"""A custom field of each kind as a property's value: what goes there comes back the same."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.fields import PropertyMap, ValueMap, foreign_id, only_there, spelled
from duolog.core.markup import normalise
from duolog.core.markup.mentions import People
from duolog.core.properties import PropertyKind, join_lines, join_options, moment_text
from duolog.jira.dialect import DIALECTS, Deployment
from duolog.jira.parts.custom import property_here, property_there
from duolog.jira.surroundings import Surroundings
from duolog.jira.wire import Json, User
from duolog.jira.wire.projects import FieldMeta

OPTIONS = ValueMap({"a": "10", "b": "10/11", "c": "12"}, {"10": "a", "10/11": "b", "12": "c"})


class Around:
    """The world beyond the issue: accounts 1 to 9 are the members of the same number."""

    def __init__(self, deployment: Deployment) -> None:
        self.dialect = DIALECTS[deployment]

    def account_here(self, account: User) -> str:
        known = account.account_id.removeprefix("acc-")
        return known if known in "123456789" else only_there(account.account_id)

    def account_there(self, member: str) -> str | None:
        return f"acc-{member}"

    def people(self, _called: Collection[str], _members: Collection[str]) -> People:
        return People()


def around(deployment: Deployment) -> Surroundings:
    return cast("Surroundings", Around(deployment))


def answered(value: Json) -> Json:
    """What Jira tells after it took a value: it names what was chosen."""
    if isinstance(value, list):
        return [answered(each) for each in value]
    if isinstance(value, dict) and ("accountId" in value or "name" in value):
        return {"displayName": "Somebody", "key": value.get("name", ""), **value}
    return value


deployments = st.sampled_from(list(Deployment))
seconds = st.integers(0, 7_000_000_000).map(
    lambda second: moment_text(datetime.fromtimestamp(second, UTC).isoformat())
)
texts = st.text().map(normalise).filter(bool).map(spelled)
VALUES: dict[PropertyKind, st.SearchStrategy[str]] = {
    PropertyKind.DATE_TIME: seconds,
    PropertyKind.SELECT: st.sampled_from(["a", "b", "c"]),
    PropertyKind.MEMBERS: st.sets(st.sampled_from("123456789"), min_size=1).map(
        lambda ids: str(join_options(ids))
    ),
    PropertyKind.MULTI_SELECT: st.sets(st.sampled_from("abc"), min_size=1).map(
        lambda ids: str(join_options(ids))
    ),
    PropertyKind.TEXT: st.text(min_size=1).map(str.strip).filter(bool).map(spelled),
}


@pytest.mark.parametrize("kind", [kind for kind in VALUES if kind is not PropertyKind.TEXT])
@given(data=st.data(), deployment=deployments)
def test_what_goes_there_comes_back_the_same(
    kind: PropertyKind, data: st.DataObject, deployment: Deployment
) -> None:
    known, value = PropertyMap("customfield_1", kind, OPTIONS), data.draw(VALUES[kind])
    there = property_there(known, value, around(deployment))
    assert property_here(known, answered(there), around(deployment)) == value


@pytest.mark.parametrize("sort", ["grouppicker", "version", "textfield"])
@given(value=VALUES[PropertyKind.TEXT], deployment=deployments)
def test_a_name_or_text_comes_back_the_same(sort: str, value: str, deployment: Deployment) -> None:
    known = PropertyMap("customfield_1", PropertyKind.TEXT, sort=sort)
    there = property_there(known, value, around(deployment))
    assert isinstance(there, dict) == (sort != "textfield")
    assert property_here(known, there, around(deployment)) == value


@pytest.mark.parametrize("sort", ["labels", "multigrouppicker", "multiversion"])
@given(
    names=st.sets(VALUES[PropertyKind.TEXT].filter(lambda it: len(it.splitlines()) == 1)),
    deployment=deployments,
)
def test_several_names_come_back_the_same(
    sort: str, names: set[str], deployment: Deployment
) -> None:
    known = PropertyMap("customfield_1", PropertyKind.LIST, sort=sort)
    joined = join_lines(names)
    value = spelled(joined) if joined else None
    there = cast("list[Json]", property_there(known, value, around(deployment)))
    assert len(there) == len(names)
    assert all(isinstance(each, dict) == (sort != "labels") for each in there)
    assert property_here(known, there, around(deployment)) == value


@given(value=texts, deployment=deployments)
def test_a_paragraph_comes_back_the_same_and_is_not_sent_again(
    value: str, deployment: Deployment
) -> None:
    known = PropertyMap("customfield_1", PropertyKind.PARAGRAPH)
    there = property_there(known, value, around(deployment))
    assert isinstance(there, dict) == (deployment is Deployment.CLOUD)
    here = property_here(known, there, around(deployment))
    again = property_there(known, here, around(deployment), there)
    assert property_here(known, again, around(deployment)) == here


def test_people_whom_nobody_here_stands_for_stay_in_jira() -> None:
    known = PropertyMap("customfield_1", PropertyKind.MEMBERS)
    held: Any = [{"accountId": "stranger"}, {"accountId": "acc-2"}]
    cloud = around(Deployment.CLOUD)
    assert foreign_id(property_here(known, held, cloud)) == "acc-2,stranger"
    there = property_there(known, "1", cloud, held)
    assert there == [{"accountId": "stranger"}, {"accountId": "acc-1"}]
    assert property_there(known, None, cloud, held) == [{"accountId": "stranger"}]


@pytest.mark.parametrize(
    ("told", "value"),
    [
        ("2027-03-01T10:30:00.000+0100", "2027-03-01T09:30:00Z"),
        ("2027-03-01T09:30:00Z", "2027-03-01T09:30:00Z"),
        ("2027-03-01T09:30", "2027-03-01T09:30:00Z"),
    ],
)
def test_a_moment_has_one_form(told: str, value: str) -> None:
    assert moment_text(told) == value


def test_what_is_no_moment_is_kept_as_jiras_own() -> None:
    known = PropertyMap("customfield_1", PropertyKind.DATE_TIME)
    assert property_here(known, "soon", around(Deployment.CLOUD)) == only_there("soon")


@pytest.mark.parametrize("is_nested", [False, True])
def test_projects_are_offered_as_documented_and_as_server_was_recorded(is_nested: bool) -> None:
    projects = [{"id": "10000", "key": "FHP", "name": "Fernhill Platform"}]
    offered = [projects] if is_nested else projects
    told = {"required": False, "name": "Project", "allowedValues": offered}
    (project,) = FieldMeta.model_validate(told).allowed_values or ()
    assert (project.id, project.name) == ("10000", "Fernhill Platform")
