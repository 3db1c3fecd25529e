"""What a browser would send of a form, as it stands on a page."""

from __future__ import annotations

from html.parser import HTMLParser

Sent = dict[str, list[str]]


class _Forms(HTMLParser):
    """Reads inputs, selects and texts; buttons send nothing unless they are pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Sent] = []
        self._select = ""
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "form":
            self.forms.append({})
        elif tag == "select" and self.forms:
            self._select = name
            self.forms[-1][name] = []
        elif tag == "option" and self._select:
            self._offer(value, is_chosen="selected" in said)
        elif tag == "textarea":
            self._text = name
        elif tag == "input" and name and self.forms:
            is_mark = said.get("type") in {"checkbox", "radio"}
            if not is_mark or "checked" in said:
                self.forms[-1].setdefault(name, []).append(value)

    def _offer(self, value: str, *, is_chosen: bool) -> None:
        chosen = self.forms[-1][self._select]
        if is_chosen or not chosen:
            self.forms[-1][self._select] = [value]

    def handle_data(self, data: str) -> None:
        if self._text and self.forms:
            self.forms[-1].setdefault(self._text, []).append(data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = None


def form_with(page: str, control: str) -> Sent:
    """The form of a page that has a control of which the name begins so."""
    reader = _Forms()
    reader.feed(page)
    return next(form for form in reader.forms if any(it.startswith(control) for it in form))
