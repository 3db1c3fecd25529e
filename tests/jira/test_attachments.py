"""Files to and from a simulated Jira: streamed, whole, and never with our credential elsewhere."""

from __future__ import annotations

import contextlib
import hashlib
import io
import threading
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from helpers.jirasim import Jira, running_jirasim

from duolog.core.errors import AnswerLost, Disconnected, Refused, Retryable, Unseen
from duolog.jira.auth import AccessToken, ApiToken, Credential
from duolog.jira.call import Upload
from duolog.jira.client import JiraClient, open_client
from duolog.jira.dialect import DIALECTS
from duolog.jira.guard import HostPolicy
from duolog.jira.streams import Outgoing, open_unsigned
from duolog.jira.transport import Options
from duolog.jira.wire import Attachment

LOCAL = Options(HostPolicy(allow_private=True, allow_http=True))
SECRET = "s3cret-of-the-account"
MB = 1024 * 1024


@pytest.fixture(scope="module", params=["cloud", "server"])
def site(request: Any) -> Iterator[Jira]:
    context = ("--context", "/jira") if request.param == "server" else ()
    with running_jirasim("--deployment", request.param, *context) as jira:
        yield jira


@pytest.fixture
def client(site: Jira) -> Iterator[JiraClient]:
    site.reset()
    with open_client(
        site.url, credential(site), dialect=DIALECTS[site.deployment], options=LOCAL
    ) as client:
        yield client


@pytest.fixture
def issue(site: Jira) -> str:
    return site.create("Paint the shed")


def credential(site: Jira) -> Credential:
    token = site.service.api_token
    return ApiToken(site.service.email, token) if site.is_cloud else AccessToken(token)


def upload(content: bytes = b"\x89PNG", name: str = "shot.png") -> Upload:
    return Upload(name, "image/png", lambda: io.BytesIO(content))


def listed(client: JiraClient, issue: str) -> tuple[Attachment, ...]:
    return client.issues.get(issue, fields=("attachment",)).known.attachment or ()


def content(client: JiraClient, file: Attachment) -> bytes:
    with client.attachments.open(file) as received:
        return b"".join(received.chunks())


@pytest.mark.parametrize(
    "name", ["shot.png", "zwei wörter.png", "say 'hi'.png", "a&b#c?d%41+1.png", "日本.png"]
)
def test_a_file_goes_there_and_comes_back(client: JiraClient, issue: str, name: str) -> None:
    made = client.attachments.add(issue, upload(b"\x00\r\n--\xff" * 999, name))
    assert (made.filename, made.size, made.mime_type) == (name, 999 * 6, "image/png")
    assert listed(client, issue) == (made,)
    assert content(client, made) == b"\x00\r\n--\xff" * 999
    client.attachments.delete(made.id)
    assert listed(client, issue) == ()
    with pytest.raises(Unseen):
        client.attachments.delete(made.id)
    with pytest.raises(Unseen):
        content(client, made)


def test_a_quotation_mark_in_a_name_becomes_one_that_arrives(
    client: JiraClient, issue: str
) -> None:
    assert client.attachments.add(issue, upload(name='say "hi".png')).filename == "say 'hi'.png"


def test_an_empty_file_is_a_file(client: JiraClient, issue: str) -> None:
    made = client.attachments.add(issue, upload(b""))
    assert (made.size, content(client, made)) == (0, b"")


def test_two_files_of_one_name_are_two(client: JiraClient, issue: str) -> None:
    one = client.attachments.add(issue, upload(b"1"))
    two = client.attachments.add(issue, upload(b"2"))
    assert one.id != two.id
    assert [content(client, one), content(client, two)] == [b"1", b"2"]


def test_the_limit_is_known_beforehand(client: JiraClient, site: Jira, issue: str) -> None:
    limit = client.attachments.meta().upload_limit
    assert client.attachments.meta().enabled
    assert limit is not None
    site.sim("POST", "settings", {"upload_limit": 10})
    try:
        assert client.attachments.meta().upload_limit == 10
        with pytest.raises(Refused):
            client.attachments.add(issue, upload(b"x" * 11))
    finally:
        site.sim("POST", "settings", {"upload_limit": limit})
    assert listed(client, issue) == ()


@pytest.mark.parametrize("fault", ["cut_after", "status_after", "truncate"])
def test_an_upload_whose_answer_is_lost_is_sent_once(
    client: JiraClient, site: Jira, issue: str, fault: str
) -> None:
    match = {"method": "POST", "path": "*/attachments"}
    site.sim("POST", "faults", [{"match": match, "fault": fault}])
    with pytest.raises(AnswerLost):
        client.attachments.add(issue, upload())
    assert len(listed(client, issue)) == 1


def test_a_cut_download_is_no_file(client: JiraClient, site: Jira, issue: str) -> None:
    made = client.attachments.add(issue, upload(b"x" * 100_000))
    path = "*/attachment/content/*" if site.is_cloud else "*/secure/attachment/*"
    site.sim("POST", "faults", [{"match": {"path": path}, "fault": "truncate", "times": 9}])
    with pytest.raises(Retryable):
        content(client, made)


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_an_error_in_place_of_a_file_is_judged_as_any(
    client: JiraClient, site: Jira, issue: str, status: int
) -> None:
    made = client.attachments.add(issue, upload())
    fault = {"match": {"method": "GET"}, "fault": "status_before", "status": status}
    site.sim("POST", "faults", [fault])
    with pytest.raises(Disconnected if status == 401 else Retryable):
        content(client, made)


