"""The life of an administrator with the client `jira`: projects, people, and what is set up."""

from typing import Any

import pytest
from jira import JIRA, JIRAError

Place = Any


def test_everybody_reads_what_a_site_consists_of(pycontribs: JIRA) -> None:
    assert {one.key for one in pycontribs.projects()} >= {"FHP", "LIN", "REQ", "TEAM"}
    assert pycontribs.project("FHP", expand="lead,description").name == "Fernhill Platform"
    assert pycontribs.priority(pycontribs.priorities()[0].id).name == "Highest"
    for one in pycontribs.resolutions():
        assert pycontribs.resolution(one.id).name == one.name
    first = pycontribs.statuses()[0]
    assert pycontribs.status(first.name).id == pycontribs.status(first.id).id == first.id
    category = pycontribs.statuscategories()[0]
    assert pycontribs.statuscategory(category.id).key == category.key
    kind = pycontribs.issue_type_by_name("Task", "FHP")
    assert pycontribs.issue_type(kind.id).name == "Task"
    assert {one.name for one in pycontribs.issue_types()} >= {"Task", "Bug", "Story", "Epic"}
    assert "summary" in [one["id"] for one in pycontribs.fields()]
    assert pycontribs.find("issuetype/{0}", kind.id).raw["name"] == "Task"


@pytest.mark.filterwarnings("ignore:This API have been deprecated in JIRA 8.4")
def test_forms_are_asked_for_as_the_version_has_them(place: Place, pycontribs: JIRA) -> None:
    product = place.product
    if product.cloud or product.version < (9,):
        [form] = pycontribs.createmeta(projectKeys="REQ", expand="projects.issuetypes.fields")[
            "projects"
        ]
        assert form["issuetypes"][0]["fields"]["customfield_10032"]["required"]
        return
    with pytest.raises(JIRAError, match="Unsupported JIRA version"):
        pycontribs.createmeta(projectKeys="REQ")
    task = next(one for one in pycontribs.project_issue_types("REQ") if one.name == "Task")
    fields = {one.fieldId: one for one in pycontribs.project_issue_fields("REQ", task.id)}
    assert fields["customfield_10032"].required


def test_components_are_made_changed_and_deleted(place: Place, pycontribs: JIRA, word: str) -> None:
    made = pycontribs.create_component(word, "FHP", description="Of pumps")
    made.update(name=f"{word}2")
    assert pycontribs.component(made.id).name == f"{word}2"
    assert pycontribs.component_count_related_issues(made.id) == 0
    assert f"{word}2" in [one.name for one in pycontribs.project_components("FHP")]
    pycontribs.delete_component(made.id)
    if not place.product.cloud:
        led = pycontribs.create_component(word, "FHP", leadUserName=place.person().name)
        assert led.lead.name == place.person().name
        led.delete()


def test_versions_are_planned_released_and_moved(pycontribs: JIRA, word: str) -> None:
    made = pycontribs.create_version(word, "FHP", releaseDate="2030-05-05", startDate="2030-01-01")
    other = pycontribs.create_version(f"{word}b", "FHP", description="Later")
    issue = pycontribs.create_issue(
        project="FHP", summary=word, issuetype={"name": "Task"}, fixVersions=[{"id": made.id}]
    )
    assert pycontribs.version_count_unresolved_issues(made.id) == 1
    assert pycontribs.version_count_related_issues(made.id)["issuesFixedCount"] == 1
    pycontribs.move_version(made.id, after=other.self)
    names = [one.name for one in pycontribs.project_versions("FHP")]
    assert names.index(word) == names.index(f"{word}b") + 1
    pycontribs.move_version(made.id, position="First")
    pycontribs.rename_version("FHP", word, f"{word}a")
    found = pycontribs.get_project_version_by_name("FHP", f"{word}a")
    assert found is not None
    found.update(released=True)
    assert pycontribs.version(made.id, expand="operations").released
    found.delete(moveFixIssuesTo=other.id)
    assert [one.name for one in pycontribs.issue(issue.key).fields.fixVersions] == [f"{word}b"]
    issue.delete()
    other.delete()


def test_a_project_is_made_and_deleted(pycontribs: JIRA, word: str) -> None:
    key = f"K{word}"
    pycontribs.create_project(key, f"Project {word}")
    assert pycontribs.project(key).name == f"Project {word}"
    pycontribs.project(key).update(name=f"Renamed {word}")
    assert pycontribs.project(key).name == f"Renamed {word}"
    avatars = pycontribs.project_avatars(key)
    assert len([one for one in avatars["system"] if one["isSelected"]]) == 1
    pycontribs.delete_project(key)
    with pytest.raises(JIRAError):
        pycontribs.project(key)


