"""Which issues a person may mean by a few words: those at hand, and those that Jira finds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from duolog.connections.models import Connection, Health
from duolog.connections.services import client_for, note_disconnected
from duolog.core.errors import Disconnected, Refused
from duolog.jira.client import Query
from duolog.jira.jql import quote
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.worklogs.models import JiraIssue
from duolog.worklogs.own.habits import list_favourites
from duolog.worklogs.own.issues import FIELDS, find_issue, keep_issue
from duolog.worklogs.own.queries import recent_issues

MOST: Final = 8
_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*-[1-9][0-9]*")
_WORD: Final = re.compile(r"\w+")


def known_issues(member: Member, text: str, over: int | None = None) -> tuple[JiraIssue, ...]:
    """Issues at hand whose key or summary holds the text: favourites first, then recent ones.

    `over` is the connection, by its id, that they are to be known by; None for any.
    """
    wanted = text.casefold()
    at_hand = [*list_favourites(member), *recent_issues(member, 30)]
    found = {
        issue.pk: issue
        for issue in at_hand
        if over in (None, issue.connection_id)
        and (wanted in issue.key.casefold() or wanted in issue.summary.casefold())
    }
    return tuple(found.values())[:MOST]


def search_issues(connection: Connection, text: str) -> Sequence[JiraIssue]:
    """Issues that Jira finds over the connection by a key or by words of the summary.

    The latest changed come first.  Raises SyncError where Jira cannot be asked.
    """
    if connection.health != Health.CONNECTED:
        return ()
    if _KEY.fullmatch(text.strip()):
        try:
            return (find_issue(connection, text),)
        except Invalid:
            return ()
    words = " ".join(f"{word}*" for word in _WORD.findall(text))
    if not words:
        return ()
    query = Query(f"summary ~ {quote(words)} ORDER BY updated DESC", FIELDS, page_size=MOST)
    try:
        page = client_for(connection).search.page(query)
    except Refused:
        return ()
    except Disconnected as error:
        note_disconnected(connection.lane, error)
        raise
    return tuple(keep_issue(connection, issue) for issue in page.issues[:MOST])
