"""Wiki markup of Jira Server and Data Center, read and written without loss."""

from duolog.core.markup.wiki.convert import markdown_from_wiki, wiki_from_markdown

__all__ = ["markdown_from_wiki", "wiki_from_markdown"]
