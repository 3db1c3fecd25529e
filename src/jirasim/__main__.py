"""`python -m jirasim`: starts one site and says on one line of JSON how to reach it."""

import argparse
import contextlib
import gc
import json
import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jirasim.clock import VirtualClock
from jirasim.running import Simulator
from jirasim.seed import make_state
from jirasim.site.limits import PRESETS
from jirasim.site.product import CLOUD, SERVER_VERSION, Deployment, Product
from jirasim.site.state import Site, State
from jirasim.site.worklogs import MOST_WORKLOGS
from jirasim.store import StaleState, load

SERVER_ONLY = "--version and --context are for --deployment server."
BAD_VERSION = "--version is written as 10.3 or 9.12.1; there is no Server before 8."
BAD_CONTEXT = "--context is a path such as /jira."
WORKLOGS_NEED_ISSUES = f"--worklogs needs --issues; an issue holds at most {MOST_WORKLOGS}."


def main(arguments: Sequence[str]) -> int:
    """Run until stopped.  Returns 2 when asked for what cannot be."""
    options = _parser().parse_args(arguments)
    complaint = _complaint(options)
    if complaint is not None:
        sys.stderr.write(f"jirasim: {complaint}\n")
        return 2
    clock = VirtualClock()
    gc.disable()  # what is made now stays: looking for garbage in it doubles the time
    try:
        state = _state(options, clock)
    except StaleState as error:
        sys.stderr.write(f"jirasim: {error}\n")
        return 2
    simulator = Simulator(state, clock, port=options.port)
    gc.freeze()
    gc.enable()
    site = simulator.site
    site.state.settings = replace(site.state.settings, latency_ms=options.latency)
    if options.limits is not None:
        site.state.limits = PRESETS[options.limits]
    sys.stdout.write(json.dumps(greeting(site), ensure_ascii=False) + "\n")
    sys.stdout.flush()
    _run(simulator, options.state)
    return 0


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
        known |= {"username": user.name, "password": site.state.passwords[account_id]}
    return {**known, "name": user.display_name}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jirasim", description=__doc__)
    parser.add_argument("--deployment", choices=("cloud", "server"), default="cloud")
    parser.add_argument("--version", default="", metavar="X.Y", help="of Server; else the newest")
    parser.add_argument("--context", default="", metavar="/PATH", help="of Server")
    parser.add_argument("--port", type=int, default=8070, help="0: any free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--issues", type=int, default=0, metavar="N")
    parser.add_argument("--worklogs", type=int, default=0, metavar="N")
    parser.add_argument("--users", type=int, default=0, metavar="N")
    parser.add_argument("--latency", type=float, default=0, metavar="MS")
    parser.add_argument("--limits", choices=tuple(PRESETS), help="else as kept, or off")
    parser.add_argument("--state", type=Path, metavar="FILE")
    return parser


def _complaint(options: argparse.Namespace) -> str | None:
    if options.deployment == "cloud" and (options.version or options.context):
        return SERVER_ONLY
    if options.version and not re.fullmatch(r"([89]|\d\d)(\.\d+){1,2}", options.version):
        return BAD_VERSION
    if options.context and not re.fullmatch(r"(/[\w-]+)+", options.context):
        return BAD_CONTEXT
    if options.worklogs > options.issues * MOST_WORKLOGS:
        return WORKLOGS_NEED_ISSUES
    return None


def _product(options: argparse.Namespace) -> Product:
    if options.deployment == "cloud":
        return CLOUD
    numbers = tuple(map(int, options.version.split("."))) if options.version else SERVER_VERSION
    version = (*numbers, 0, 0)[:3]
    return Product(Deployment.SERVER, version, options.context)


def _state(options: argparse.Namespace, clock: VirtualClock) -> State:
    saved = load(options.state, clock) if options.state is not None else None
    return saved or make_state(
        seed=options.seed,
        issues=options.issues,
        now=clock(),
        worklogs=options.worklogs,
        users=options.users,
        product=_product(options),
    )


def _run(simulator: Simulator, keep: Path | None) -> None:
    # uvicorn stops at a signal and then raises it again: with this, the end is an orderly one.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        simulator.serve(keep=keep)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
