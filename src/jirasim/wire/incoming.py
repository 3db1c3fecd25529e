"""Rich text on its way in to Cloud: wiki text of version 2 becomes ADF, that of version 3 is judged.

Server keeps wiki text as it is.
"""

from collections.abc import Mapping

from jirasim.site.adf import admitted
from jirasim.site.document import INVALID, NOT_A_STRING
from jirasim.site.errors import Refusal
from jirasim.site.state import Site
from jirasim.text import wiki_to_adf

Json = Mapping[str, object]
EMPTY: Json = {"type": "doc", "version": 1, "content": []}


def rich(name: str, raw: object, version: int) -> object:
    """One value as ADF.  Raises Refusal 400, which names the field."""
    if version >= 3:
        return _judged(name, raw)
    if raw is not None and not isinstance(raw, str):
        raise Refusal(400, fields={name: NOT_A_STRING})
    return wiki_to_adf(raw) if raw else None


def _judged(name: str, raw: object) -> object:
    """The value as it is.  Whether it is a document at all is judged later."""
    document = isinstance(raw, Mapping) and (raw.get("type"), raw.get("version")) == ("doc", 1)
    if document and not admitted(raw):
        raise Refusal(400, fields={name: INVALID})
    return raw


def comment_body(site: Site, body: Json, *, version: int) -> Json:
    """The body of a comment request."""
    if not site.product.cloud or "body" not in body:
        return body
    return {**body, "body": rich("comment", body["body"], version)}


def worklog_body(site: Site, body: Json, *, version: int) -> Json:
    """The body of a worklog request; the empty text of v2 is an empty document."""
    raw = body.get("comment")
    if not site.product.cloud or raw is None:
        return body
    return {**body, "comment": rich("comment", raw, version) or EMPTY}


def issue_body(site: Site, body: Json, *, version: int) -> Json:
    """The body of a create, edit or transition request."""
    if not site.product.cloud:
        return body
    changed = dict(body)
    fields, update = body.get("fields"), body.get("update")
    if isinstance(fields, Mapping):
        changed["fields"] = {name: _value(site, name, raw, version) for name, raw in fields.items()}
    if isinstance(update, Mapping):
        changed["update"] = {
            name: _operations(site, name, raw, version) for name, raw in update.items()
        }
    return changed


def _value(site: Site, name: str, raw: object, version: int) -> object:
    found = site.state.fields.get(name)
    return rich(name, raw, version) if found is not None and found.kind == "doc" else raw


def _operations(site: Site, name: str, raw: object, version: int) -> object:
    if not isinstance(raw, list):
        return raw
    return [
        _operation(site, name, one, version) if isinstance(one, Mapping) else one for one in raw
    ]


def _operation(site: Site, name: str, operation: Json, version: int) -> Json:
    read = PARTS.get(name)
    if read is None:
        return {verb: _value(site, name, value, version) for verb, value in operation.items()}
    return {
        verb: read(site, value, version=version) if isinstance(value, Mapping) else value
        for verb, value in operation.items()
    }


PARTS = {"comment": comment_body, "worklog": worklog_body}
