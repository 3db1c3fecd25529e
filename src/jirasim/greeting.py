"""How to reach a site and get in: the line of JSON that a start prints."""

from jirasim.site.state import Site


def greeting(site: Site) -> dict[str, object]:
    """The line of JSON: the `jira` part of demo.json (contract.md)."""
    service = site.state.users[site.state.service_account]
    people = [_credentials(site, account_id) for account_id in site.state.people]
    mine = {k: v for k, v in _credentials(site, service.account_id).items() if k != "name"}
    return {
        "url": site.base_url,
        "deployment": site.product.deployment.value,
        **mine,
        "project_key": "FHP",
        "people": people,
        "oauth": _app(site),
    }


def _app(site: Site) -> dict[str, object]:
    """The first OAuth app: id, secret and callbacks."""
    app = next(iter(site.state.access.apps.values()))
    return {
        "client_id": app.client_id,
        "client_secret": app.secret,
        "redirect_uris": [*app.redirect_uris],
    }


def _credentials(site: Site, account_id: str) -> dict[str, str]:
    user = site.state.users[account_id]
    token = next(one.secret for one in site.state.tokens.values() if one.account_id == account_id)
    known = {"email": user.email, "api_token": token, "account_id": account_id}
    if not site.product.cloud:
        password = site.state.passwords[account_id]
        known |= {"username": user.name, "key": user.key, "password": password}
    return {**known, "name": user.display_name}
