"""A transition as JSON: what Cloud tells of it, and the less that Server tells."""

from jirasim.site.model import Issue
from jirasim.site.transitions import meets
from jirasim.site.workflow import Transition
from jirasim.wire.entities import Json
from jirasim.wire.wire import Wire

OPSBAR = 10


def transition_json(wire: Wire, issue: Issue, arrow: Transition) -> Json:
    """Without the fields of its screen."""
    body: Json = {
        "id": arrow.id,
        "name": arrow.name,
        "to": wire.status(arrow.target(issue.status_id)),
    }
    if not wire.site.product.cloud:
        newer = wire.site.product.version >= (10,)
        return {**body, "opsbarSequence": OPSBAR} if newer else body
    return {
        **body,
        "hasScreen": arrow.screen is not None,
        "isGlobal": arrow.is_global,
        "isInitial": False,
        "isAvailable": meets(wire.site, wire.viewer, issue, arrow),
        "isConditional": bool(arrow.conditions),
        "isLooped": arrow.looped,
    }
