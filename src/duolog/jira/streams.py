"""Bodies sent and read piece by piece, so that a file of any size takes little memory."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import BinaryIO, Final, Self

import httpx2

from duolog.core.errors import Refused, Retryable
from duolog.jira.auth import Nobody
from duolog.jira.call import Call
from duolog.jira.door import Options, open_http
from duolog.jira.errors import from_loss
from duolog.jira.troubles import Barred

OK: Final = 200
RECEIVING: Final = {"Accept": "*/*", "Accept-Encoding": "identity"}
PIECE: Final = 64 * 1024
INSIST_EVERY: Final = 1.0
"""Seconds of an upload after which it is asked again whether it may go on."""


class Received:
    """The head of an answer; its body follows as it is asked for, and once.

    To be closed, best by a `with` block, also when the body is not wanted.
    """

    def __init__(
        self,
        response: httpx2.Response,
        call: Call,
        *,
        longest: float,
        owned: httpx2.Client | None = None,
    ) -> None:
        self._response = response
        self._call = call
        self._deadline = time.monotonic() + longest
        self._owned = owned

    @property
    def status(self) -> int:
        """Jira's status."""
        return self._response.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        """Jira's headers, whatever their case."""
        return self._response.headers

    def chunks(self) -> Iterator[bytes]:
        """The body.  Raises Retryable when it breaks off, or trickles in for too long."""
        try:
            for chunk in self._response.iter_bytes(PIECE):
                if time.monotonic() > self._deadline:
                    raise Retryable("The file trickled in too slowly; we fetch it again.")
                yield chunk
        except httpx2.RequestError as error:
            raise from_loss(error, self._call) from error

    def close(self) -> None:
        """Let go of the connection."""
        self._response.close()
        if self._owned is not None:
            self._owned.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Outgoing(io.RawIOBase):
    """A file as it is sent: no longer than so many seconds, however slowly Jira takes it.

    `insist` raises where it must not arrive any more: what was sent of it is cut off.
    """

    def __init__(
        self,
        file: BinaryIO,
        *,
        longest: float,
        insist: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._file = file
        self._insist = insist
        self._clock = clock
        self._insisted_at = clock()
        self._deadline = self._insisted_at + longest

    def fileno(self) -> int:
        """The file's own, by which its length is known."""
        return self._file.fileno()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Begin again, as after a credential was renewed."""
        return self._file.seek(offset, whence)

    def read(self, size: int = -1, /) -> bytes:
        """The next piece.  Raises a time-out of the network's kind."""
        present = self._clock()
        if present > self._deadline:
            raise httpx2.WriteTimeout("The file was taken too slowly.")
        if present > self._insisted_at + INSIST_EVERY:
            self._insist()
            self._insisted_at = present
        return self._file.read(size)


def open_unsigned(address: str, options: Options) -> Received:
    """What lies at an address that Jira named, asked for as nobody.  Raises SyncError.

    The guard of all our requests stands before this one too.  The address holds a secret of its
    own, so no error names it.
    """
    http = open_http("", Nobody(), options)
    try:
        request = http.build_request("GET", address, headers=RECEIVING)
        response = http.send(request, stream=True)
    except (httpx2.RequestError, httpx2.InvalidURL) as error:
        http.close()
        raise Retryable(
            "The place to which Jira sent us for a file could not be reached.",
            hint="Let this server reach Atlassian's hosts, api.media.atlassian.com among them.",
        ) from error
    except Barred as error:  # said of a file, it is no reason to let go of the whole site
        http.close()
        raise Refused(f"Jira keeps this file elsewhere. {error}", hint=error.hint) from error
    received = Received(response, Call("GET", ""), longest=options.longest_transfer, owned=http)
    if received.status != OK:
        received.close()
        raise Retryable(f"The file was not where Jira sent us for it ({received.status}).")
    return received
