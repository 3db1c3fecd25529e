"""Fields and labels."""

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.issues import words
from jirasim.http.paging import page
from jirasim.site.fields import Field
from jirasim.site.permissions import visible_projects
from jirasim.wire.entities import Json
from jirasim.wire.wire import field_schema

WITHOUT_SCHEMA = frozenset({"parent", "issuekey"})
LABEL_PAGE = 1000


def all_fields(call: Call) -> Answer:
    """GET /field: a bare list."""
    return Answer([_field(one) for one in call.site.state.fields.values()])


def search_fields(call: Call) -> Answer:
    """GET /field/search: by type, id and text."""
    ids, kinds = set(words(call.query.getlist("id"))), set(words(call.query.getlist("type")))
    text = call.query.get("query", "").casefold()
    rows = [
        one
        for one in call.site.state.fields.values()
        if (not ids or one.id in ids)
        and (not kinds or ("custom" if one.custom else "system") in kinds)
        and text in one.name.casefold()
    ]
    return Answer(page(call, rows, _found_field, path="/field/search"))


def labels(call: Call) -> Answer:
    """GET /label: every label in use that the caller can see."""
    projects = [project.id for project in visible_projects(call.site, call.caller)]
    rows = sorted({label for one in call.site.index.in_projects(projects) for label in one.labels})
    return Answer(page(call, rows, str, path="/label", size=LABEL_PAGE))


def _field(field: Field) -> Json:
    body: Json = {
        "id": field.id,
        "key": field.id,
        "name": field.name,
        "custom": field.custom is not None,
        "orderable": field.orderable,
        "navigable": field.navigable,
        "searchable": field.searchable,
        "clauseNames": list(field.clauses),
    }
    return body if field.id in WITHOUT_SCHEMA else {**body, "schema": field_schema(field)}


def _found_field(field: Field) -> Json:
    return {"id": field.id, "key": field.id, "name": field.name, "schema": field_schema(field)}


ENDPOINTS = (
    Endpoint("GET", "/field", all_fields, anonymous=True),
    Endpoint("GET", "/field/search", search_fields),
    Endpoint("GET", "/label", labels, anonymous=True),
)
