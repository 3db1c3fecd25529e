"""Entity properties of boards and sprints: any JSON under a key."""

from collections.abc import Callable
from dataclasses import replace

from jirasim.http.agile.lookups import board_of, sprint_of
from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint, Handler
from jirasim.http.rest import kept_properties
from jirasim.site import boards, sprints
from jirasim.site.agile_model import Board, Sprint
from jirasim.wire.agile import base

Holder = Board | Sprint
Find = Callable[[Call], Holder]


def keys_of(find: Find, kind: str) -> Handler:
    """GET the keys."""

    def answer(call: Call) -> Answer:
        holder = find(call)
        return kept_properties.keys(
            call, holder.properties, f"/{kind}/{holder.id}", api=base(call.wire)
        )

    return answer


def value_of(find: Find) -> Handler:
    """GET one value."""

    def answer(call: Call) -> Answer:
        return kept_properties.value(call, find(call).properties)

    return answer


def put_into(find: Find) -> Handler:
    """PUT one value: 201 when new, else 200."""

    def answer(call: Call) -> Answer:
        holder = find(call)
        kept, said = kept_properties.with_value(call, holder.properties)
        _keep(call, replace(holder, properties=kept))
        return said

    return answer


def remove_from(find: Find) -> Handler:
    """DELETE one."""

    def answer(call: Call) -> Answer:
        holder = find(call)
        _keep(call, replace(holder, properties=kept_properties.without(call, holder.properties)))
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
