"""The store of contents: whole or not at all, once, and never lost to a sweep."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duolog.workplace.files import FileStore, TooLarge

LONG_AGO = 1_000_000_000.0


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def _files(store: FileStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def _age(store: FileStore) -> None:
    for path in _files(store):
        os.utime(path, (LONG_AGO - 1, LONG_AGO - 1))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=64)))
def test_what_was_kept_is_read_again(store: FileStore, chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    content = store.keep(chunks)
    assert (content.sha256, content.size) == (hashlib.sha256(whole).hexdigest(), len(whole))
    with store.open(content.sha256) as file:
        assert file.read() == whole


def test_the_same_content_lies_there_once_and_only_its_owner_reads_it(store: FileStore) -> None:
    assert store.keep([b"a", b"b"]) == store.keep([b"ab"])
    (path,) = _files(store)
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("size", "fits"),
    [pytest.param(10, True, id="exactly as much"), pytest.param(11, False, id="a byte too much")],
)
def test_a_content_that_is_too_large_leaves_nothing(
    store: FileStore, size: int, *, fits: bool
) -> None:
    chunks = (b"x" for _ in range(size))
    if fits:
        assert store.keep(chunks, most=10).size == 10
        return
    with pytest.raises(TooLarge):
        store.keep(chunks, most=10)
    assert _files(store) == []


def test_a_sender_that_breaks_off_leaves_nothing(store: FileStore) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.keep(broken())
    assert _files(store) == []


def test_only_what_is_old_may_be_forgotten(store: FileStore) -> None:
    old = store.keep([b"old"]).sha256
    _age(store)
    young = store.keep([b"young"]).sha256
    assert list(store.list_older(LONG_AGO)) == [old]
    assert store.forget(old, unless_kept_since=LONG_AGO)
    assert not store.forget(young, unless_kept_since=LONG_AGO)
    with store.open(young) as file:
        assert file.read() == b"young"
    with pytest.raises(FileNotFoundError):
        store.open(old)


def test_what_is_kept_again_after_the_sweep_began_stays(store: FileStore) -> None:
    sha256 = store.keep([b"again"]).sha256
    _age(store)
    assert list(store.list_older(LONG_AGO)) == [sha256]
    store.keep([b"again"])
    assert not store.forget(sha256, unless_kept_since=LONG_AGO)
    with store.open(sha256) as file:
        assert file.read() == b"again"
