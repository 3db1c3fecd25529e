"""Rich text as each deployment keeps it, and as Markdown.  Pure.

Cloud keeps a document (ADF), Server and Data Center wiki text.  A comment written here has a
line above it in Jira that names who wrote it, outside what can be edited here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol, cast

from duolog.core import markup
from duolog.core.markup.escapes import escape_text
from duolog.jira.dialect import Deployment
from duolog.jira.wire import Json, JsonObject

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


class Documents:
    """Text as ADF."""

    def here(self, body: Json) -> str:
        """The document as Markdown."""
        return markup.markdown_from_adf(body if isinstance(body, dict) else None)

    def there(self, text: str, previous: Json) -> Json:
        """Markdown as a document."""
        before = previous if isinstance(previous, dict) else None
        return cast("Json", markup.adf_from_markdown(text, previous=before))

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

    def here(self, body: Json) -> str:
        """The wiki text as Markdown."""
        return markup.markdown_from_wiki(body) if isinstance(body, str) else ""

    def there(self, text: str, previous: Json) -> Json:
        """Markdown as wiki text."""
        before = previous if isinstance(previous, str) else None
        return markup.wiki_from_markdown(text, previous=before)

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


TEXTS: Final[Mapping[Deployment, Texts]] = {
    Deployment.CLOUD: Documents(),
    Deployment.SERVER: WikiTexts(),
}


def _is_header(line: str) -> bool:
    return line.strip("*_ \r\n").endswith(HEADER_ENDING)


def _blocks(body: JsonObject) -> list[Json]:
    content = body.get("content")
    return content if isinstance(content, list) else []
