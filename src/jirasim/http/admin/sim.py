"""`/_sim`: what a test may do to the simulator and ask of it.  No Jira rule lives here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jirasim.faults import BadScript, Fault, Script, read_script
from jirasim.http.admin import access as sim_access
from jirasim.http.admin import limits as sim_limits
from jirasim.http.admin.body import BadRequest, as_object, chance, instant, number
from jirasim.site.errors import Refusal
from jirasim.site.moves import Destination, move
from jirasim.webhooks.policy import Policy

if TYPE_CHECKING:
    from starlette.requests import Request

    from jirasim.http.calls import Calls
    from jirasim.http.limiter import Limiter
    from jirasim.site.state import Site
    from jirasim.webhooks.delivery import Attempt
    from jirasim.webhooks.sender import Sender


@dataclass(frozen=True, slots=True)
class Controls:
    """The parts of one running simulator that can be looked at and turned."""

    site: Site
    calls: Calls
    script: Script
    sender: Sender
    limiter: Limiter


Action = Callable[[Controls, object], object]


def routes(controls: Controls) -> list[Route]:
    """All routes below `/_sim`.  None of them is counted or can fail by script."""
    simple = [_route(controls, method, path, action) for (method, path), action in ACTIONS.items()]
    return [*simple, *_sent_routes(controls)]


def _sent_routes(controls: Controls) -> list[Route]:
    """What was sent, oldest first: all of it, or one by its place, with headers and body."""

    async def every(request: Request) -> Response:
        attempts = await run_in_threadpool(controls.sender.attempts)
        whole = request.query_params.get("bodies") == "true"
        write = _whole_attempt if whole else _attempt_json
        return JSONResponse([write(one) for one in attempts])

    async def one(request: Request) -> Response:
        number = int(request.path_params["number"])
        attempts = await run_in_threadpool(controls.sender.attempts)
        if number >= len(attempts):
            return JSONResponse({"error": f"Only {len(attempts)} were sent."}, 404)
        return JSONResponse(_whole_attempt(attempts[number]))

    return [
        Route("/_sim/webhooks/sent", every, methods=["GET"]),
        Route("/_sim/webhooks/sent/{number:int}", one, methods=["GET"]),
    ]


def _route(controls: Controls, method: str, path: str, action: Action) -> Route:
    async def serve(request: Request) -> Response:
        raw = await request.body()
        try:
            body = json.loads(raw) if raw.strip() else {}
            return JSONResponse(await run_in_threadpool(action, controls, body))
        except (BadRequest, BadScript, json.JSONDecodeError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return Route(f"/_sim{path}", serve, methods=[method])


def show_calls(controls: Controls, _: object) -> object:
    return controls.calls.counts()


def reset_calls(controls: Controls, _: object) -> object:
    controls.calls.reset()
    return {}


def show_mails(controls: Controls, _: object) -> object:
    return list(controls.site.mails)


def show_faults(controls: Controls, _: object) -> object:
    return [_fault_json(fault) for fault in controls.script.left()]


def set_faults(controls: Controls, body: object) -> object:
    """Replace the script; an empty list ends all faults."""
    controls.script.use(read_script(body))
    return show_faults(controls, body)


def show_clock(controls: Controls, _: object) -> object:
    clock = controls.site.clock
    return {"now": clock().isoformat(), "frozen": clock.frozen}


def set_clock(controls: Controls, body: object) -> object:
    """`{"now": …}` or `{"advance_seconds": n}`; with `"freeze": true` time then stands still."""
    given = as_object(body, {"now", "advance_seconds", "freeze"})
    clock = controls.site.clock
    if "now" in given:
        clock.set(instant(given["now"]), freeze=given.get("freeze") is True)
    elif "advance_seconds" in given:
        clock.advance(timedelta(seconds=number(given, "advance_seconds")))
        if "freeze" in given:
            clock.set(clock(), freeze=given["freeze"] is True)
    elif "freeze" in given:
        clock.set(clock(), freeze=given["freeze"] is True)
    else:
        raise BadRequest("Give now, advance_seconds or freeze.")
    return show_clock(controls, body)


def show_policy(controls: Controls, _: object) -> object:
    return asdict(controls.sender.policy)


def set_policy(controls: Controls, body: object) -> object:
    """Replace the policy; what is not named is without harm."""
    given = as_object(body, {field.name for field in fields(Policy)})
    seed = given.get("seed")
    if seed is not None and not isinstance(seed, int):
        raise BadRequest("seed is a whole number.")
    policy = Policy(
        loss=chance(given, "loss"),
        duplicate=chance(given, "duplicate"),
        reorder=chance(given, "reorder"),
        delay=number(given, "delay"),
        secondary_delay=number(given, "secondary_delay"),
        seed=seed,
    )
    controls.sender.use(policy)
    return show_policy(controls, body)


def wait_for_webhooks(controls: Controls, body: object) -> object:
    """Answer once nothing is due or under way, or after so many real seconds."""
    given = as_object(body, {"seconds"})
    return {"idle": controls.sender.wait_until_idle(number(given, "seconds"))}


def move_issue(controls: Controls, body: object) -> object:
    """`{"issue", "project"}`, perhaps `"issuetype"` and `"by"` (an account): as in the browser."""
    given = as_object(body, {"issue", "project", "issuetype", "by"})
    site = controls.site
    with site.lock:
        issue = site.find_issue(str(given.get("issue")))
        project = site.find_project(str(given.get("project")))
        actor = site.state.users.get(str(given.get("by", site.state.service_account)))
        if issue is None or project is None or actor is None:
            raise BadRequest("There is no such issue, project or account.")
        goal = Destination(project, str(given.get("issuetype", issue.type_id)))
        try:
            return {"key": move(site, actor, issue, goal).key}
        except Refusal as refusal:
            raise BadRequest(" ".join(refusal.messages)) from None


def show_settings(controls: Controls, _: object) -> object:
    return asdict(controls.site.state.settings)


def set_settings(controls: Controls, body: object) -> object:
    """Change the switches that are named."""
    before = controls.site.state.settings
    given: dict[str, Any] = dict(as_object(body, {field.name for field in fields(before)}))
    for name, value in given.items():
        boolean = isinstance(getattr(before, name), bool)
        if boolean is not isinstance(value, bool) or not isinstance(value, int | float):
            raise BadRequest(f"{name} is {'true or false' if boolean else 'a number'}.")
    with controls.site.lock:
        controls.site.state.settings = replace(before, **given)
    return show_settings(controls, body)


def _fault_json(fault: Fault) -> dict[str, object]:
    return {
        "match": asdict(fault.match),
        "fault": fault.kind.value,
        "status": fault.status,
        "headers": {**fault.headers},
        "delay_ms": fault.delay_ms,
        "times": fault.times,
        "seen": fault.seen,
    }


def _attempt_json(attempt: Attempt) -> dict[str, object]:
    delivery = attempt.delivery
    return {
        "identifier": delivery.identifier,
        "webhook_id": delivery.webhook_id,
        "event": delivery.event,
        "url": delivery.url,
        "flow": delivery.flow,
        "retry": delivery.retries,
        "at": attempt.at.isoformat(),
        "status": attempt.status,
        "error": attempt.error,
        "lost": attempt.lost,
        "bytes": len(delivery.body),
    }


def _whole_attempt(attempt: Attempt) -> dict[str, object]:
    """With the headers and the body as they went out."""
    delivery = attempt.delivery
    text = delivery.body.decode()
    return {
        **_attempt_json(attempt),
        "headers": delivery.headers(),
        "text": text,
        "body": json.loads(text) if text else None,
    }


ACTIONS: Final[Mapping[tuple[str, str], Action]] = {
    ("GET", "/calls"): show_calls,
    ("POST", "/calls/reset"): reset_calls,
    ("GET", "/faults"): show_faults,
    ("POST", "/faults"): set_faults,
    ("GET", "/clock"): show_clock,
    ("POST", "/clock"): set_clock,
    ("GET", "/webhooks/policy"): show_policy,
    ("POST", "/webhooks/policy"): set_policy,
    ("POST", "/webhooks/wait"): wait_for_webhooks,
    ("POST", "/issues/move"): move_issue,
    ("GET", "/settings"): show_settings,
    ("POST", "/settings"): set_settings,
    ("GET", "/mails"): show_mails,
    **sim_access.ACTIONS,
    **sim_limits.ACTIONS,
}
