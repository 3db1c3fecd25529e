"""What every page of the simulator has around it, and the small parts all of them use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jirasim.http.markup import Content, Html, joined, tag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from jirasim.http.sim import Controls
    from jirasim.site.model import Status, User

STYLE: Final = "/_sim/static/page.css"


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at the simulator by somebody acting as a user, perhaps as nobody yet."""

    controls: Controls
    actor: User | None
    path: str
    problem: str = ""


def page(visit: Visit, title: str, *content: Content) -> str:
    """A whole document."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{title} · {visit.controls.site.state.title}"),
        tag("link", rel="stylesheet", href=STYLE),
    )
    problem = tag("p", visit.problem, class_="problem", role="alert") if visit.problem else None
    body = tag("body", _bar(visit), tag("main", problem, content))
    return f"<!DOCTYPE html>{joined(tag('html', head, body, lang='en'))}"


def _bar(visit: Visit) -> Html:
    links = (("/", "Projects"), ("/webhooks", "Webhooks"), ("/calls", "Calls"))
    return tag(
        "header",
        tag(
            "a",
            visit.controls.site.state.title,
            tag("small", "simulated"),
            href="/",
            class_="brand",
        ),
        tag(
            "nav",
            [
                tag("a", label, href=href, aria_current="page" if visit.path == href else None)
                for href, label in links
            ],
            aria_label="Pages",
        ),
        _actor_form(visit),
    )


def _actor_form(visit: Visit) -> Html:
    users = visit.controls.site.state.users.values()
    mine = visit.actor.account_id if visit.actor is not None else None
    options = [
        tag("option", user.display_name, value=user.account_id, selected=user.account_id == mine)
        for user in users
        if user.active
    ]
    nobody = tag("option", "nobody yet", value="", selected=True) if mine is None else None
    return form(
        "/act",
        tag("label", "Act as ", tag("select", nobody, options, name="account_id")),
        hidden("next", visit.path),
        tag("button", "Switch"),
        class_="actor",
    )


def form(action: str, *content: Content, class_: str | None = None) -> Html:
    """A form that is posted."""
    return tag("form", content, method="post", action=action, class_=class_)


def hidden(name: str, value: str) -> Html:
    """A value that travels with a form unseen."""
    return tag("input", type="hidden", name=name, value=value)


def labelled(label: str, control: Html) -> Html:
    """A control under its label."""
    return tag("label", tag("span", label), control, class_="field")


def choices(name: str, options: Iterable[tuple[str, str]], chosen: str | None) -> Html:
    """A select of (value, label) pairs."""
    return tag(
        "select",
        [
            tag("option", label, value=value, selected=value == (chosen or ""))
            for value, label in options
        ],
        name=name,
    )


def lozenge(status: Status) -> Html:
    """A status in the colour of its category."""
    return tag("span", status.name, class_=f"lozenge {status.category.key}")


def moment(at: datetime) -> Html:
    """An instant, to the second, in UTC."""
    return tag("time", f"{at:%Y-%m-%d %H:%M:%S}", datetime=at.isoformat())


def table(head: Iterable[str], rows: Iterable[Iterable[Content]], *, empty: str) -> Html:
    """A table, or a sentence where there are no rows."""
    body = [tag("tr", [tag("td", cell) for cell in row]) for row in rows]
    if not body:
        return tag("p", empty, class_="empty")
    heads = tag("tr", [tag("th", one, scope="col") for one in head])
    return tag("div", tag("table", tag("thead", heads), tag("tbody", body)), class_="scroll")
