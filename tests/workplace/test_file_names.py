"""Names and types of other people's files, however hostile."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.workplace.file_names import (
    NAMELESS,
    UNKNOWN_TYPE,
    clean_media_type,
    clean_name,
    extension_of,
)
from duolog.workplace.models.attachments import NAME_MAX


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("report.pdf", "report.pdf", id="a plain name stays"),
        pytest.param("Überstunden März.xlsx", "Überstunden März.xlsx", id="letters of anybody"),
        pytest.param("../../etc/passwd", "passwd", id="a path that climbs"),
        pytest.param("C:\\Users\\ann\\cv.doc", "cv.doc", id="a path of Windows"),
        pytest.param("folder/", NAMELESS, id="a path without a name"),
        pytest.param("..", NAMELESS, id="the folder above"),
        pytest.param("", NAMELESS, id="nothing"),
        pytest.param("\x00\x1b\u202e", NAMELESS, id="nothing one can see"),
        pytest.param("a\x00b\x07.txt", "ab.txt", id="control characters"),
        pytest.param("photo\u202egpj.exe", "photogpj.exe", id="a mark that turns the direction"),
        pytest.param("\u2067a\u2069\u200f.txt", "a.txt", id="isolates and marks"),
        pytest.param("a\u200bb\ufeff.txt", "ab.txt", id="blanks without width"),
        pytest.param("two\r\nlines.txt", "two lines.txt", id="a line break, as in a header"),
        pytest.param("  many   blanks .txt ", "many blanks .txt", id="blanks around and between"),
        pytest.param("report.pdf. .", "report.pdf", id="dots and blanks at the end"),
        pytest.param(".gitignore", ".gitignore", id="a dot at the beginning"),
        pytest.param("e\u0301.txt", "é.txt", id="an accent apart"),
        pytest.param("👩\u200d💻.txt", "👩\u200d💻.txt", id="a joiner within one picture"),
        pytest.param('say "hi";.txt', 'say "hi";.txt', id="what a header must quote"),
        pytest.param("a\ud800.txt", "a.txt", id="half of a surrogate pair"),
        pytest.param("x" * 500 + ".pdf", "x" * 251 + ".pdf", id="500 characters keep their ending"),
        pytest.param("x" * 500, "x" * 255, id="500 characters without an ending"),
        pytest.param("x." + "y" * 500, "x." + "y" * 253, id="an ending that is none"),
    ],
)
def test_how_a_name_is_shown(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@given(st.text(st.characters(), max_size=600))
def test_any_name_ends_fit_to_show_and_stays_so(name: str) -> None:
    shown = clean_name(name)
    assert 1 <= len(shown) <= NAME_MAX
    assert not {"/", "\\", "\n", "\x00", "\u202e"} & set(shown)
    assert "Cc" not in {unicodedata.category(char) for char in shown}
    assert shown not in {".", ".."}


@pytest.mark.parametrize(
    ("media_type", "kept"),
    [
        pytest.param("image/PNG", "image/png", id="capitals"),
        pytest.param("text/plain; charset=utf-8", "text/plain", id="parameters"),
        pytest.param("application/vnd.ms-excel", "application/vnd.ms-excel", id="a long one"),
        pytest.param("", UNKNOWN_TYPE, id="none"),
        pytest.param("image", UNKNOWN_TYPE, id="half of one"),
        pytest.param("text/html\r\nX-Evil: 1", UNKNOWN_TYPE, id="a header within"),
        pytest.param("a/" + "b" * 200, UNKNOWN_TYPE, id="one that is too long"),
    ],
)
def test_which_type_is_believed(media_type: str, kept: str) -> None:
    assert clean_media_type(media_type) == kept


@pytest.mark.parametrize(
    ("name", "extension"),
    [("a.PDF", "pdf"), ("a.tar.gz", "gz"), ("a", ""), (".bashrc", ""), ("a." + "x" * 20, "")],
)
def test_what_stands_behind_the_last_dot(name: str, extension: str) -> None:
    assert extension_of(name) == extension
