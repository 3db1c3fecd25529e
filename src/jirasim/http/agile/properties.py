"""Entity properties of boards and sprints: any JSON under a key."""

from collections.abc import Callable
from dataclasses import replace

from jirasim.http.agile.lookups import board_of, sprint_of
from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint, Handler
from jirasim.site import boards, sprints
from jirasim.site.agile_model import Board, Sprint
from jirasim.site.errors import Refusal
from jirasim.site.properties import check
from jirasim.wire.agile import base

Holder = Board | Sprint
Find = Callable[[Call], Holder]


def keys_of(find: Find, kind: str) -> Handler:
    """GET the keys."""

    def answer(call: Call) -> Answer:
        holder = find(call)
        place = f"{base(call.wire)}/{kind}/{holder.id}/properties"
        return Answer(
            {"keys": [{"self": f"{place}/{one}", "key": one} for one in holder.properties]}
        )

    return answer


def value_of(find: Find) -> Handler:
    """GET one value."""

    def answer(call: Call) -> Answer:
        key, holder = call.params["key"], find(call)
        if key not in holder.properties:
            raise Refusal(404, f"The property '{key}' does not exist.")
        return Answer({"key": key, "value": holder.properties[key]})

    return answer


def put_into(find: Find) -> Handler:
    """PUT one value: 201 when new, else 200."""

    def answer(call: Call) -> Answer:
        key, holder, value = call.params["key"], find(call), call.json()
        check(key, value)
        _keep(call, replace(holder, properties={**holder.properties, key: value}))
        return Answer({}, 200 if key in holder.properties else 201)

    return answer


def remove_from(find: Find) -> Handler:
    """DELETE one."""

    def answer(call: Call) -> Answer:
        key, holder = call.params["key"], find(call)
        if key not in holder.properties:
            raise Refusal(404, f"The property '{key}' does not exist.")
        left = {name: value for name, value in holder.properties.items() if name != key}
        _keep(call, replace(holder, properties=left))
        return NO_CONTENT

    return answer


def _keep(call: Call, holder: Holder) -> None:
    if isinstance(holder, Board):
        boards.keep(call.site, holder)
    else:
        sprints.keep(call.site, holder)


def _endpoints(kind: str, find: Find) -> tuple[Endpoint, ...]:
    path = f"/{kind}/{{{kind}}}/properties"
    return (
        Endpoint("GET", path, keys_of(find, kind)),
        Endpoint("GET", f"{path}/{{key}}", value_of(find)),
        Endpoint("PUT", f"{path}/{{key}}", put_into(find)),
        Endpoint("DELETE", f"{path}/{{key}}", remove_from(find)),
    )


ENDPOINTS = (*_endpoints("board", board_of), *_endpoints("sprint", sprint_of))
