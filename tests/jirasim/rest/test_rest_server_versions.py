"""Server 8.17.1 and 9.12: what is older there than on 10.3."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from helpers.jira_caller import Api, api_of

from jirasim.clock import VirtualClock
from jirasim.http.app import assemble
from jirasim.seed import make_state
from jirasim.site.product import Deployment, Product
from jirasim.site.state import Site

Open = Callable[..., Api]


def with_password(server: Api) -> Api:
    """Logged in by name, since personal access tokens came with 8.14 only."""
    state = server.site.state
    user = state.users[state.service_account]
    login = f"{user.name}:{state.passwords[user.account_id]}"
    return replace(server, authorization=f"Basic {b64encode(login.encode()).decode()}")


@pytest.fixture
def at() -> Iterator[Open]:
    """A site of any version, judged by no document: there is only one of 10.3."""
    with ExitStack() as stack:

        def opened(*version: int) -> Api:
            clock = VirtualClock()
            product = Product(Deployment.SERVER, version)
            state = make_state(seed=7, issues=0, now=clock(), product=product)
            controls = assemble(Site(state, clock, base_url="http://jira.test"))
            stack.callback(controls.sender.close)
            return with_password(api_of(controls, None, set()))

        yield opened


@pytest.mark.parametrize(
    ("version", "build"), [((8, 17, 1), 817001), ((9, 12, 2), 9120002), ((10, 3, 24), 10030024)]
)
def test_each_tells_its_version(at: Open, version: tuple[int, ...], build: int) -> None:
    told = at(*version).get("/serverInfo").json
    assert (told["versionNumbers"], told["buildNumber"]) == (list(version), build)
    assert told["deploymentType"] == "Server"


@pytest.mark.parametrize(("version", "status"), [((8, 17, 1), 200), ((9, 12, 2), 404)])
def test_the_old_create_metadata_ended_with_9(
    at: Open, version: tuple[int, ...], status: int
) -> None:
    server = at(*version)
    old = server.get("/issue/createmeta", projectKeys="REQ", expand="projects.issuetypes.fields")
    assert old.status == status
    if status == 200:
        [project] = old.json["projects"]
        assert project["issuetypes"][0]["fields"]["customfield_10032"]["required"]
    else:
        assert old.json["errorMessages"] == ["Issue Does Not Exist"]
    assert server.get("/issue/createmeta/REQ/issuetypes").json["values"] != []


@pytest.mark.parametrize("version", [(8, 0, 2), (8, 4, 0)])
def test_the_new_create_metadata_began_with_8_4(at: Open, version: tuple[int, ...]) -> None:
    known = at(*version).get("/issue/createmeta/REQ/issuetypes").status == 200
    assert known == (version >= (8, 4))


@pytest.mark.parametrize("version", [(8, 17, 1), (9, 12, 2)])
def test_an_issue_lives_on_every_version(at: Open, version: tuple[int, ...]) -> None:
    server = at(*version)
    fields = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "Old"}
    key = server.post("/issue", {"fields": {**fields, "description": "*x*"}}).json["key"]
    assert server.post(f"/issue/{key}/comment", {"body": "_y_"}).json["body"] == "_y_"
    assert server.post(f"/issue/{key}/worklog", {"timeSpent": "1h"}).status == 201
    [found] = server.get("/search", jql=f"key = {key}").json["issues"]
    assert found["fields"]["description"] == "*x*"
    assert server.delete(f"/issue/{key}").status == 204
