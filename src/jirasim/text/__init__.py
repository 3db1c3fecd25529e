"""Rich text as Jira stores and shows it: ADF documents and wiki markup.  Knows no issues."""

from jirasim.text.plain import plain_text
from jirasim.text.wiki_reader import wiki_to_adf
from jirasim.text.wiki_writer import adf_to_wiki

__all__ = ["adf_to_wiki", "plain_text", "wiki_to_adf"]
