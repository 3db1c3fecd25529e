"""No request reaches an address inside our own network, whatever a name resolves to."""

from __future__ import annotations

from ipaddress import ip_address

import httpx2
import pytest

from duolog.core.errors import Disconnected
from duolog.jira.auth import ApiToken
from duolog.jira.guard import HostPolicy, PinnedTransport
from duolog.jira.transport import open_http

PUBLIC = "93.184.216.34"
STRICT = HostPolicy()
OPEN = HostPolicy(allow_private=True, allow_http=True)


@pytest.mark.parametrize(
    ("address", "strict", "opened"),
    [
        pytest.param(PUBLIC, True, True, id="a public address"),
        pytest.param("2606:2800:220:1::1", True, True, id="a public IPv6 address"),
        pytest.param("10.1.2.3", False, True, id="ten"),
        pytest.param("172.16.0.1", False, True, id="one-seven-two"),
        pytest.param("192.168.1.1", False, True, id="one-nine-two"),
        pytest.param("127.0.0.1", False, True, id="ourselves"),
        pytest.param("::1", False, True, id="ourselves in IPv6"),
        pytest.param("100.64.0.1", False, True, id="shared by a carrier"),
        pytest.param("fd12::1", False, True, id="a unique local address"),
        pytest.param("::ffff:10.0.0.1", False, True, id="a private address in IPv6 clothes"),
        pytest.param("64:ff9b::a00:1", False, True, id="a private address behind NAT64"),
        pytest.param("2002:a00:1::", False, True, id="a private address behind 6to4"),
        pytest.param("64:ff9b:1::a00:1", False, True, id="a private address behind local NAT64"),
        pytest.param("::ffff:0:10.0.0.1", False, True, id="a private address translated"),
        pytest.param("::10.0.0.1", False, True, id="a private address made compatible"),
        pytest.param("fec0::1", False, True, id="a site-local address"),
        pytest.param("2001:0:4136:e378:8000:63bf:3fff:fdd2", False, True, id="Teredo"),
        pytest.param("240.0.0.1", False, True, id="kept for the future"),
        pytest.param("198.18.0.1", False, True, id="kept for measurements"),
        pytest.param("::169.254.169.254", False, False, id="those secrets made compatible"),
        pytest.param("169.254.169.254", False, False, id="the secrets of a machine"),
        pytest.param("::ffff:169.254.169.254", False, False, id="those secrets in IPv6 clothes"),
        pytest.param("fd00:ec2::254", False, False, id="those secrets in IPv6"),
        pytest.param("100.100.100.200", False, False, id="those secrets at another provider"),
        pytest.param("fe80::1", False, False, id="a link-local address"),
        pytest.param("224.0.0.1", False, False, id="many machines"),
        pytest.param("0.0.0.0", False, False, id="no machine"),
        pytest.param("::", False, False, id="no machine in IPv6"),
        pytest.param("255.255.255.255", False, False, id="every machine"),
    ],
)
def test_which_addresses_may_be_reached(address: str, strict: bool, opened: bool) -> None:
    assert (STRICT.objection(ip_address(address)) is None) is strict
    assert (OPEN.objection(ip_address(address)) is None) is opened


class Names:
    """Names that resolve as told, the last answer for ever."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self._answers = list(answers)

    def __call__(self, _host: str, _port: int) -> tuple[object, ...]:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return tuple(ip_address(text) for text in answer)


def guarded(names: Names, *, dead: frozenset[str] = frozenset()) -> tuple[httpx2.Client, list]:
    reached: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        reached.append(request)
        if request.url.host in dead:
            raise httpx2.ConnectError("unreachable")
        return httpx2.Response(200)

    inner = httpx2.MockTransport(handle)
    return httpx2.Client(transport=PinnedTransport(inner, STRICT, resolve=names)), reached


def test_the_address_that_was_checked_is_the_one_connected_to() -> None:
    client, reached = guarded(Names((PUBLIC,)))

    client.get("https://jira.example:8443/jira/rest")

    assert str(reached[0].url) == f"https://{PUBLIC}:8443/jira/rest"
    assert reached[0].headers["host"] == "jira.example:8443"
    assert reached[0].extensions["sni_hostname"] == "jira.example"


def test_a_name_that_changes_its_mind_is_caught() -> None:
    client, reached = guarded(Names((PUBLIC,), ("10.0.0.1",)))
    client.get("https://jira.example/")
    with pytest.raises(Disconnected, match=r"10\.0\.0\.1"):
        client.get("https://jira.example/")
    assert len(reached) == 1


def test_one_address_out_of_bounds_spoils_the_name() -> None:
    client, reached = guarded(Names((PUBLIC, "169.254.169.254")))
    with pytest.raises(Disconnected):
        client.get("https://jira.example/")
    assert reached == []


def test_the_next_address_is_tried_when_the_first_is_dead() -> None:
    client, reached = guarded(Names(("2606:2800::1", PUBLIC)), dead=frozenset({"2606:2800::1"}))
    assert client.get("https://jira.example/").status_code == 200
    assert [it.url.host for it in reached] == ["2606:2800::1", PUBLIC]


def test_a_body_arrives_whole_at_the_second_address() -> None:
    client, reached = guarded(Names(("2606:2800::1", PUBLIC)), dead=frozenset({"2606:2800::1"}))
    client.post("https://jira.example/", json={"a": 1})
    assert reached[-1].read() == b'{"a":1}'


@pytest.mark.parametrize("scheme", ["http", "ftp"])
def test_only_https_is_spoken(scheme: str) -> None:
    transport = PinnedTransport(
        httpx2.MockTransport(lambda _: httpx2.Response(200)), STRICT, resolve=Names((PUBLIC,))
    )
    with pytest.raises(Disconnected, match="https"):
        transport.handle_request(httpx2.Request("GET", f"{scheme}://jira.example/"))


def test_a_name_nobody_knows_is_not_an_answer() -> None:
    client = httpx2.Client(transport=PinnedTransport(httpx2.MockTransport(lambda _: None), STRICT))
    with pytest.raises(httpx2.ConnectError):
        client.get("https://no-such-host.invalid/")


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "127.1", "0", "localhost", "[::ffff:127.0.0.1]"],
)
def test_no_way_of_writing_an_address_gets_past(host: str) -> None:
    """Whatever the system makes of it is what is judged, and what is connected to."""
    client = httpx2.Client(transport=PinnedTransport(httpx2.MockTransport(lambda _: None), STRICT))
    with pytest.raises((Disconnected, httpx2.ConnectError)):
        client.get(f"https://{host}/")


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would connect where we may not, with the credential in its hands."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with (
        open_http("https://localhost", ApiToken("a@example.com", "secret")) as client,
        pytest.raises(Disconnected, match="private network"),
    ):
        client.get("/rest/api/3/myself")


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    reached: list[str] = []

    def elsewhere(request: httpx2.Request) -> httpx2.Response:
        reached.append(request.headers["host"])
        return httpx2.Response(302, headers={"Location": "https://169.254.169.254/latest/"})

    with open_http("https://jira.example", ApiToken("a@example.com", "secret")) as ours:
        assert not ours.follow_redirects
    transport = PinnedTransport(httpx2.MockTransport(elsewhere), STRICT, resolve=Names((PUBLIC,)))
    assert httpx2.Client(transport=transport).get("https://jira.example/").status_code == 302
    following = httpx2.Client(transport=transport, follow_redirects=True)
    with pytest.raises((Disconnected, httpx2.TooManyRedirects)):
        following.get("https://jira.example/")
