"""Turns the wiki text of Cloud's version 2 into ADF on its way in; all else passes unchanged."""

from collections.abc import Mapping

from jirasim.site.document import NOT_A_STRING
from jirasim.site.errors import Refusal
from jirasim.site.state import Site
from jirasim.text import wiki_to_adf

Json = Mapping[str, object]
EMPTY: Json = {"type": "doc", "version": 1, "content": []}


def as_stored(site: Site, version: int) -> bool:
    """Whether rich text arrives in the form in which the site keeps it."""
    return version >= 3 or not site.product.cloud


def rich(name: str, raw: object) -> object:
    """One value as ADF.  Raises Refusal 400 for what is not text, also if it is a document."""
    if raw is not None and not isinstance(raw, str):
        raise Refusal(400, fields={name: NOT_A_STRING})
    return wiki_to_adf(raw) if raw else None


def comment_body(site: Site, body: Json, *, version: int) -> Json:
    """The body of a comment request."""
    if as_stored(site, version) or "body" not in body:
        return body
    return {**body, "body": rich("comment", body["body"])}


def worklog_body(site: Site, body: Json, *, version: int) -> Json:
    """The body of a worklog request; the empty text of v2 is an empty document."""
    raw = body.get("comment")
    if as_stored(site, version) or raw is None:
        return body
    return {**body, "comment": rich("comment", raw) or EMPTY}


def issue_body(site: Site, body: Json, *, version: int) -> Json:
    """The body of a create, edit or transition request."""
    if as_stored(site, version):
        return body
    changed = dict(body)
    fields, update = body.get("fields"), body.get("update")
    if isinstance(fields, Mapping):
        changed["fields"] = {name: _value(site, name, raw) for name, raw in fields.items()}
    if isinstance(update, Mapping):
        changed["update"] = {name: _operations(site, name, raw) for name, raw in update.items()}
    return changed


def _value(site: Site, name: str, raw: object) -> object:
    found = site.state.fields.get(name)
    return rich(name, raw) if found is not None and found.kind == "doc" else raw


def _operations(site: Site, name: str, raw: object) -> object:
    if not isinstance(raw, list):
        return raw
    return [_operation(site, name, one) if isinstance(one, Mapping) else one for one in raw]


def _operation(site: Site, name: str, operation: Json) -> Json:
    read = PARTS.get(name)
    if read is None:
        return {verb: _value(site, name, value) for verb, value in operation.items()}
    return {
        verb: read(site, value, version=2) if isinstance(value, Mapping) else value
        for verb, value in operation.items()
    }


PARTS = {"comment": comment_body, "worklog": worklog_body}
