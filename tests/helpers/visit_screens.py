"""Uses operations of screens and their schemes once each, for either document to judge."""

from helpers.jira_caller import Api

FIELD = "customfield_10032"
ON_CLOUD = (
    *("/screens/tabs", f"/field/{FIELD}/screens", "/screenscheme"),
    *("/issuetypescreenscheme", "/issuetypescreenscheme/mapping"),
    "/issuetypescreenscheme/project",
)


def visit_screens(api: Api) -> None:
    """Screens to their fields, and on Cloud the way from projects to them."""
    at = f"/screens/{api.get('/screens').json['values'][0]['id']}"
    tab = f"{at}/tabs/{api.get(f'{at}/tabs').json[0]['id']}/fields"
    for path in (tab, f"{at}/availableFields", *(ON_CLOUD if api.site.product.cloud else ())):
        assert api.get(path).status == 200, path
    assert api.post(tab, {"fieldId": FIELD}).status == 200
    assert api.delete(f"{tab}/{FIELD}").status == 204
