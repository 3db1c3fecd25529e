"""What every page of the simulator has around it, and the small parts all of them use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jirasim.http.pages.markup import Content, Html, joined, tag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from jirasim.http.admin.sim import Controls
    from jirasim.site.model import Status, User

STYLE: Final = "/_sim/static/page.css"
SECTIONS: Final = {
    "/": "Projects",
    "/boards": "Boards",
    "/webhooks": "Webhooks",
    "/calls": "Calls",
    "/machine": "Machine",
}
WITHIN: Final = {"/projects": "/", "/browse": "/", "/search": "/"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at the simulator by somebody acting as a user, perhaps as nobody yet."""

    controls: Controls
    actor: User | None
    path: str
    problem: str = ""

    @property
    def section(self) -> str:
        """The page of the head line that this one belongs to."""
        first = f"/{self.path.split('/')[1]}"
        return WITHIN.get(first, first)


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
    links = [
        tag("a", label, href=href, aria_current="page" if visit.section == href else None)
        for href, label in SECTIONS.items()
    ]
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
            links,
            aria_label="Pages",
        ),
        _actor_form(visit),
    )


def _actor_form(visit: Visit) -> Html:
    mine = visit.actor.account_id if visit.actor is not None else None
    options = [
        tag("option", user.display_name, value=user.account_id, selected=user.account_id == mine)
        for user in _actors(visit)
    ]
    nobody = tag("option", "nobody yet", value="", selected=True) if mine is None else None
    return form(
        "/act",
        tag("label", "Act as ", tag("select", nobody, options, name="account_id")),
        hidden("next", visit.path),
        tag("button", "Switch"),
        class_="actor",
    )


def welcome(visit: Visit) -> Html:
    """Everybody whom one may act as, for who has not chosen yet."""
    people = [
        form(
            "/act",
            hidden("account_id", user.account_id),
            hidden("next", visit.path),
            tag("button", face(user.display_name)),
        )
        for user in _actors(visit)
    ]
    lead = tag("p", "Choose whom to act as. There is no password: this Jira is simulated.")
    return tag("section", lead, tag("div", people, class_="faces"))


def _actors(visit: Visit) -> list[User]:
    """The people of the site, the service account, and whoever is acting now."""
    site = visit.controls.site
    service = site.state.users[site.state.service_account]
    known = {one.account_id: one for one in (*site.people(), service)}
    if visit.actor is not None:
        known.setdefault(visit.actor.account_id, visit.actor)
    return [user for user in known.values() if user.active]


def form(action: str, *content: Content, class_: str | None = None) -> Html:
    """A form that is posted."""
    return tag("form", content, method="post", action=action, class_=class_)


def hidden(name: str, value: str) -> Html:
    """A value that travels with a form unseen."""
    return tag("input", type="hidden", name=name, value=value)


def upload(action: str, *content: Content) -> Html:
    """A form that sends files."""
    return tag(
        "form", content, method="post", action=action, class_="row", enctype="multipart/form-data"
    )


def folded(title: Content, *content: Content, open_: bool = False) -> Html:
    """Something that is shown when its title is chosen."""
    return tag("details", tag("summary", title), content, open=open_)


def face(name: str) -> Html:
    """The first letters of a name in a circle, beside the name."""
    letters = "".join(word[0] for word in name.split()[:2]).upper()
    tone = sum(map(ord, name)) % 6
    return tag(
        "span",
        tag("span", letters, class_=f"face tone{tone}", aria_hidden="true"),
        tag("span", name),
        class_="person",
    )


def pairs(rows: Iterable[tuple[str, Content]]) -> Html:
    """Names and values, one under the other."""
    return tag("dl", [(tag("dt", name), tag("dd", value)) for name, value in rows], class_="pairs")


def labelled(label: str, control: Html) -> Html:
    """A control under its label."""
    return tag("label", tag("span", label), control, class_="field")


def choices(
    name: str,
    options: Iterable[tuple[str, str]],
    chosen: str | None,
    *,
    label: str | None = None,
) -> Html:
    """A select of (value, label) pairs; `label` where no other one says what it is."""
    return tag(
        "select",
        [
            tag("option", label, value=value, selected=value == (chosen or ""))
            for value, label in options
        ],
        name=name,
        aria_label=label,
    )


def lozenge(status: Status) -> Html:
    """A status in the colour of its category."""
    return tag("span", status.name, class_=f"lozenge {status.category.key}")


def moment(at: datetime) -> Html:
    """An instant, to the second, in UTC."""
    return tag("time", f"{at:%Y-%m-%d %H:%M:%S}", datetime=at.isoformat())


def table(head: Iterable[str], rows: Iterable[Iterable[Content]], *, empty: str) -> Html:
    """A table, or a sentence where there are no rows."""
    names = tuple(head)
    body = [
        tag("tr", [tag("td", cell, data_label=name) for name, cell in zip(names, row, strict=True)])
        for row in rows
    ]
    if not body:
        return tag("p", empty, class_="empty")
    heads = tag("tr", [tag("th", one, scope="col") for one in names])
    return tag("div", tag("table", tag("thead", heads), tag("tbody", body)), class_="scroll")
