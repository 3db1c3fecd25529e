"""The two things the rest of the product asks of wiki markup; pure."""

from __future__ import annotations

from duolog.core.markup.fit import fit
from duolog.core.markup.read_adf import Kept
from duolog.core.markup.read_markdown import read_markdown
from duolog.core.markup.restore import restore
from duolog.core.markup.wiki.patch import Patcher
from duolog.core.markup.wiki.read import read_wiki
from duolog.core.markup.write_markdown import write_markdown


def markdown_from_wiki(text: str | None) -> str:
    """The wiki text as canonical Markdown.

    What Markdown cannot say is a chip, `[label](jira:kind/digest)`: a link that carries a digest
    of the markup, so that a change in it changes the text.
    """
    return write_markdown(read_wiki(text or "").blocks)


def wiki_from_markdown(text: str, *, previous: str | None = None) -> str:
    """The text as wiki markup.

    `previous` is the wiki text it replaces: its blocks whose Markdown did not change stay as
    they are to the letter, and chips become the markup they stand for, wherever they stand now.
    A chip that stands for nothing in it, or whose label was edited, becomes its label.
    """
    if previous is None:
        return Patcher(Kept()).fresh(fit(restore(read_markdown(text), Kept())))
    page = read_wiki(previous)
    said = write_markdown(page.blocks)
    if said == text:
        return previous
    read = read_markdown(text)
    if said == write_markdown(read):
        return previous
    return Patcher(page.kept).patched(fit(restore(read, page.kept)), page)
