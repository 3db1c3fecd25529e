"""What a handler gives back, and the shapes that several endpoints share."""

from collections.abc import Mapping
from dataclasses import dataclass, field

JSON_TYPE = "application/json;charset=UTF-8"
HTML_TYPE = "text/html;charset=UTF-8"
UNAUTHENTICATED = {
    "message": "Client must be authenticated to access this resource.",
    "status-code": 401,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A response.  `body` None: no body at all; bytes and text go out as they are, else JSON."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


NO_CONTENT = Answer(status=204)