def test_fifty_megabytes_pass_through_little_memory(
    client: JiraClient, site: Jira, issue: str, tmp_path: Path
) -> None:
    limit = client.attachments.meta().upload_limit
    site.sim("POST", "settings", {"upload_limit": 60 * MB})
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(50 * MB)
    tracemalloc.start()
    try:
        made = client.attachments.add(
            issue, Upload("large.bin", "application/zip", lambda: large.open("rb"))
        )
        digest = hashlib.sha256()
        with client.attachments.open(made) as received:
            for chunk in received.chunks():
                digest.update(chunk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        site.sim("POST", "settings", {"upload_limit": limit})
        client.attachments.delete(made.id)
    assert made.size == 50 * MB
    with large.open("rb") as file:
        assert digest.digest() == hashlib.file_digest(file, "sha256").digest()
    assert peak < 4 * MB


def test_on_server_only_the_place_below_our_address_is_asked(site: Jira, issue: str) -> None:
    """Whatever host `content` names: a proxy may have told Jira another name than ours."""
    if site.is_cloud:
        pytest.skip("Cloud is asked by the id")
    with open_client(
        site.url, credential(site), dialect=DIALECTS["server"], options=LOCAL
    ) as client:
        made = client.attachments.add(issue, upload(b"here"))
        place = made.content.partition("/secure/")[2]
        elsewhere = replace_content(made, f"https://elsewhere.example/other/secure/{place}")
        assert content(client, elsewhere) == b"here"
        for wrong in ("", "https://elsewhere.example/x", f"/secure/attachment/{made.id}/../../x"):
            with pytest.raises(Refused):
                content(client, replace_content(made, wrong))


def replace_content(file: Attachment, address: str) -> Attachment:
    return file.model_copy(update={"content": address})


class Host:
    """A host that remembers what it was asked, and answers all alike."""

    def __init__(self, status: int, body: bytes = b"", location: str = "") -> None:
        self.requests: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append(f"{self.path}\n{self.headers}")
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextlib.contextmanager
    def running(self) -> Iterator[Host]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


FILE = Attachment(
    id="7",
    filename="shot.png",
    size=5,
    content="http://x/secure/attachment/7/shot.png",
    created="2026-01-31T12:00:00.000+0000",
)


def asked(site: Host, deployment: str, options: Options = LOCAL) -> bytes:
    with open_client(
        site.url, ApiToken("a@b.example", SECRET), dialect=DIALECTS[deployment], options=options
    ) as client:
        return content(client, FILE)


@pytest.mark.parametrize("status", [302, 303, 307])
def test_cloud_sends_us_to_a_signed_address_which_gets_no_credential(status: int) -> None:
    with Host(200, b"there").running() as media:
        goal = f"{media.url}/file/7?token=signed-for-a-while"
        with Host(status, location=goal).running() as site:
            assert asked(site, "cloud") == b"there"
    assert "authorization: basic" in site.requests[0].lower()
    assert media.requests[0].startswith("/file/7?token=signed-for-a-while")
    assert "authorization" not in media.requests[0].lower()
    assert "cookie" not in media.requests[0].lower()


@pytest.mark.parametrize(
    "goal",
    [
        pytest.param("http://169.254.169.254/latest/meta-data", id="the secrets of a machine"),
        pytest.param("file:///etc/passwd", id="a file of ours"),
        pytest.param("not an address", id="nonsense"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_signed_address_out_of_bounds_is_not_asked(goal: str) -> None:
    with Host(303, location=goal).running() as site, pytest.raises((Refused, Retryable)) as raised:
        asked(site, "cloud")
    assert type(raised.value) in {Refused, Retryable}


def test_the_guard_stands_before_the_signed_address_too() -> None:
    strict = replace(LOCAL, policy=HostPolicy(allow_private=False, allow_http=True))
    with (
        Host(200, b"there").running() as media,
        pytest.raises(Refused, match="private network"),
    ):
        open_unsigned(f"{media.url}/file", strict)
    assert media.requests == []


@pytest.mark.parametrize("status", [301, 302, 403, 404, 503])
def test_a_second_redirect_or_an_error_there_is_tried_again_later(status: int) -> None:
    with (
        Host(200).running() as third,
        Host(status, location=third.url).running() as media,
        Host(303, location=f"{media.url}/f?token=s1gned").running() as site,
        pytest.raises(Retryable) as raised,
    ):
        asked(site, "cloud")
    assert third.requests == []
    assert "s1gned" not in f"{raised.value} {raised.value.hint}"


def test_server_never_sends_us_anywhere() -> None:
    with (
        Host(200, b"there").running() as media,
        Host(302, location=f"{media.url}/login.jsp").running() as site,
        pytest.raises(Refused, match="sign in anew"),
    ):
        asked(site, "server")
    assert media.requests == []


def test_the_content_of_a_file_may_be_a_page() -> None:
    page = b"<html>log in</html>"
    with Host(200, page).running() as site:
        assert asked(site, "server") == page


def test_an_upload_that_may_not_go_on_is_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "large.bin"
    file.write_bytes(b"x" * 4)
    times = iter([0.0, 0.5, 2.0, 2.5, 30.0])
    asked = iter([None, InterruptedError("Others have taken it over.")])

    def insist() -> None:
        if (refusal := next(asked)) is not None:
            raise refusal

    with file.open("rb") as opened:
        going = Outgoing(opened, longest=900, insist=insist, clock=lambda: next(times))
        assert [going.read(1) for _ in range(3)] == [b"x"] * 3
        with pytest.raises(InterruptedError):
            going.read(1)
