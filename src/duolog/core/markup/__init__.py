"""Rich text: Markdown, ADF and wiki markup, read and written without loss."""

from duolog.core.markup.convert import (
    adf_from_markdown,
    markdown_from_adf,
    normalise,
    plain_text,
)
from duolog.core.markup.files import file_address, named_file, repoint, without_files
from duolog.core.markup.mentions import (
    mention_of,
    mentioned_members,
    with_mentions_of,
    with_people,
)
from duolog.core.markup.pieces import pieces_of
from duolog.core.markup.wiki import markdown_from_wiki, wiki_from_markdown

__all__ = [
    "adf_from_markdown",
    "file_address",
    "markdown_from_adf",
    "markdown_from_wiki",
    "mention_of",
    "mentioned_members",
    "named_file",
    "normalise",
    "pieces_of",
    "plain_text",
    "repoint",
    "wiki_from_markdown",
    "with_mentions_of",
    "with_people",
    "without_files",
]
