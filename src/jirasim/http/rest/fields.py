"""Fields and labels: lists and searches, and custom fields as administrators make them."""

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.http.rest.issues import words
from jirasim.http.sorting import ordered
from jirasim.site import field_admin
from jirasim.site.errors import Refusal
from jirasim.site.fields import Field, Option
from jirasim.site.owners import check_administrator
from jirasim.site.permissions import visible_projects
from jirasim.site.product import on_cloud, on_server
from jirasim.wire.entities import Json
from jirasim.wire.fields import (
    context_json,
    context_option,
    default_json,
    found_field,
    listed_field,
    option_alone,
    server_custom_field,
)

LABEL_PAGE = 1000
SORTS = {"name": lambda one: one.name.casefold(), "contextsCount": lambda one: one.id}
NOT_LISTED = frozenset({"parent"})


def all_fields(call: Call) -> Answer:
    """GET /field: a bare list; Server does not tell of `parent`, as recorded."""
    hidden: frozenset[str] = frozenset() if call.product.cloud else NOT_LISTED
    rows = [one for one in _fields(call) if one.id not in hidden]
    return Answer([listed_field(call.wire, one) for one in rows])


def search_fields(call: Call) -> Answer:
    """GET /field/search: by type, id and text."""
    return Answer(_page(call, _fields(call), "/field/search"))


def search_trash(call: Call) -> Answer:
    """GET /field/search/trashed."""
    rows = [one for one in call.site.state.fields.values() if one.trashed]
    return Answer(_page(call, rows, "/field/search/trashed"))


def create(call: Call) -> Answer:
    """POST /field."""
    made = field_admin.create(call.site, call.user, call.object())
    return Answer(listed_field(call.wire, made), 201)


def edit(call: Call) -> Answer:
    """PUT /field/{field}."""
    field_admin.edit(call.site, call.user, _found(call), call.object())
    return NO_CONTENT


def trash(call: Call) -> Answer:
    """POST /field/{field}/trash."""
    field_admin.throw_away(call.site, call.user, _found(call), trashed=True)
    return Answer({})


def restore(call: Call) -> Answer:
    """POST /field/{field}/restore."""
    field_admin.throw_away(call.site, call.user, _found(call), trashed=False)
    return Answer({})


def contexts(call: Call) -> Answer:
    """GET /field/{field}/context: the one of all projects."""
    field = _administered(call)
    path = f"/field/{field.id}/context"
    return Answer(page(call, [field], context_json, path=path))


def old_contexts(call: Call) -> Answer:
    """GET /field/{field}/contexts, deprecated: ids as numbers, and names."""
    field = _administered(call)

    def write(one: Field) -> Json:
        body = context_json(one)
        return {"id": int(str(body["id"])), "name": body["name"]}

    return Answer(page(call, [field], write, path=f"/field/{field.id}/contexts"))


def project_mapping(call: Call) -> Answer:
    """GET /field/{field}/context/projectmapping."""
    field = _administered(call)
    row = {"contextId": field_admin.context_id(field), "isGlobalContext": True}
    path = f"/field/{field.id}/context/projectmapping"
    return Answer(page(call, [row], lambda one: one, path=path))


def type_mapping(call: Call) -> Answer:
    """GET /field/{field}/context/issuetypemapping."""
    field = _administered(call)
    row = {"contextId": field_admin.context_id(field), "isAnyIssueType": True}
    path = f"/field/{field.id}/context/issuetypemapping"
    return Answer(page(call, [row], lambda one: one, path=path))


def options(call: Call) -> Answer:
    """GET /field/{field}/context/{context}/option."""
    field = _in_context(call)
    wanted, roots = call.query.get("optionId"), call.flag("onlyOptions")
    rows = [
        one
        for one in field.options
        if (wanted is None or wanted in {one.id, one.parent}) and not (roots and one.parent)
    ]
    path = f"/field/{field.id}/context/{call.params['context']}/option"
    return Answer(page(call, rows, context_option, path=path, size=100))


def add_options(call: Call) -> Answer:
    """POST /field/{field}/context/{context}/option."""
    made = field_admin.add_options(call.site, call.user, _in_context(call), call.object())
    return Answer({"options": [context_option(one) for one in made]})


def edit_options(call: Call) -> Answer:
    """PUT /field/{field}/context/{context}/option."""
    changed = field_admin.edit_options(call.site, call.user, _in_context(call), call.object())
    return Answer({"options": [context_option(one) for one in changed]})


def delete_option(call: Call) -> Answer:
    """DELETE /field/{field}/context/{context}/option/{option}."""
    field_admin.delete_option(call.site, call.user, _in_context(call), call.params["option"])
    return NO_CONTENT


def default_values(call: Call) -> Answer:
    """GET /field/{field}/context/defaultValue: of the one context, if it has one."""
    field = _administered(call)
    wanted = call.query.getlist("contextId")
    asked = not wanted or field_admin.context_id(field) in wanted
    rows = [field] if asked and field.default is not None else []
    return Answer(page(call, rows, default_json, path=f"/field/{field.id}/context/defaultValue"))


def put_default(call: Call) -> Answer:
    """PUT /field/{field}/context/defaultValue."""
    field_admin.set_default(call.site, call.user, _found(call), call.object())
    return NO_CONTENT


def add_to_screens(call: Call) -> Answer:
    """POST /screens/addToDefault/{field}."""
    field_admin.add_to_screens(call.site, call.user, _found(call))
    return Answer({}) if call.product.cloud else Answer({}, 201)


