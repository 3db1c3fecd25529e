"""What the check of the docs notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import check_docs

CONFIG = """
reader.text("HOME", "var")
reader.secret("SECRET_KEY")
self.text("OTHER")
"""


def test_settings_are_read_off_the_configuration() -> None:
    assert check_docs.settings_read(CONFIG) == {
        "DUOLOG_HOME",
        "DUOLOG_SECRET_KEY",
        "DUOLOG_SECRET_KEY_FILE",
    }


def test_a_setting_is_described_and_read_or_neither() -> None:
    page = "`DUOLOG_HOME`, `DUOLOG_SECRET_KEY`, `DUOLOG_GONE`"
    assert [p.split(": ")[1] for p in check_docs.undocumented_settings(CONFIG, page)] == [
        "DUOLOG_SECRET_KEY_FILE is read but not described",
        "DUOLOG_GONE is described but not read",
    ]


@pytest.mark.parametrize(
    ("link", "is_broken"),
    [
        pytest.param("other.md", False, id="a page that is there"),
        pytest.param("other.md#two-words", False, id="a heading that is there"),
        pytest.param("#here", False, id="a heading of the same page"),
        pytest.param("https://example.com/x", False, id="another site is not asked"),
        pytest.param("gone.md", True, id="a page that is not there"),
        pytest.param("other.md#three", True, id="a heading that is not there"),
    ],
)
def test_links(tmp_path: Path, link: str, is_broken: bool) -> None:
    (tmp_path / "other.md").write_text("# Other\n\n## Two words\n")
    page = tmp_path / "page.md"
    page.write_text(f"# Here\n\nSee [this]({link}).\n\n```\n[not](a-link)\n```\n")
    assert bool(list(check_docs.broken_links(page))) is is_broken


def test_commands_are_read_off_code_alone() -> None:
    text = (
        "Run `duolog token create NAME`.\n\n```sh\n$ duolog serve --port 1\nduolog migrate\n```\n"
    )
    assert check_docs.commands_named(text + "duolog is nice") == {
        ("token", "create"),
        ("serve",),
        ("migrate",),
    }


def test_every_page_is_named_in_the_index(tmp_path: Path) -> None:
    (tmp_path / "howto").mkdir()
    (tmp_path / "README.md").write_text("[a](howto/a.md#b)")
    (tmp_path / "howto" / "a.md").write_text("# A\n\n## B\n")
    (tmp_path / "howto" / "c.md").write_text("# C\n")
    assert check_docs.pages_not_named(tmp_path) == [f"{tmp_path / 'README.md'}: c.md is not named"]
