"""People whom a text mentions: members here, accounts in Jira.  Pure; who is who is passed in.

Here a mention is a link to `member:12`, in ADF a node with the account's id, in wiki text
`[~login]`.  Whom nobody here stands for stays Jira's own node, a locked chip; whom nobody in Jira
stands for is a plain name there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from duolog.core.markup.chips import Node, attrs_of, children_of
from duolog.core.markup.escapes import escape_text
from duolog.core.markup.inlines import one_line
from duolog.core.markup.lines_changed import changed
from duolog.core.markup.tree import Inline, Inlines, Link, Mark, Text
from duolog.core.markup.wiki import wiki_from_markdown

MEMBER: Final = "member:"
_IN_TEXT: Final = re.compile(r"member:([0-9]{1,18})(?![0-9])")
_LINK: Final = re.compile(
    r"\[(?P<label>(?:[^\[\]|\n\\]|\\.)*)\|member:(?P<member>[0-9]{1,18})(?:\|[^\[\]\n]*)?\]"
)
_PERSON: Final = re.compile(r"\[~(?P<login>[^\[\]|~\n]+)\]")
_VERBATIM: Final = re.compile(
    r"(\{code(?::[^{}\n]*)?\}.*?\{code\}|\{noformat(?::[^{}\n]*)?\}.*?\{noformat\}"
    r"|\{\{[^\n]*?\}\})",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class People:
    """The people of some texts: the `members` behind what Jira calls them, what it calls each
    member (`called`: an account's id, or a login name), and the members' `names`."""

    members: Mapping[str, str] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def mention_of(member: str, name: str) -> str:
    """A mention in Markdown."""
    return f"[@{escape_text(one_line(name), bracketed=True)}]({MEMBER}{member})"


def mentioned_members(text: str) -> frozenset[str]:
    """The ids of the members whom a Markdown text mentions."""
    if MEMBER not in text:
        return frozenset()
    found: set[str] = set()

    def note(line: Inlines) -> Inlines:
        found.update(member for run in line if (member := _member_of(run)) is not None)
        return line

    changed(text, note)
    return frozenset(found)


def with_people(text: str, people: People) -> str:
    """Markdown as it compares: each mention by the member's name, or the bare words where Jira
    calls the member nothing."""

    def say(line: Inlines) -> Inlines:
        return tuple(_said(line, people))

    return changed(text, say) if MEMBER in text else text


def with_mentions_of(text: str, before: str, members: Collection[str]) -> str:
    """The text with those mentions of these members in the text before that are bare words in it.

    So an edit in Jira, where they are bare words, takes none of them away.
    """
    hrefs = {f"{MEMBER}{member}" for member in members}
    lost = {words: link for words, link in _mentions(before) if link.href in hrefs}
    if not lost:
        return text
    written = {
        escape_text(words): mention_of(link.href.removeprefix(MEMBER), words.removeprefix("@"))
        for words, link in lost.items()
    }
    longest_first = sorted(written, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return pattern.sub(lambda it: written[it[0]], text)


def _mentions(text: str) -> list[tuple[str, Link]]:
    found: list[tuple[str, Link]] = []

    def note(line: Inlines) -> Inlines:
        found.extend(
            (run.text, run.link)
            for run in line
            if isinstance(run, Text) and run.link and _member_of(run) and run.text.startswith("@")
        )
        return line

    changed(text, note)
    return found


def _said(line: Inlines, people: People) -> Iterator[Inline]:
    for member, runs in groupby(line, key=_member_of):
        if member is None:
            yield from runs
            continue
        words = "".join(run.text for run in runs if isinstance(run, Text))
        name = people.names.get(member)
        if name is not None and member in people.called:
            yield Text(f"@{one_line(name)}", link=Link(f"{MEMBER}{member}"))
        else:
            yield Text(words)


def _member_of(run: Inline) -> str | None:
    if not isinstance(run, Text) or run.link is None or Mark.CODE in run.marks:
        return None
    found = _IN_TEXT.fullmatch(run.link.href)
    return found[1] if found else None


class Document:
    """An ADF document with its mentions of members as links, and the way back.

    What is not changed in between gets its own node again, to the letter.
    """

    def __init__(self, document: Mapping[str, object], people: People) -> None:
        self._people = people
        self._kept: dict[int, tuple[Node, Node]] = {}
        self.linked = self._linked(document)

    def _linked(self, node: Node) -> Node:
        member = self._people.members.get(_account(node))
        if member is not None and member in self._people.names:
            return self._link(node, member)
        content = node.get("content")
        if not isinstance(content, list | tuple):
            return node
        inside = [self._linked(it) if isinstance(it, Mapping) else it for it in content]
        same = all(new is old for new, old in zip(inside, content, strict=True))
        return node if same else {**node, "content": inside}

    def _link(self, node: Node, member: str) -> Node:
        mark = {"type": "link", "attrs": {"href": f"{MEMBER}{member}"}}
        text = f"@{one_line(self._people.names[member])}"
        link: Node = {"type": "text", "text": text, "marks": [mark]}
        self._kept[id(link)] = (link, node)
        return link

    def restored(self, document: Mapping[str, object]) -> dict[str, object]:
        """A document of such links as Jira is to have it."""
        return dict(self._mentioned(document))

    def _mentioned(self, node: Node) -> Node:
        if id(node) in self._kept:
            return self._kept[id(node)][1]
        member = _linked_member(node)
        if member is not None:
            return self._mention(node, member)
        content = node.get("content")
        if not isinstance(content, list | tuple):
            return node
        inside = [self._mentioned(it) if isinstance(it, Mapping) else it for it in content]
        same = all(new is old for new, old in zip(inside, content, strict=True))
        return node if same else {**node, "content": inside}

    def _mention(self, node: Node, member: str) -> Node:
        account = self._people.called.get(member)
        if account is None:
            marks = node.get("marks")
            left = [it for it in marks if not _is_link(it)] if isinstance(marks, list) else []
            plain = {key: value for key, value in node.items() if key != "marks"}
            return {**plain, "marks": left} if left else plain
        return {"type": "mention", "attrs": {"id": account, "text": str(node.get("text", ""))}}


def mentioned_accounts(document: Mapping[str, object]) -> frozenset[str]:
    """The accounts that an ADF document mentions."""
    found: set[str] = set()
    waiting: list[Node] = [document]
    while waiting:
        node = waiting.pop()
        found.add(_account(node))
        waiting.extend(children_of(node))
    return frozenset(found - {""})


def _account(node: Node) -> str:
    return str(attrs_of(node).get("id") or "") if node.get("type") == "mention" else ""


def _linked_member(node: Node) -> str | None:
    marks = node.get("marks")
    if node.get("type") != "text" or not isinstance(marks, list):
        return None
    links = [str(attrs_of(it).get("href", "")) for it in marks if _is_link(it)]
    found = _IN_TEXT.fullmatch(links[0]) if links else None
    return found[1] if found else None


def _is_link(mark: object) -> bool:
    return isinstance(mark, Mapping) and mark.get("type") == "link"


def mentioned_logins(wiki: str) -> frozenset[str]:
    """The login names that a wiki text mentions."""
    return frozenset(
        it["login"] for part in _spoken(wiki) for it in _PERSON.finditer(part) if "[~" in part
    )


def wiki_with_links(wiki: str, people: People) -> str:
    """Wiki text with its mentions of members as links."""

    def link(found: re.Match[str]) -> str:
        member = people.members.get(found["login"])
        if member is None or member not in people.names:
            return found[0]
        return wiki_from_markdown(mention_of(member, people.names[member]))

    return _in_speech(wiki, lambda part: _PERSON.sub(link, part))


def wiki_with_mentions(wiki: str, people: People) -> str:
    """Wiki text with such links as Jira is to have them."""

    def mention(found: re.Match[str]) -> str:
        login = people.called.get(found["member"])
        return found["label"] if login is None else f"[~{login}]"

    return _in_speech(wiki, lambda part: _LINK.sub(mention, part))


def _spoken(wiki: str) -> Iterable[str]:
    """What is not verbatim."""
    return _VERBATIM.split(wiki)[::2]


def _in_speech(wiki: str, change: Callable[[str], str]) -> str:
    parts = _VERBATIM.split(wiki)
    return "".join(part if place % 2 else change(part) for place, part in enumerate(parts))
