"""Reads to whom a comment or worklog shall be visible.  Judges nobody's right to see it."""

from collections.abc import Mapping

from jirasim.site.errors import Refusal
from jirasim.site.model import Visibility
from jirasim.site.permissions import ROLE_IDS, ROLES


def read_visibility(body: Mapping[str, object]) -> Visibility | None:
    """The `visibility` of a request body; None: for all.  Raises Refusal 400."""
    raw = body.get("visibility")
    if not isinstance(raw, Mapping):
        return None
    name = str(raw.get("value") or raw.get("identifier") or "")
    if raw.get("type") != "role" or name not in ROLES:
        raise Refusal(400, fields={"commentLevel": f"Group or role: {name} does not exist."})
    return Visibility("role", name, ROLE_IDS[name])
