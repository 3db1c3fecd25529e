"""What all resources share: calls in, typed values out.  No path of any one resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol, TypeVar
from urllib.parse import quote

from pydantic import TypeAdapter

from duolog.core.errors import Refused, Retryable, SyncError
from duolog.jira.call import Answer, Call
from duolog.jira.dialect import Dialect
from duolog.jira.errors import unless_done
from duolog.jira.streams import Received
from duolog.jira.wire import Sendable, read

T = TypeVar("T")

NO_PARAMS: Final[Mapping[str, str]] = MappingProxyType({})


class Sender(Protocol):
    """What sends calls: `JiraTransport`, or a fake of it."""

    def send(self, call: Call) -> Answer:
        """Jira's answer.  Raises SyncError."""
        ...

    def receive(self, call: Call) -> Received:
        """The beginning of an answer whose body follows piece by piece.  Raises SyncError."""
        ...

    def receive_unsigned(self, address: str) -> Received:
        """The same from where Jira sent us, asked for without our credential."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...

    def forget_refusal(self) -> None:
        """Try a refused credential once more, where that does no harm."""
        ...


class Api:
    """Sends calls below one deployment's REST path and reads the answers."""

    def __init__(self, sender: Sender, dialect: Dialect) -> None:
        self.dialect = dialect
        self._sender = sender

    def path(self, *parts: str) -> str:
        """The path of a resource; each part is one segment, whatever is in it."""
        return "/".join((self.dialect.rest, *(quote(part, safe="") for part in parts)))

    def read(self, kind: type[T] | TypeAdapter[T], call: Call) -> T:
        """The answer as `kind`.

        Raises SyncError; AnswerLost when something was done but its answer is unreadable.
        """
        return self.parse(kind, self.send(call), call)

    def parse(self, kind: type[T] | TypeAdapter[T], answer: Answer, call: Call) -> T:
        """The answer to `call` as `kind`.  Raises as `read` does."""
        try:
            return read(kind, answer.json())
        except (Refused, Retryable) as error:
            raise unless_done(error, answer, call) from error

    def send(self, call: Call) -> Answer:
        """Jira's answer, unread.  Raises SyncError."""
        return self._sender.send(call)

    def receive(self, call: Call) -> Received:
        """The beginning of Jira's answer, whose body follows piece by piece.  Raises SyncError."""
        return self._sender.receive(call)

    def receive_unsigned(self, address: str) -> Received:
        """What lies where Jira sent us for it, asked for without our credential."""
        return self._sender.receive_unsigned(address)

    def get(
        self, kind: type[T] | TypeAdapter[T], path: str, params: Mapping[str, str] = NO_PARAMS
    ) -> T:
        """What is at `path`."""
        return self.read(kind, Call("GET", path, params=params))

    def ask(
        self,
        kind: type[T] | TypeAdapter[T],
        path: str,
        body: Mapping[str, Sendable],
        *,
        params: Mapping[str, str] = NO_PARAMS,
    ) -> T:
        """The answer to a question too long for an address: a POST that changes nothing."""
        return self.read(kind, Call("POST", path, params=params, body=body, reads_only=True))

    def paged(
        self,
        page_at: Callable[[Mapping[str, str]], tuple[Sequence[T], int]],
        *,
        size: int,
        what: str,
    ) -> tuple[T, ...]:
        """All items of a list that is paged by `startAt`.  Raises rather than return fewer.

        `page_at` reads one page and says how many items there are in all.
        """
        found: list[T] = []
        while True:
            items, total = page_at({"startAt": str(len(found)), "maxResults": str(size)})
            found += items
            if len(found) >= total:
                return tuple(found)
            if not items:
                raise _incomplete(len(found), total, what)


def _incomplete(found: int, total: int, what: str) -> SyncError:
    return Retryable(
        f"Jira listed {found} of {total} {what}.", hint="We read the list again; nothing is lost."
    )


def listed(names: Sequence[str]) -> str:
    """Names as Jira takes them in an address."""
    return ",".join(names)


def present(**params: str) -> Mapping[str, str]:
    """The parameters that are not empty."""
    return {name: value for name, value in params.items() if value}
