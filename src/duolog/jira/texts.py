"""Rich text as each deployment keeps it, and as Markdown.  Pure.

Cloud keeps a document (ADF), Server and Data Center wiki text.  A comment written here has a
line above it in Jira that names who wrote it, outside what can be edited here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, Protocol, TypeAlias, cast

from duolog.core import markup
from duolog.core.markup.escapes import escape_text
from duolog.core.markup.mentions import (
    Document,
    People,
    mentioned_accounts,
    mentioned_logins,
    mentioned_members,
    wiki_with_links,
    wiki_with_mentions,
    with_people,
)
from duolog.jira.dialect import Deployment
from duolog.jira.wire import Json, JsonObject

FindPeople: TypeAlias = Callable[[Collection[str], Collection[str]], People]
"""Who is meant by what Jira calls people (accounts, or login names), and by ids of members."""

HEADER_ENDING: Final = "in Duolog:"


class Texts(Protocol):
    """How one deployment keeps text; `body` is what its REST interface gives and takes."""

    def here(self, body: Json) -> str:
        """The body as canonical Markdown."""
        ...

    def there(self, text: str, previous: Json) -> Json:
        """Markdown as a body; blocks that did not change stay as they are in `previous`."""
        ...

    def with_header(self, body: Json, author: str) -> Json:
        """The body with a line above it that names its author."""
        ...

    def without_header(self, body: Json) -> Json:
        """The body without that line, where it has one."""
        ...

    def below_header_of(self, previous: Json, body: Json) -> Json:
        """The body below the line that the previous one has, where it has one."""
        ...


def nobody(_called: Collection[str], _members: Collection[str]) -> People:
    """For texts in which people are not looked for."""
    return People()


class Documents:
    """Text as ADF."""

    def __init__(self, who: FindPeople = nobody) -> None:
        self._who = who

    def here(self, body: Json) -> str:
        """The document as Markdown."""
        if not isinstance(body, dict):
            return markup.markdown_from_adf(None)
        people = self._who(mentioned_accounts(body), ())
        return with_people(markup.markdown_from_adf(Document(body, people).linked), people)

    def there(self, text: str, previous: Json) -> Json:
        """Markdown as a document."""
        before: JsonObject = previous if isinstance(previous, dict) else {}
        people = self._who(mentioned_accounts(before), mentioned_members(text))
        held = Document(before, people)
        made = markup.adf_from_markdown(text, previous=held.linked if before else None)
        return cast("Json", held.restored(made))

    def with_header(self, body: Json, author: str) -> Json:
        """A first paragraph in italics."""
        em: dict[str, Json] = {"type": "em"}
        line: dict[str, Json] = {"type": "text", "text": f"{author} {HEADER_ENDING}", "marks": [em]}
        header: dict[str, Json] = {"type": "paragraph", "content": [line]}
        whole: JsonObject = body if isinstance(body, dict) else {"version": 1, "type": "doc"}
        return {**whole, "content": [header, *_blocks(whole)]}

    def without_header(self, body: Json) -> Json:
        """All but that paragraph; people may have changed how it looks."""
        if not isinstance(body, dict):
            return body
        blocks = _blocks(body)
        return {**body, "content": blocks[1:]} if self._has_header(body) else body

    def below_header_of(self, previous: Json, body: Json) -> Json:
        """The same first paragraph, and then the body."""
        if not (isinstance(previous, dict) and isinstance(body, dict)):
            return body
        above = _blocks(previous)[:1] if self._has_header(previous) else []
        return {**body, "content": [*above, *_blocks(body)]}

    def _has_header(self, body: JsonObject) -> bool:
        first = _blocks(body)[:1]
        return bool(first) and _is_header(self.here({**body, "content": first}))


class WikiTexts:
    """Text as wiki markup."""

    def __init__(self, who: FindPeople = nobody) -> None:
        self._who = who

    def here(self, body: Json) -> str:
        """The wiki text as Markdown."""
        if not isinstance(body, str):
            return ""
        people = self._who(mentioned_logins(body), ())
        return with_people(markup.markdown_from_wiki(wiki_with_links(body, people)), people)

    def there(self, text: str, previous: Json) -> Json:
        """Markdown as wiki text."""
        before = previous if isinstance(previous, str) else ""
        people = self._who(mentioned_logins(before), mentioned_members(text))
        held = wiki_with_links(before, people) if before else None
        return wiki_with_mentions(markup.wiki_from_markdown(text, previous=held), people)

    def with_header(self, body: Json, author: str) -> Json:
        """A first line in italics, and an empty one."""
        line = markup.wiki_from_markdown(f"*{escape_text(author)} {HEADER_ENDING}*")
        return f"{line}\n\n{body if isinstance(body, str) else ''}"

    def without_header(self, body: Json) -> Json:
        """All below that line."""
        if not isinstance(body, str):
            return body
        first, _, rest = body.lstrip().partition("\n")
        return rest.lstrip("\r\n") if _is_header(first) else body

    def below_header_of(self, previous: Json, body: Json) -> Json:
        """The same first line and what parts it from the text, and then the body."""
        below = self.without_header(previous)
        if not (isinstance(previous, str) and isinstance(below, str)):
            return body
        above = previous[: len(previous) - len(below)]
        return f"{above}{body if isinstance(body, str) else ''}"


_KINDS: Final[Mapping[Deployment, Callable[[FindPeople], Texts]]] = {
    Deployment.CLOUD: Documents,
    Deployment.SERVER: WikiTexts,
}


def texts_for(deployment: Deployment, who: FindPeople = nobody) -> Texts:
    """How a deployment keeps text; `who` is asked about the people whom a text mentions."""
    return _KINDS[deployment](who)


def _is_header(line: str) -> bool:
    return line.strip("*_ \r\n").endswith(HEADER_ENDING)


def _blocks(body: JsonObject) -> list[Json]:
    content = body.get("content")
    return content if isinstance(content, list) else []
