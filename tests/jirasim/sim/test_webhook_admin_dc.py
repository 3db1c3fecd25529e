"""Admin webhooks of Server over REST: before 10 as on Cloud, from 10 on in a form of its own."""

import base64
import json
from contextlib import contextmanager

import pytest
from starlette.testclient import TestClient

from jirasim.clock import VirtualClock
from jirasim.http.app import assemble, create_app
from jirasim.seed import make_state
from jirasim.site.product import Deployment, Product
from jirasim.site.state import Site
from jirasim.webhooks.delivery import Delivery

OLD = "/rest/webhooks/1.0/webhook"
NEW = "/rest/jira-webhook/1.0/webhooks"
SECTION = "issue-related-events-section"
HOOK = {"name": "CI", "url": "https://ci.example/hook", "events": ["jira:issue_updated"]}


@contextmanager
def server(*version):
    """The controls of a Server of this version, and its administrator as a client."""
    clock = VirtualClock()
    product = Product(Deployment.SERVER, version)
    state = make_state(seed=1, issues=0, now=clock(), product=product)
    controls = assemble(Site(state, clock, base_url="http://jira.test"))
    admin = state.users[state.service_account]
    pair = f"{admin.name}:{state.passwords[admin.account_id]}".encode()
    client = TestClient(create_app(controls), base_url="http://jira.test")
    client.headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    yield controls, client
    controls.sender.close()


@pytest.fixture
def ten():
    with server(10, 3, 24) as found:
        yield found


@pytest.fixture
def nine():
    with server(9, 12, 1) as found:
        yield found


def test_each_version_has_one_place_for_webhooks(ten, nine):
    assert [client.get(OLD).status_code for _, client in (nine, ten)] == [200, 404]
    assert [client.get(NEW).status_code for _, client in (nine, ten)] == [404, 200]


def test_on_ten_a_webhook_has_a_number_and_a_configuration(ten):
    controls, client = ten
    secret = {"SECRET": "s", "EXCLUDE_BODY": "true", "FILTERS": json.dumps({SECTION: ""})}
    made = client.post(NEW, json={**HOOK, "configuration": secret})
    assert made.status_code == 201
    body = made.json()
    assert body["id"] == 1
    assert body["active"] is True
    assert body["scopeType"] == "global"
    assert body["sslVerificationRequired"] is True
    assert body["configuration"]["EXCLUDE_BODY"] == "true"
    assert "SECRET" not in body["configuration"]
    assert isinstance(body["createdDate"], int)
    [kept] = controls.site.state.webhooks.values()
    assert (kept.secret, kept.exclude_body) == ("s", True)
    assert client.get(f"{NEW}/1").json() == body
    assert client.get(NEW).json() == [body]
    assert client.get(NEW, params={"event": "comment_created"}).json() == []
    changed = client.put(f"{NEW}/1", json={"active": False, "sslVerificationRequired": False})
    assert changed.json()["active"] is False
    assert controls.site.state.webhooks["1"].secret == "s"
    assert client.delete(f"{NEW}/1").status_code == 204
    assert client.get(f"{NEW}/1").status_code == 404


def test_on_ten_a_secret_beside_the_configuration_is_ignored(ten):
    controls, client = ten
    assert client.post(NEW, json={**HOOK, "secret": "s"}).status_code == 201
    assert controls.site.state.webhooks["1"].secret == ""


@pytest.mark.parametrize(
    "said",
    [
        {"filters": {SECTION: "project = FHP"}},
        {"configuration": {"FILTERS": json.dumps({SECTION: "project = FHP"})}},
    ],
)
def test_on_ten_a_filter_may_be_said_in_either_way(said, ten):
    controls, client = ten
    assert client.post(NEW, json={**HOOK, **said}).status_code == 201
    assert controls.site.state.webhooks["1"].jql == "project = FHP"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"events": ["jira:nothing"]},
        {"configuration": "x"},
        {"configuration": {"FILTERS": "{"}},
        {"filters": {SECTION: "project = NOPE"}},
    ],
)
def test_on_ten_a_webhook_that_cannot_work_is_refused(wrong, ten):
    _, client = ten
    assert client.post(NEW, json={**HOOK, **wrong}).status_code == 400
    assert client.get(NEW).json() == []


def test_on_ten_statistics_tell_how_deliveries_went(ten):
    controls, client = ten
    client.post(NEW, json=HOOK)
    assert client.get(f"{NEW}/1/latest").status_code == 204
    assert client.get(f"{NEW}/1/transitions").json() == []
    nobody = Delivery("one", "1", HOOK["events"][0], "http://127.0.0.1:1/hook", b"", most_retries=0)
    controls.sender.submit(nobody)
    assert controls.sender.wait_until_idle(5)
    statistics = client.get(f"{NEW}/1/statistics").json()
    counts = statistics["counts"]
    assert (counts["errors"], counts["failures"], counts["successes"]) == (1, 0, 0)
    assert counts["window"]["duration"] == 86_400_000
    assert statistics["lastError"]["result"]["outcome"] == "ERROR"
    assert "lastSuccess" not in statistics
    summary = client.get(f"{NEW}/1/statistics/summary").json()
    assert summary["jira:issue_updated"]["counts"]["errors"] == 1
    assert client.get(f"{NEW}/1/latest").json()["request"]["url"] == "http://127.0.0.1:1/hook"
    assert controls.sender.pending() == 0, "Server does not try again"


def test_before_ten_there_are_no_secrets_and_the_first_names_still_work(nine):
    controls, client = nine
    first = {"jqlFilter": "project = FHP", "excludeIssueDetails": True, "secret": "s"}
    made = client.post(OLD, json={**HOOK, "events": ["jira:worklog_updated"], **first})
    assert made.status_code == 201
    body = made.json()
    assert "isSigned" not in body
    assert body["filters"] == {SECTION: "project = FHP"}
    assert body["excludeBody"] is True
    admin = controls.site.state.users[controls.site.state.service_account]
    assert body["lastUpdatedUser"] == admin.key
    [kept] = controls.site.state.webhooks.values()
    assert kept.secret == ""
