"""Files on both sides of a linked item, as the tests of the sync see them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from helpers.bound import Bound

from duolog.sync.marks import ask_to_look
from duolog.workplace.files import file_store
from duolog.workplace.models import Attachment, WorkItem
from duolog.workplace.services import attach, keep_file

LONG = 200.0
MB = 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@contextlib.contextmanager
def most(bound: Bound, size: int) -> Iterator[None]:
    """A file in Jira has at most so many bytes within the block."""
    bound.jira.sim("POST", "settings", {"upload_limit": size})
    try:
        yield
    finally:
        bound.jira.sim("POST", "settings", {"upload_limit": 10 * MB})


def put(bound: Bound, item: WorkItem, name: str = "shot.png", content: bytes = PNG) -> Attachment:
    """A file attached here by the owner."""
    return attach(item.pk, keep_file(name, [content]), actor=bound.me)


def linked(bound: Bound, **fields: object) -> tuple[WorkItem, str]:
    """An item in step, and its issue."""
    item = bound.item(**fields)
    bound.bind()
    return item, str(bound.link(item).issue_id)


def here(item: WorkItem) -> list[tuple[str, bytes]]:
    files = Attachment.objects.filter(work_item=item, deleted_at=None)
    return [(it.name, content_of(it)) for it in files]


def content_of(file: Attachment) -> bytes:
    with file_store().open(file.sha256) as stored:
        return stored.read()


def there(bound: Bound, issue: str) -> list[tuple[str, bytes]]:
    return [(it["filename"], bound.jira.content(it)) for it in bound.jira.files(issue)]


def at_rest(bound: Bound, item: WorkItem) -> bool:
    """Whether another look changes nothing, here or there."""
    bound.poll()
    bound.run(within=LONG)
    bound.jira.reset()
    ask_to_look([bound.link(item).pk])
    bound.run(within=LONG)
    reads = ("GET", "POST /search")
    writes = [it for it in bound.jira.calls() if not it.startswith(reads)]
    downloads = [it for it in bound.jira.calls() if "ttachment" in it]
    assert (bound.link(item).state, writes, downloads) == ("in_step", [], [])
    return True