def test_somebody_plays_several_roles(place: Place, pycontribs: JIRA) -> None:
    roles = pycontribs.project_roles("REQ")
    member, viewer = roles["Member"]["id"], roles["Viewer"]["id"]
    tomas = place.person(1)
    assert tomas.display_name in _actors(pycontribs, member)
    pycontribs.project_role("REQ", viewer).add_user(users=[place.name(tomas)])
    assert tomas.display_name in _actors(pycontribs, viewer)
    assert tomas.display_name in _actors(pycontribs, member), "still a member"
    with pytest.raises(JIRAError, match="already a member"):
        pycontribs.project_role("REQ", viewer).add_user(users=[place.name(tomas)])
    pycontribs.project_role("REQ", viewer).update(users=[], groups=["jira-administrators"])
    assert _actors(pycontribs, viewer) == ["jira-administrators"]
    assert tomas.display_name in _actors(pycontribs, member)


def _actors(client: JIRA, role: str) -> list[str]:
    return [one.displayName for one in client.project_role("REQ", role).actors]


def test_schemes_are_listed(pycontribs: JIRA) -> None:
    assert "Default Permission Scheme" in [one["name"] for one in pycontribs.permissionschemes()]
    assert pycontribs.project_permissionscheme("FHP").name
    assert pycontribs.notificationschemes()
    with pytest.raises(JIRAError) as unknown:
        pycontribs.delete_permissionscheme("99999")
    assert unknown.value.status_code == 404


def test_properties_of_the_site_are_read_and_changed(pycontribs: JIRA) -> None:
    assert _one(pycontribs.application_properties(key="jira.clone.prefix"))["value"] == "CLONE -"
    pycontribs.set_application_property("jira.clone.prefix", "COPY -")
    again = _one(pycontribs.application_properties(key="jira.clone.prefix"))
    assert (again["value"], again["defaultValue"]) == ("COPY -", "CLONE -")
    pycontribs.set_application_property("jira.clone.prefix", "CLONE -")
    assert "jira.title" in [one["key"] for one in pycontribs.application_properties()]
    with pytest.raises(JIRAError) as unknown:
        pycontribs.set_application_property("jira.nonsense", "1")
    assert unknown.value.status_code == 404


def _one(found: Any) -> dict[str, str]:
    """Cloud's document knows lists only."""
    one: dict[str, str] = found[0] if isinstance(found, list) else found
    return one


def test_people_are_searched(place: Place, pycontribs: JIRA) -> None:
    maya, cloud = place.person(), place.product.cloud
    search = {"query": "maya"} if cloud else {"user": "maya"}
    assert [one.displayName for one in pycontribs.search_users(**search)] == [maya.display_name]
    assert pycontribs.user(place.name(maya)).displayName == maya.display_name
    named = {"query": "maya"} if cloud else {"username": "maya"}
    for where in ({"project": "FHP"}, {"issueKey": "FHP-1"}):
        found = pycontribs.search_assignable_users_for_issues(**named, **where)
        assert [one.displayName for one in found] == [maya.display_name]
    [found] = pycontribs.search_allowed_users_for_issue("maya", projectKey="FHP")
    assert found.displayName == maya.display_name
    if cloud:
        with pytest.raises(JIRAError) as absent:
            pycontribs.user_avatars(maya.account_id)
        assert absent.value.status_code == 404
        return
    assert pycontribs.user_avatars(maya.name)["system"]


def test_groups_and_people_are_made_on_server(place: Place, pycontribs: JIRA, word: str) -> None:
    if place.product.cloud:
        with pytest.raises(JIRAError, match="products must be specified"):
            pycontribs.add_user(word, f"{word}@x.example", password="x")
        return
    login = word.lower()
    pycontribs.add_user(login, f"{login}@x.example", password="x", fullname="New")
    pycontribs.add_group(word)
    pycontribs.add_user_to_group(login, word)
    assert word in pycontribs.groups(query=word)
    if place.product.version < (10,):
        assert list(pycontribs.group_members(word)) == [login]
    pycontribs.remove_user_from_group(login, word)
    pycontribs.remove_group(word)
    pycontribs.rename_user(login, f"{login}2")
    assert pycontribs.user(f"{login}2").displayName == "New"
    assert pycontribs.delete_user(f"{login}2")


def test_sessions_are_told_and_ended_on_server(place: Place) -> None:
    if place.product.cloud:
        return
    client = place.pycontribs(place.person(), by_password=True)
    assert client.session().name == place.person().name
    client.kill_session()
    client.close()
