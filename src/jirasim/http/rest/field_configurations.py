"""Field configurations of Cloud, for reading: the default one, which all projects use."""

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.paging import page
from jirasim.site.errors import Refusal
from jirasim.site.fields import Field
from jirasim.site.owners import check_administrator
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json

NUMBER = 10000
DEFAULT: Json = {
    "id": NUMBER,
    "name": "Default Field Configuration",
    "description": "The default field configuration",
    "isDefault": True,
}
DEMANDED = frozenset({"summary", "issuetype"})


def listed(call: Call) -> Answer:
    """GET /fieldconfiguration: by id, by words, or only the default."""
    check_administrator(call.user)
    wanted, text = call.query.getlist("id"), call.query.get("query", "").casefold()
    told = f"{DEFAULT['name']} {DEFAULT['description']}".casefold()
    fits = (not wanted or str(NUMBER) in wanted) and text in told
    rows = [DEFAULT] if fits and call.flag("isDefault", default=True) else []
    return Answer(page(call, rows, lambda one: one, path="/fieldconfiguration"))


def fields(call: Call) -> Answer:
    """GET /fieldconfiguration/{id}/fields; what one project alone demands is not told."""
    check_administrator(call.user)
    if call.params["id"] != str(NUMBER):
        raise Refusal(404, f"The field configuration with ID '{call.params['id']}' was not found.")
    rows = [one for one in call.site.state.fields.values() if not one.trashed]
    return Answer(page(call, rows, _item, path=f"/fieldconfiguration/{NUMBER}/fields"))


def _item(field: Field) -> Json:
    return {
        "id": field.id,
        "description": field.description,
        "isHidden": False,
        "isRequired": field.id in DEMANDED,
    }


ENDPOINTS = (
    Endpoint("GET", "/fieldconfiguration", listed, on=on_cloud),
    Endpoint("GET", "/fieldconfiguration/{id}/fields", fields, on=on_cloud),
)
