"""The machine room: webhooks, clock, faults, limits, settings and tokens, to look at and turn.

Whoever is chosen as actor has nothing to do with it.  Turning goes through the actions of `/_sim`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Final

from jirasim.faults import Kind, read_script
from jirasim.http.admin import access as sim_access
from jirasim.http.admin import limits as sim_limits
from jirasim.http.admin import sim
from jirasim.http.admin.body import BadRequest
from jirasim.http.pages.frame import (
    Visit,
    choices,
    folded,
    form,
    hidden,
    labelled,
    moment,
    page,
    pairs,
    table,
)
from jirasim.http.pages.markup import Content, Html, tag
from jirasim.site.limits import PRESETS

if TYPE_CHECKING:
    from jirasim.http.admin.sim import Controls
    from jirasim.site.credentials import ApiToken
    from jirasim.webhooks.delivery import Attempt

SHOWN: Final = 200
HERE: Final = "/machine"
STEPS: Final = {"1 minute": 60, "1 hour": 3600, "1 day": 86400, "1 week": 604800}
METHODS: Final = ("", "GET", "POST", "PUT", "DELETE")
Values = Mapping[str, str]
Turn = Callable[["Controls", Values], str]


def webhooks_page(visit: Visit) -> str:
    """The registered webhooks and what was sent last, with bodies."""
    state = visit.controls.site.state
    hooks = [
        (one.name, tag("code", one.url), one.jql or "everything", "yes" if one.secret else "no")
        for one in state.webhooks.values()
    ]
    dynamic = [
        (one.id, tag("code", one.url), one.jql, moment(one.expires_at))
        for one in state.app_webhooks.values()
    ]
    attempts = visit.controls.sender.attempts()
    numbered = list(enumerate(attempts))[-SHOWN:]
    sent = [_attempt(number, one) for number, one in reversed(numbered)]
    nothing = tag("p", "Nothing was sent.", class_="empty")
    return page(
        visit,
        "Webhooks",
        tag("h1", "Webhooks"),
        table(("Name", "Address", "Filter", "Signed"), hooks, empty="No webhook is registered."),
        (
            tag("h2", "Of apps"),
            table(("Id", "Address", "Filter", "Expires"), dynamic, empty=""),
        )
        if dynamic
        else None,
        tag("h2", "Sent ", tag("small", len(attempts))),
        sent or nothing,
    )


def _attempt(number: int, attempt: Attempt) -> Html:
    delivery = attempt.delivery
    outcome = "lost" if attempt.lost else str(attempt.status or "no answer")
    good = attempt.status is not None and attempt.status < 300
    retry = f", retry {delivery.retries}" if delivery.retries else ""
    return folded(
        (
            tag("b", delivery.event),
            " ",
            tag("span", outcome, class_=f"lozenge {'done' if good else 'bad'}"),
            " ",
            moment(attempt.at),
        ),
        pairs(
            [
                ("To", tag("code", delivery.url)),
                ("Flow", f"{delivery.flow}{retry}"),
                *([("Why", attempt.error)] if attempt.error else ()),
                *((name, tag("code", value)) for name, value in delivery.headers().items()),
            ]
        ),
        tag("pre", _pretty(delivery.body), class_="code", tabindex="0"),
        form(f"/webhooks/sent/{number}/again", tag("button", "Send again")),
    )


def _pretty(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body.decode("utf-8", errors="replace")


def machine_page(visit: Visit) -> str:
    """Clock, faults, limits, settings and tokens."""
    controls = visit.controls
    return page(
        visit,
        "Machine room",
        tag("h1", "Machine room"),
        tag(
            "div",
            tag("div", _clock(controls), _faults(controls)),
            tag("div", _limits(controls), _settings(controls)),
            class_="halves",
        ),
        _tokens(controls),
    )


def _clock(controls: Controls) -> Content:
    clock = controls.site.clock
    frozen = clock.frozen
    return (
        tag("h2", "Clock"),
        tag(
            "section",
            tag("p", moment(clock()), " UTC, ", "standing still" if frozen else "running"),
            tag(
                "div",
                [
                    form(
                        f"{HERE}/clock",
                        hidden("advance_seconds", str(seconds)),
                        tag("button", f"+ {label}"),
                    )
                    for label, seconds in STEPS.items()
                ],
                form(
                    f"{HERE}/clock",
                    hidden("freeze", "false" if frozen else "true"),
                    tag("button", "Let it run" if frozen else "Freeze"),
                ),
                class_="row",
            ),
            form(
                f"{HERE}/clock",
                tag("input", name="now", placeholder="2026-03-01T09:30:00Z", aria_label="Instant"),
                tag("button", "Set"),
                class_="row",
            ),
            class_="sheet",
        ),
    )


def _faults(controls: Controls) -> Content:
    rows = [
        (
            tag("code", f"{one.match.method or 'any'} {one.match.path}"),
            one.kind.value,
            f"{one.times} times" + (f", from number {one.match.nth}" if one.match.nth else ""),
        )
        for one in controls.script.left()
    ]
    kinds = [(one.value, one.value.replace("_", " ")) for one in Kind]
    methods = [(one, one or "any method") for one in METHODS]
    return (
        tag("h2", "Faults ", tag("small", len(rows))),
        table(("Requests", "Fault", "Strikes"), rows, empty="No fault is waiting."),
        form(f"{HERE}/faults/clear", tag("button", "Clear all")) if rows else None,
        folded(
            "Add a fault",
            form(
                f"{HERE}/faults",
                labelled("Method", choices("method", methods, "")),
                labelled("Path", tag("input", name="path", value="/rest/api/*")),
                labelled("Fault", choices("fault", kinds, None)),
                labelled("Status", tag("input", name="status", type="number", value=503)),
                labelled("Times", tag("input", name="times", type="number", value=1, min=1)),
                labelled("Delay, ms", tag("input", name="delay_ms", type="number", value=0)),
                tag("button", "Add", class_="primary"),
                class_="stack",
            ),
        ),
    )


def _limits(controls: Controls) -> Content:
    limits = asdict(controls.site.state.limits)
    modes = [(one, one) for one in PRESETS]
    rejected = sorted(controls.limiter.rejected.items())
    return (
        tag("h2", "Limits"),
        tag(
            "section",
            form(
                f"{HERE}/limits",
                choices("mode", modes, str(limits.get("mode")), label="Mode"),
                tag("button", "Use"),
                class_="row",
            ),
            folded("All numbers", pairs((name, str(value)) for name, value in limits.items())),
            table(("Rejected for", "Times"), rejected, empty="Nobody was rejected."),
            form(f"{HERE}/limits/reset", tag("button", "Forget what was counted")),
            class_="sheet",
        ),
    )


def _settings(controls: Controls) -> Content:
    rows = [
        labelled(name.replace("_", " ").capitalize(), _switch(name, value))
        for name, value in asdict(controls.site.state.settings).items()
    ]
    return (
        tag("h2", "Settings"),
        folded(
            f"{len(rows)} switches",
            form(
                f"{HERE}/settings",
                rows,
                tag("button", "Save", class_="primary"),
                class_="stack",
            ),
        ),
    )


def _switch(name: str, value: object) -> Html:
    if isinstance(value, bool):
        return choices(name, [("true", "yes"), ("false", "no")], str(value).lower())
    return tag("input", name=name, value=f"{value:g}", type="number", step="any", min=0)


def _tokens(controls: Controls) -> Content:
    site = controls.site
    users = [(one.account_id, one.display_name) for one in site.state.users.values() if one.active]
    rows = [_token_row(controls, one) for one in site.state.tokens.values()]
    return (
        tag("h2", "Tokens ", tag("small", len(rows))),
        table(("Account", "Token", "Label", "Ends", ""), rows, empty="There is no token."),
        folded(
            "New token",
            form(
                f"{HERE}/tokens/new",
                labelled("Account", choices("account_id", users, None)),
                labelled("Label", tag("input", name="label")),
                tag("button", "Make", class_="primary"),
                class_="stack",
            ),
        ),
    )


def _token_row(controls: Controls, token: ApiToken) -> tuple[Content, ...]:
    user = controls.site.state.users[token.account_id]
    ends = "revoked" if token.revoked else "never"
    if token.expires_at is not None and not token.revoked:
        ends = f"{token.expires_at:%Y-%m-%d %H:%M}"
    flip = form(
        f"{HERE}/tokens",
        hidden("api_token", token.secret),
        hidden("revoked", "false" if token.revoked else "true"),
        tag("button", "Restore" if token.revoked else "Revoke", class_="quiet"),
    )
    return user.display_name, tag("code", token.secret), token.label, ends, flip


def turn_clock(controls: Controls, values: Values) -> str:
    body: dict[str, object] = {}
    if "advance_seconds" in values:
        body["advance_seconds"] = int(values["advance_seconds"])
    if values.get("now"):
        body["now"] = values["now"]
        body["freeze"] = controls.site.clock.frozen
    if "freeze" in values:
        body["freeze"] = values["freeze"] == "true"
    sim.set_clock(controls, body)
    return HERE


def add_fault(controls: Controls, values: Values) -> str:
    match: dict[str, object] = {"path": values.get("path") or "*"}
    if values.get("method"):
        match["method"] = values["method"]
    fault: dict[str, object] = {"match": match, "fault": values.get("fault")}
    fault |= {
        name: _whole(values[name]) for name in ("status", "times", "delay_ms") if values.get(name)
    }
    controls.script.use([*controls.script.left(), *read_script([fault])])
    return HERE


def clear_faults(controls: Controls, _: Values) -> str:
    controls.script.use([])
    return HERE


def use_limits(controls: Controls, values: Values) -> str:
    sim_limits.set_limits(controls, {"mode": values.get("mode")})
    return HERE


def reset_limits(controls: Controls, _: Values) -> str:
    sim_limits.reset_limits(controls, {})
    return HERE


def save_settings(controls: Controls, values: Values) -> str:
    before = asdict(controls.site.state.settings)
    body = {
        name: values[name] == "true" if isinstance(value, bool) else _number(values[name])
        for name, value in before.items()
        if name in values
    }
    sim.set_settings(controls, body)
    return HERE


def change_token(controls: Controls, values: Values) -> str:
    token = values.get("api_token")
    body = {"api_token": token, "revoked": values.get("revoked") == "true"}
    sim_access.change_token(controls, body)
    return HERE


def make_token(controls: Controls, values: Values) -> str:
    body = {"account_id": values.get("account_id"), "label": values.get("label", "")}
    sim_access.make_token(controls, body)
    return HERE


def send_again(controls: Controls, values: Values) -> str:
    """The same delivery once more, as a retry."""
    attempts, number = controls.sender.attempts(), _whole(values.get("number", ""))
    if number >= len(attempts):
        raise BadRequest("This delivery is no longer known.")
    delivery = attempts[number].delivery
    controls.sender.submit(replace(delivery, retries=delivery.retries + 1))
    return "/webhooks"


def reset_calls(controls: Controls, _: Values) -> str:
    controls.calls.reset()
    return "/calls"


def _whole(raw: str) -> int:
    if not raw.isdigit():
        raise BadRequest(f"{raw} is no whole number.")
    return int(raw)


def _number(raw: str) -> float:
    try:
        return float(raw)
    except ValueError:
        raise BadRequest(f"{raw} is no number.") from None


TURNS: Final[Mapping[str, Turn]] = {
    f"{HERE}/clock": turn_clock,
    f"{HERE}/faults": add_fault,
    f"{HERE}/faults/clear": clear_faults,
    f"{HERE}/limits": use_limits,
    f"{HERE}/limits/reset": reset_limits,
    f"{HERE}/settings": save_settings,
    f"{HERE}/tokens": change_token,
    f"{HERE}/tokens/new": make_token,
    "/webhooks/sent/{number}/again": send_again,
    "/calls/reset": reset_calls,
}
