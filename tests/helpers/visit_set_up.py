"""Uses operations of screens, columns and schemes once each, for either document to judge."""

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


def visit_columns(api: Api) -> None:
    """Columns of the site and of a filter."""
    columns = b"columns=summary"
    at = f"/filter/{api.post('/filter', {'name': 'Columns', 'jql': 'project = FHP'}).json['id']}"
    for path in ("/settings/columns", f"{at}/columns"):
        assert api.put(path, columns).status == 200, path
        assert api.get(path).status == 200, path
    assert api.delete(f"{at}/columns").status == 204


def visit_workflow_schemes(api: Api) -> None:
    """One of them; on Cloud all, what mail is about, and the field configuration."""
    assert api.get("/workflowscheme/10000").status == 200
    if api.site.product.cloud:
        lone = ("/workflowscheme", "/notificationscheme/project", "/events", "/fieldconfiguration")
        for path in (*lone, "/fieldconfiguration/10000/fields"):
            assert api.get(path).status == 200, path


SET_UP = (visit_screens, visit_columns, visit_workflow_schemes)
