"""Rich text as Jira stores and shows it: ADF documents and wiki markup.  Knows no issues."""

from collections.abc import Mapping

from jirasim.text.plain import plain_text
from jirasim.text.wiki_reader import wiki_to_adf
from jirasim.text.wiki_writer import adf_to_wiki

__all__ = ["adf_to_wiki", "as_wiki", "plain_text", "wiki_to_adf"]


def as_wiki(text: Mapping[str, object] | str) -> str:
    """Rich text of either product as wiki text: Server's as it is, Cloud's converted."""
    return text if isinstance(text, str) else adf_to_wiki(text)
