"""JSON as bytes: compact, in UTF-8, keys in the order in which they were written."""

import json

import orjson

STRICT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
"""Values of the site that nobody made JSON of are a mistake, as they are for `json`."""


def encode(body: object) -> bytes:
    """The bytes of an answer or a webhook.

    What people may put into properties and texts can be more than `orjson` takes: numbers beyond
    64 bits, very deep values, halves of surrogate pairs (Java writes them as `?`). Keys that are no
    text end there too.
    """
    try:
        return orjson.dumps(body, option=STRICT)
    except TypeError:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return text.encode(errors="replace")
