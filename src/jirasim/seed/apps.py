"""One OAuth app, so that a client can begin at once.  Grants nothing."""

from jirasim.seed.chance import seeded
from jirasim.site.credentials import OAuthApp
from jirasim.site.state import State

CALLBACK = "http://localhost:8000/callback"


def add_app(state: State) -> None:
    """Put the app into the state."""
    client_id = f"{seeded(state.seed, 'app').getrandbits(160):040x}"
    secret = f"ATOA{seeded(state.seed, 'secret of the app').getrandbits(320):080x}"
    app = OAuthApp(client_id, secret, "Example app", (CALLBACK,))
    state.access.apps[client_id] = app
