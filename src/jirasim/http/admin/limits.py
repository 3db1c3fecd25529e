"""`/_sim/limits`: what is allowed, what was refused, and how busy issues were."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, Final

from jirasim.http.admin.body import BadRequest, as_object
from jirasim.site.limits import PRESETS, Limits

if TYPE_CHECKING:
    from jirasim.http.admin.sim import Controls

NAMES: Final = frozenset(one.name for one in fields(Limits))


def show_limits(controls: Controls, _: object) -> object:
    with controls.site.lock:
        most = controls.limiter.writes.most()
        return {
            **asdict(controls.site.state.limits),
            "rejected": dict(controls.limiter.rejected),
            "writes": {
                key: {"most_in_2s": short, "most_in_30s": long}
                for key, (short, long) in most.items()
            },
        }


def set_limits(controls: Controls, body: object) -> object:
    """Change what is named; a `mode` brings all its numbers along."""
    given: dict[str, Any] = dict(as_object(body, set(NAMES)))
    mode = given.pop("mode", None)
    if mode is not None and mode not in PRESETS:
        raise BadRequest(f"mode is one of {', '.join(PRESETS)}.")
    with controls.site.lock:
        before = controls.site.state.limits if mode is None else PRESETS[mode]
        checked: dict[str, Any] = {
            name: _checked(name, getattr(before, name), one) for name, one in given.items()
        }
        controls.site.state.limits = replace(before, **checked)
        controls.site.revision += 1
    return show_limits(controls, body)


def reset_limits(controls: Controls, body: object) -> object:
    """Forget all that was counted."""
    with controls.site.lock:
        controls.limiter.reset()
    return show_limits(controls, body)


def _checked(name: str, before: object, value: object) -> object:
    if name == "blocked":
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise BadRequest("blocked is a list of account ids.")
    if name == "special":
        if isinstance(value, dict) and all(_is_number(one) for one in value.values()):
            return value
        raise BadRequest('special is an object such as {"GET /issue/{id}": 150}.')
    if isinstance(before, bool):
        if isinstance(value, bool):
            return value
        raise BadRequest(f"{name} is true or false.")
    if not _is_number(value) or (name in {"fill", "interval_seconds"} and not value):
        raise BadRequest(f"{name} is a number, not negative.")
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


ACTIONS: Final[Mapping[tuple[str, str], Callable[[Controls, object], object]]] = {
    ("GET", "/limits"): show_limits,
    ("POST", "/limits"): set_limits,
    ("POST", "/limits/reset"): reset_limits,
}
