"""What requests about entity properties share, whatever they hang on.  Stores nothing."""

from collections.abc import Mapping

from jirasim.http.endpoint import Answer, Call
from jirasim.site import properties
from jirasim.site.errors import Refusal

Kept = Mapping[str, object]


def keys(call: Call, kept: Kept, place: str, *, api: str = "") -> Answer:
    """All keys; `place` is the path of their owner below the API, the REST one unless named."""
    base = f"{api or call.wire.api}{place}/properties"
    return Answer({"keys": [{"self": f"{base}/{key}", "key": key} for key in kept]})


def value(call: Call, kept: Kept) -> Answer:
    """The value of the key in the path.  Raises Refusal 404."""
    key = existing(call, kept)
    return Answer({"key": key, "value": kept[key]})


def with_value(call: Call, kept: Kept) -> tuple[Kept, Answer]:
    """With the value of the body, and what to say of it: 201 when the key is new."""
    key, given = call.params["key"], call.json()
    properties.check(key, given)
    return {**kept, key: given}, Answer({}, 200 if key in kept else 201)


def without(call: Call, kept: Kept) -> Kept:
    """Without the key in the path.  Raises Refusal 404."""
    gone = existing(call, kept)
    return {key: one for key, one in kept.items() if key != gone}


def existing(call: Call, kept: Kept) -> str:
    """The key in the path.  Raises Refusal 404 when there is none."""
    key = call.params["key"]
    if key not in kept:
        raise Refusal(404, f"The property '{key}' does not exist.")
    return key
