"""What is wrong with a query, in Jira's own words.  No HTTP status here."""

from __future__ import annotations


class JqlError(Exception):
    """The query cannot be run; `messages` are what Jira puts into `errorMessages`."""

    def __init__(self, *messages: str) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


class JqlSyntaxError(JqlError):
    """The text is not JQL."""

    def __init__(self, complaint: str, *, line: int | None = None, column: int | None = None):
        where = "" if line is None else f" (line {line}, character {column})"
        super().__init__(f"Error in the JQL Query: {complaint}{where}")
