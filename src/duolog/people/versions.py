"""What names the state of a thing that counts no versions: the same for the same.  Pure."""

from __future__ import annotations

import hashlib
import json


def version_of(*said: object) -> str:
    """The version of what it says, as JSON has it."""
    text = json.dumps(said, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