def option(call: Call) -> Answer:
    """GET /customFieldOption/{id}."""
    wanted = call.params["id"]
    for field in _fields(call):
        for one in field.options:
            if one.id == wanted:
                return Answer(option_alone(call.wire, field, one))
    raise Refusal(404, f"A custom field option with id '{wanted}' does not exist")


def custom_fields(call: Call) -> Answer:
    """GET /customFields on Server: by text and type."""
    text, kinds = call.query.get("search", "").casefold(), set(words(call.query.getlist("types")))
    rows = [
        one
        for one in _fields(call)
        if one.custom and text in one.name.casefold() and (not kinds or one.custom in kinds)
    ]
    ordinal = max(call.number("startAt", 1), 1) - 1
    limit = call.number("maxResults", 50)
    shown = rows[ordinal : ordinal + limit]
    body: Json = {
        "maxResults": limit,
        "startAt": ordinal + 1,
        "total": len(rows),
        "isLast": ordinal + len(shown) >= len(rows),
        "values": [server_custom_field(call.wire, one) for one in shown],
    }
    return Answer(body)


def delete_custom_fields(call: Call) -> Answer:
    """DELETE /customFields?ids=… on Server: what cannot be deleted is told, not refused."""
    check_administrator(call.user)
    gone: list[str] = []
    kept: Json = {}
    for name in words(call.query.getlist("ids")):
        found = call.site.state.fields.get(name)
        if found is None or found.custom is None or found.trashed:
            kept[name] = "Validation for custom field deletion failed."
            continue
        field_admin.throw_away(call.site, call.user, found, trashed=True)
        gone.append(name)
    if not gone:
        raise Refusal(400, "No custom fields were deleted.")
    body: Json = {"deletedCustomFields": gone, "notDeletedCustomFields": kept}
    return Answer({"message": "Custom fields bulk delete operation finished.", **body})


def server_options(call: Call) -> Answer:
    """GET /customFields/{number}/options on Server."""
    field = field_admin.find(call.site, f"customfield_{call.params['number']}")
    text = call.query.get("query", "").casefold()
    rows: list[Option] = [one for one in field.options if text in one.value.casefold()]
    shown = [option_alone(call.wire, field, one) for one in rows]
    return Answer({"options": shown, "total": len(rows)})


def labels(call: Call) -> Answer:
    """GET /label: every label in use that the caller can see."""
    projects = [project.id for project in visible_projects(call.site, call.caller)]
    rows = sorted({label for one in call.site.index.in_projects(projects) for label in one.labels})
    return Answer(page(call, rows, str, path="/label", size=LABEL_PAGE))


def _fields(call: Call) -> list[Field]:
    return [one for one in call.site.state.fields.values() if not one.trashed]


def _page(call: Call, fields: list[Field], path: str) -> Json:
    ids, kinds = set(words(call.query.getlist("id"))), set(words(call.query.getlist("type")))
    text = call.query.get("query", "").casefold()
    rows = [
        one
        for one in fields
        if (not ids or one.id in ids)
        and (not kinds or ("custom" if one.custom else "system") in kinds)
        and (text in one.name.casefold() or text in one.description.casefold())
    ]
    wire = call.wire
    return page(call, ordered(call, rows, SORTS), lambda one: found_field(wire, one), path=path)


def _found(call: Call) -> Field:
    return field_admin.find(call.site, call.params["field"])


def _administered(call: Call) -> Field:
    check_administrator(call.user)
    return _found(call)


def _in_context(call: Call) -> Field:
    field = _administered(call)
    field_admin.check_context(field, call.params["context"])
    return field


AT = "/field/{field}/context"
ENDPOINTS = (
    Endpoint("GET", "/field", all_fields, anonymous=True),
    Endpoint("POST", "/field", create),
    Endpoint("GET", "/field/search", search_fields, on=on_cloud),
    Endpoint("GET", "/field/search/trashed", search_trash, on=on_cloud),
    Endpoint("PUT", "/field/{field}", edit, on=on_cloud),
    Endpoint("POST", "/field/{field}/trash", trash, on=on_cloud),
    Endpoint("POST", "/field/{field}/restore", restore, on=on_cloud),
    Endpoint("GET", "/field/{field}/contexts", old_contexts, on=on_cloud),
    Endpoint("GET", AT, contexts, on=on_cloud),
    Endpoint("GET", f"{AT}/projectmapping", project_mapping, on=on_cloud),
    Endpoint("GET", f"{AT}/issuetypemapping", type_mapping, on=on_cloud),
    Endpoint("GET", f"{AT}/defaultValue", default_values, on=on_cloud),
    Endpoint("PUT", f"{AT}/defaultValue", put_default, on=on_cloud),
    Endpoint("GET", f"{AT}/{{context}}/option", options, on=on_cloud),
    Endpoint("POST", f"{AT}/{{context}}/option", add_options, on=on_cloud),
    Endpoint("PUT", f"{AT}/{{context}}/option", edit_options, on=on_cloud),
    Endpoint("DELETE", f"{AT}/{{context}}/option/{{option}}", delete_option, on=on_cloud),
    Endpoint("POST", "/screens/addToDefault/{field}", add_to_screens),
    Endpoint("GET", "/customFieldOption/{id}", option, anonymous=True),
    Endpoint("GET", "/customFields", custom_fields, on=on_server),
    Endpoint("DELETE", "/customFields", delete_custom_fields, on=on_server),
    Endpoint("GET", "/customFields/{number}/options", server_options, on=on_server),
    Endpoint("GET", "/label", labels, anonymous=True, on=on_cloud),
)
