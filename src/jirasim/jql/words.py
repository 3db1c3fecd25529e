"""The words JQL keeps for itself.  A list, no behaviour."""

from __future__ import annotations

from typing import Final

KEYWORDS: Final = {
    "and": "_AND",
    "or": "_OR",
    "not": "NOT",
    "in": "IN",
    "is": "IS",
    "empty": "EMPTY",
    "null": "EMPTY",
    "was": "WAS",
    "changed": "_CHANGED",
    "after": "AFTER",
    "before": "BEFORE",
    "on": "ON",
    "during": "DURING",
    "from": "FROM",
    "to": "TO",
    "by": "BY",
    "order": "_ORDER",
    "asc": "ASC",
    "desc": "DESC",
    "cf": "_CF",
}

RESERVED_WORDS: Final = """
    abort access add alias all alter any as audit avg begin between boolean break byte catch char
    character check checkpoint collate collation column commit connect continue count create
    current date decimal declare decrement default defaults define delete delimiter difference
    distinct divide do double drop else encoding end equals escape exclusive exec execute exists
    explain false fetch field file first float for function go goto grant greater group having
    identified if immediate increment index initial inner inout input insert int integer intersect
    intersection into isempty isnull join last left less like limit lock long max min minus mode
    modify modulo more multiply next noaudit notin nowait number object of option outer output
    power previous prior privileges public raise raw remainder rename resource return returns
    revoke right row rowid rownum rows select session set share size sqrt start strict string
    subtract sum synonym table then trans transaction trigger true uid union unique update user
    validate values view when whenever where while with
    """
RESERVED: Final = frozenset(RESERVED_WORDS.split())
"""Reserved for a later JQL: refused unless quoted (Atlassian, "Advanced searching")."""

RESERVED_CHARACTERS: Final = frozenset("{}*/%+^$#@?;")
