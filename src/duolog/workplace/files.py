"""The contents of attachments: files named by the hash of what they hold.  Knows no database."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from django.conf import settings

FILE_MAX: Final = 25 * 1024 * 1024
_DRAFT: Final = ".draft"


class TooLarge(Exception):
    """The content is longer than an attachment may be."""


@dataclass(frozen=True, slots=True)
class Content:
    """What was kept: its hash, by which it is found again, and its length in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class FileStore:
    """One folder of contents.  The same content lies in it once, and is never written over."""

    root: Path

    def keep(self, chunks: Iterable[bytes], *, most: int = FILE_MAX) -> Content:
        """Write the content to the disk, all of it or nothing; raises `TooLarge`.

        It is durable when this returns.  Keeping a content again makes it young again, so that
        `forget` leaves it to whoever is about to refer to it.
        """
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._draft()
        try:
            content = _write(draft, chunks, most)
            place = self._place(content.sha256)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
        for folder in (place.parent, self.root):
            _make_durable(folder)
        return content

    def open(self, sha256: str) -> BinaryIO:
        """The content, to be read from its beginning; raises `FileNotFoundError`."""
        return self._place(sha256).open("rb")

    def has(self, sha256: str) -> bool:
        """Whether the content is here."""
        return self._place(sha256).is_file()

    def list_older(self, than: float) -> Iterator[str]:
        """The hashes of what was last kept before this moment, in seconds since 1970."""
        for place in self.root.glob("??/*"):
            if place.suffix != _DRAFT and place.stat().st_mtime < than:
                yield place.name

    def forget(self, sha256: str, *, unless_kept_since: float) -> bool:
        """Remove the content, unless somebody kept it again since; returns whether it went.

        It is first moved aside: what is kept from then on is another file, and stays.
        """
        place, aside = self._place(sha256), self._draft()
        place.rename(aside)
        if aside.stat().st_mtime >= unless_kept_since:
            aside.replace(place)
            return False
        aside.unlink()
        return True

    def _place(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256

    def _draft(self) -> Path:
        return self.root / f"{secrets.token_hex(16)}{_DRAFT}"


def file_store() -> FileStore:
    """The store of this installation, under its home."""
    return FileStore(Path(settings.MEDIA_ROOT))


def _write(draft: Path, chunks: Iterable[bytes], most: int) -> Content:
    digest, size = hashlib.sha256(), 0
    with draft.open("xb") as file:
        draft.chmod(0o600)
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                raise TooLarge
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Content(digest.hexdigest(), size)


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
