"""How the texts of one issue name its files, on either side, and in the values compared.  Pure.

Here a text leads to `attachment:42`, in Jira to an address or a name.  Compared is `linked-file:7`,
by our link of the file, which is the same on both sides and stays.

Cloud tells no media id of an attachment (jira.md 6.9), so that a file of ours stands in a document
as a picture at the attachment's address; media nodes that Jira made are locked chips.  Wiki text
names a file of the issue, and its address where two bear one name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from duolog.core.markup import file_address, named_file, repoint
from duolog.core.markup.files import FILE
from duolog.core.markup.wiki.notation import is_file_name
from duolog.jira.client.attachments import SERVED
from duolog.jira.dialect import CLOUD, Deployment
from duolog.jira.wire import Attachment

LINKED: Final = "linked-file:"
BELOW: Final = "/attachments/"


def linked_address(key: str) -> str:
    """How a value names the file behind a slot key."""
    return LINKED + key


def linked_key(address: str) -> str | None:
    """The slot key in such an address; None for any other."""
    return address.removeprefix(LINKED) if address.startswith(LINKED) else None


def names_linked(value: object) -> bool:
    """Whether a text that is compared may lead to a file."""
    return isinstance(value, str) and LINKED in value


class IssueFiles:
    """The files of one issue as far as they are known, by slot key.

    `site` is the address at which people open Jira; below `pages` each of our items has a page
    with its files, this one under the name `item`.  What is not in Jira, for now or for good, is
    led to from there.  `local_id` tells the id of a file here, `key_of` which is meant by its id or name.
    """

    def __init__(
        self,
        *,
        site: str,
        deployment: Deployment,
        pages: str,
        item: str,
        local_id: Callable[[str], str | None],
        key_of: Callable[[str], str | None],
    ) -> None:
        self._site = site.rstrip("/")
        self._is_cloud = deployment is Deployment.CLOUD
        self._page = f"{pages}{item or '-'}{BELOW}"
        self._own = re.compile(rf"{re.escape(pages)}[^/?#]+{BELOW}(?P<file>[^/?#]+)")
        self._local_id = local_id
        self._key_of = key_of
        self._known: dict[str, Attachment] = {}

    def note(self, key: str, file: Attachment) -> None:
        """A file of the issue."""
        self._known[key] = file

    def forget_all(self) -> None:
        """Before the issue is looked at again."""
        self._known.clear()

    def known(self, key: str) -> Attachment | None:
        """The file behind a slot key, where the issue has it."""
        return self._known.get(key)

    def compared(self, text: str) -> str:
        """A text of either side as it is compared."""
        return repoint(text, self._compared)

    def is_in_jira_by_now(self, text: str) -> bool:
        """Whether a text in Jira leads to our page for a file that the issue has itself."""
        if BELOW not in text:
            return False
        found: list[str] = []

        def look(address: str) -> None:
            if self._own.fullmatch(address) and (key := self._key_in(address)) in self._known:
                found.append(key)

        repoint(text, look)
        return bool(found)

    def to_jira(self, text: str) -> str:
        """A text that is compared as Jira is to have it."""
        return repoint(text, self._there)

    def to_here(self, text: str) -> str:
        """A text that is compared as it is to stand here."""
        return repoint(text, self._here)

    def _compared(self, address: str) -> str | None:
        key = self._key_in(address)
        if key is not None:
            return linked_address(key)
        own = self._own.fullmatch(address)
        return FILE + own["file"] if own else None

    def _key_in(self, address: str) -> str | None:
        """Which file an address of either side leads to."""
        own = self._own.fullmatch(address)
        name = named_file(FILE + own["file"] if own else address)
        if name is not None:
            return (None if name.isdecimal() else self._named(name)) or self._key_of(name)
        found = re.fullmatch(self._pattern, address)
        return self._by_id(found["id"]) if found else None

    @property
    def _pattern(self) -> str:
        if self._is_cloud:
            return rf"{re.escape(self._site)}{CLOUD.rest}/attachment/content/(?P<id>\d+)"
        return rf"{re.escape(self._site)}{SERVED}(?P<id>\d+)/[^/?#]+"

    def _by_id(self, remote_id: str) -> str | None:
        return next((key for key, it in self._known.items() if it.id == remote_id), None)

    def _named(self, name: str) -> str | None:
        found = [key for key, it in self._known.items() if it.filename == name]
        return found[0] if len(found) == 1 else None

    def _there(self, address: str) -> str | None:
        key = linked_key(address)
        if key is None:
            name = named_file(address)
            return self._page + quote(name, safe="") if name and not self._may_name(name) else None
        if (file := self._known.get(key)) is not None:
            return self._address(key, file)
        local_id = self._local_id(key)
        return None if local_id is None else self._page + local_id

    def _address(self, key: str, file: Attachment) -> str:
        if self._is_cloud:
            return f"{self._site}{CLOUD.rest}/attachment/content/{file.id}"
        if self._may_name(file.filename) and self._named(file.filename) == key:
            return file_address(file.filename)
        return f"{self._site}{SERVED}{file.id}/{quote(file.filename, safe='')}"

    def _may_name(self, name: str) -> bool:
        return not self._is_cloud and is_file_name(name)

    def _here(self, address: str) -> str | None:
        key = linked_key(address)
        if key is None:
            return None
        local_id = self._local_id(key)
        return self._there(address) if local_id is None else file_address(local_id)
