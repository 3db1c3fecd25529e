"""Each house rule finds what it is for, and leaves alone what it is not for."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.linters import budgets, docstrings, frozen, templates, vocabulary


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("sync/a.py", "class LinkManager: ...", "LinkManager", id="a manager"),
        pytest.param("sync/a.py", "def handle_link(): ...", "handle_link", id="a hollow verb"),
        pytest.param("sync/a.py", "def sync_issue(): ...", "sync_issue", id="sync_ as a verb"),
        pytest.param("sync/a.py", "def as_timesheet(): ...", "'timesheet'", id="a banned synonym"),
        pytest.param("sync/utils.py", "", "module utils", id="a module of odds and ends"),
    ],
)
def test_vocabulary_finds(tmp_path: Path, name: str, text: str, said: str) -> None:
    write(tmp_path, f"src/duolog/{name}", text)
    assert [said in str(found) for found in vocabulary.check(tmp_path)] == [True]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("sync/engine.py", "def sync_link(): ...", id="the one sync_ there is"),
        pytest.param(
            "worker/handlers.py", "class Handlers: ...", id="a word that only contains one"
        ),
        pytest.param("work/queue.py", "def nothing_to_do(): ...", id="a verb in second place"),
        pytest.param("jira/client.py", "def server_info(): ...", id="a name that Jira chose"),
        pytest.param("work/migrations/0001_data.py", "", id="a migration"),
    ],
)
def test_vocabulary_leaves_alone(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, f"src/duolog/{name}", text)
    assert list(vocabulary.check(tmp_path)) == []


def test_vocabulary_reads_the_texts_of_pages_and_nothing_else_of_them(tmp_path: Path) -> None:
    page = '{# ticket #}<p class="ticket">\n{{ ticket }} A work item\nA Ticket</p>'
    write(tmp_path, "src/duolog/web/templates/web/item.html", page)
    (found,) = vocabulary.check(tmp_path)
    assert (found.line, "'ticket'" in found.text) == (3, True)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("src/a.py", "x = 1\n" * 401, "401 lines", id="a long module"),
        pytest.param("tests/test_a.py", "x = 1\n" * 401, "401 lines", id="a long test module"),
        pytest.param(
            "src/a.py", "def f():\n" + "    x = 1\n" * 50, "f has 51", id="a long function"
        ),
        pytest.param(
            "src/duolog/core/a.py",
            "def f():\n" + "    x = 1\n" * 30,
            "f has 31 lines; at most 30",
            id="a function of the core is shorter",
        ),
        pytest.param(
            "src/a.py", "class C:\n" + "    x = 1\n" * 250, "C has 251", id="a long class"
        ),
        pytest.param("src/a.py", "x = 1  # noqa: E501", "reason", id="silenced without a reason"),
        pytest.param(
            "src/a.py", "x = 1  # type: ignore  # why", "code", id="silenced without a code"
        ),
        pytest.param(
            "src/a.py",
            "x = 1  # noqa: E501  # vendor's line\n" * 11,
            "11 silenced checks",
            id="silenced too often",
        ),
    ],
)
def test_budgets_find(tmp_path: Path, name: str, text: str, said: str) -> None:
    write(tmp_path, name, text)
    assert [said in str(found) for found in budgets.check(tmp_path)] == [True]


def test_budgets_allow_what_lies_within(tmp_path: Path) -> None:
    write(tmp_path, "src/a.py", "def f():\n" + "    x = 1\n" * 49 + "y = 1\n" * 350)
    write(tmp_path, "src/b.py", "x = 1  # type: ignore[misc]  # the stub is wrong\n")
    write(tmp_path, "src/c.py", 'x = "# noqa"\n')
    assert list(budgets.check(tmp_path)) == []


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("replace(link, hold=None)", id="replace"),
        pytest.param("dataclasses.replace(link)", id="replace of dataclasses"),
        pytest.param("pair._replace(local=1)", id="_replace of a named tuple"),
        pytest.param("plan.with_change(1)", id="a with_ method"),
    ],
)
def test_frozen_finds_a_copy_that_is_dropped(tmp_path: Path, statement: str) -> None:
    write(tmp_path, "src/a.py", f"kept = {statement}\n{statement}\n")
    assert [found.line for found in frozen.check(tmp_path)] == [2]


def test_frozen_leaves_the_renaming_of_a_file_alone(tmp_path: Path) -> None:
    write(tmp_path, "src/a.py", "path.replace(target)\n")
    assert list(frozen.check(tmp_path)) == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("app/a.py", "x = 1", "does not say what lives here", id="a silent module"),
        pytest.param("app/a.py", f'"""{"x" * 101}"""', "over 100", id="a first line too long"),
        pytest.param("sync/a.py", '"""A."""\ndef f(): ...', "f has no", id="a public function"),
        pytest.param(
            "core/a.py",
            '"""A."""\nclass C:\n    """C."""\n    def m(self): ...',
            "m has no",
            id="a public method",
        ),
    ],
)
def test_docstrings_find(tmp_path: Path, name: str, text: str, said: str) -> None:
    write(tmp_path, f"src/duolog/{name}", text)
    assert [said in str(found) for found in docstrings.check(tmp_path)] == [True]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("web/a.py", '"""A."""\ndef f(): ...', id="a function of another layer"),
        pytest.param("core/a.py", '"""A."""\ndef _f(): ...', id="a private function"),
        pytest.param(
            "sync/a.py",
            '"""A."""\nclass C:\n    """C."""\n    class Meta: ...\n    def __str__(self): ...',
            id="what Django and Python name",
        ),
    ],
)
def test_docstrings_leave_alone(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, f"src/duolog/{name}", text)
    assert list(docstrings.check(tmp_path)) == []


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param('<p style="color: red">', id="a style attribute"),
        pytest.param("<style>p {}</style>", id="a style element"),
        pytest.param('<a\n onclick="go()">', id="an event attribute"),
        pytest.param("<script>go()</script>", id="a script in the page"),
        pytest.param('<script src="https://cdn.example/x.js"></script>', id="a script elsewhere"),
        pytest.param('<img src="//cdn.example/x.png">', id="an image elsewhere"),
        pytest.param('<a href="javascript:go()">', id="a script in an address"),
        pytest.param('<p hx-on:click="go()">', id="a script of htmx"),
    ],
)
def test_templates_find(tmp_path: Path, markup: str) -> None:
    write(tmp_path, "src/duolog/web/templates/a.html", markup)
    assert len(list(templates.check(tmp_path))) == 1


def test_templates_leave_alone_what_the_browser_takes(tmp_path: Path) -> None:
    page = """{# style="" #}<link rel="stylesheet" href="{% static 'a.css' %}">
    <script src="{% static 'a.js' %}" defer></script><a href="https://jira.example/browse/A-1">A-1</a>
    <script type="application/json" id="people">[]</script><p data-on="x" hx-get="/w/x">one=1</p>"""
    write(tmp_path, "src/duolog/web/templates/a.html", page)
    assert list(templates.check(tmp_path)) == []
