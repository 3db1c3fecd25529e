"""Rich text: Markdown and ADF, read and written without loss."""

from duolog.core.markup.convert import (
    adf_from_markdown,
    markdown_from_adf,
    normalise,
    plain_text,
)
from duolog.core.markup.pieces import pieces_of

__all__ = ["adf_from_markdown", "markdown_from_adf", "normalise", "pieces_of", "plain_text"]
