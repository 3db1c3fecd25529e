"""What a caller sees of each fault, over a real socket, and whether the write happened."""

from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected

import pytest

ISSUE = "/rest/api/3/issue"


def ask(address, method, path, headers, body=None):
    connection = HTTPConnection(*address, timeout=5)
    try:
        given = {**headers, "Content-Type": "application/json"}
        connection.request(method, path, body, given)
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()
    finally:
        connection.close()


def script(client, **fault):
    match = {"method": "POST", "path": ISSUE}
    assert client.post("/_sim/faults", json=[{"match": match, **fault}]).status_code == 200


CREATE = b'{"fields":{"project":{"key":"FHP"},"issuetype":{"name":"Task"},"summary":"New one"}}'


@pytest.fixture
def summaries(controls):
    return lambda: [issue.summary for issue in controls.site.state.issues.values()]


@pytest.mark.parametrize(("kind", "done"), [("status_before", False), ("status_after", True)])
def test_a_status_hides_or_prevents_the_write(kind, done, client, address, admin, summaries):
    script(client, fault=kind, status=503, headers={"Retry-After": "7"})
    status, headers, _ = ask(address, "POST", ISSUE, admin, CREATE)
    assert (status, headers["retry-after"]) == (503, "7")
    assert ("New one" in summaries()) is done
    assert ask(address, "POST", ISSUE, admin, CREATE)[0] == 201


@pytest.mark.parametrize(("kind", "done"), [("cut_before", False), ("cut_after", True)])
def test_a_cut_gives_no_answer_at_all(kind, done, client, address, admin, summaries):
    script(client, fault=kind)
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        ask(address, "POST", ISSUE, admin, CREATE)
    assert ("New one" in summaries()) is done
    assert ask(address, "POST", ISSUE, admin, CREATE)[0] == 201


def test_a_truncated_answer_ends_in_the_middle(client, address, admin, summaries):
    script(client, fault="truncate")
    with pytest.raises((IncompleteRead, ConnectionResetError)):
        ask(address, "POST", ISSUE, admin, CREATE)
    assert "New one" in summaries()


def test_a_login_page_comes_with_200_and_nothing_is_done(client, address, admin, summaries):
    script(client, fault="html")
    status, headers, body = ask(address, "POST", ISSUE, admin, CREATE)
    assert status == 200
    assert headers["content-type"].startswith("text/html")
    assert b"<form" in body
    assert "New one" not in summaries()


def test_a_slow_answer_comes_all_the_same(client, address, admin, summaries):
    script(client, fault="slow", delay_ms=20)
    assert ask(address, "POST", ISSUE, admin, CREATE)[0] == 201
    assert "New one" in summaries()


def test_a_struck_call_is_counted(client, address, admin):
    script(client, fault="status_before")
    ask(address, "POST", ISSUE, admin, CREATE)
    assert client.get("/_sim/calls").json() == {"POST /rest/api/3/issue": 1}
