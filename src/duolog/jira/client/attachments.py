"""Files of issues: sent and fetched piece by piece.  There is no editing one."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from duolog.core.errors import AnswerLost, Refused
from duolog.jira.call import Call, Upload
from duolog.jira.client.api import Api
from duolog.jira.dialect import Deployment
from duolog.jira.streams import Received
from duolog.jira.wire import Attachment, AttachmentMeta
from duolog.jira.wire.parse import Many

ELSEWHERE: Final = frozenset({301, 302, 303, 307, 308})
"""How Cloud sends us to where anybody can have a file for a while; and Server to its login."""
SERVED: Final = "/secure/attachment/"
"""Below this, beside its REST interface, Server keeps files."""
_ALL: Final[TypeAdapter[tuple[Attachment, ...]]] = TypeAdapter(Many[Attachment])


class AttachmentCalls:
    """Calls about the files of one issue, and about files by their ids."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def meta(self) -> AttachmentMeta:
        """Whether files may be attached at all, and how large one may be."""
        return self._api.get(AttachmentMeta, self._api.path("attachment", "meta"))

    def add(self, issue: str, file: Upload) -> Attachment:
        """Attach a file, read as it is sent.  Raises AnswerLost when it may hang there.

        One that is larger than Jira takes is refused by Cloud, and unseen on Server.
        """
        call = Call("POST", self._api.path("issue", issue, "attachments"), upload=file)
        made = self._api.read(_ALL, call)
        if len(made) != 1:
            raise AnswerLost(
                f"Jira answered for {len(made)} files where one was sent.",
                hint="We look what hangs there before sending it again.",
            )
        return made[0]

    def open(self, file: Attachment) -> Received:
        """The content, to be read piece by piece.  Raises Unseen where there is none.

        Cloud either sends it or sends us to a host that asks for no credential, and gets none.
        """
        is_cloud = self._api.dialect.deployment is Deployment.CLOUD
        received = self._api.receive(self._reading(file) if is_cloud else _serving(file))
        if received.status not in ELSEWHERE:
            return received
        received.close()
        if not is_cloud:
            raise Refused(
                f"Jira asks us to sign in anew for the content of {file.filename}.",
                hint="Something before Jira may guard its files: ask whoever runs it to let the "
                f"service account read what is below {SERVED}.",
            )
        return self._api.receive_unsigned(received.headers.get("location", ""))

    def _reading(self, file: Attachment) -> Call:
        path = self._api.path("attachment", "content", file.id)
        return Call("GET", path, params={"redirect": "false"}, expected=ELSEWHERE)

    def delete(self, attachment: str) -> None:
        """Take the file off its issue for ever.  Raises Unseen when it is not there."""
        self._api.send(Call("DELETE", self._api.path("attachment", attachment)))


def _serving(file: Attachment) -> Call:
    """The path below the site's own address, whatever host and context `content` names."""
    _, found, rest = urlsplit(file.content).path.partition(SERVED)
    segments = rest.split("/")
    if not found or segments[0] != file.id or ".." in segments:
        raise Refused(
            f"Jira does not say where the content of {file.filename} lies.",
            hint="Download the file in Jira, and attach it here.",
        )
    return Call("GET", f"{SERVED}{rest}", expected=ELSEWHERE)
