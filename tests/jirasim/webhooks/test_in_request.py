"""Server before 10 may send webhooks before it answers the request that caused them (7.5)."""

import base64
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from jirasim.http.app import assemble, create_app
from jirasim.seed import make_state
from jirasim.site.hooks import Webhook
from jirasim.site.product import Deployment, Product
from jirasim.site.state import Site

FIELDS = {"project": {"key": "FHP"}, "issuetype": {"name": "Task"}, "summary": "S"}


@pytest.mark.parametrize("version", [(9, 12, 0), (10, 3, 0)])
def test_an_answer_waits_for_the_receiver_only_before_ten(version, clock, receiver):
    product = Product(Deployment.SERVER, version)
    state = make_state(seed=1, issues=0, now=clock(), product=product)
    state.settings = replace(state.settings, webhooks_in_request=True)
    state.webhooks["1"] = Webhook(
        "1", "n", receiver.url, ("jira:issue_created",), updated_by=state.service_account
    )
    controls = assemble(Site(state, clock))
    admin = state.users[state.service_account]
    pair = f"{admin.name}:{state.passwords[admin.account_id]}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    client = TestClient(create_app(controls))
    receiver.gate.clear()
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(
            client.post, "/rest/api/2/issue", json={"fields": FIELDS}, headers=headers
        )
        assert receiver.entered.wait(5)
        waits = version < (10,)
        assert bool(wait([asked], 0.2 if waits else 5).done) is not waits
        receiver.gate.set()
        assert asked.result().status_code == 201
    controls.sender.close()
