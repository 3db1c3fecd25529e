"""Jira's query language: text to query, query over issues.  Knows nothing of HTTP."""

from jirasim.jql.errors import JqlError
from jirasim.jql.parser import parse
from jirasim.jql.query import Query

__all__ = ["JqlError", "Query", "parse"]
