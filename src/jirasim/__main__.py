"""`python -m jirasim`: starts one site and says on one line of JSON how to reach it."""

import argparse
import json
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from jirasim.clock import VirtualClock
from jirasim.http.app import create_app
from jirasim.seed import make_state
from jirasim.site.state import Site, State
from jirasim.store import Saver, load

HOST = "127.0.0.1"
LATER = {
    "server": "--deployment server comes later; only cloud can be simulated so far.",
    "worklogs": "--worklogs comes later; this simulator has no worklogs yet.",
    "limits": "--limits comes later; rate limits are not simulated yet, so only 'off' is accepted.",
}


def main(arguments: Sequence[str]) -> int:
    """Run until stopped.  Returns 2 when asked for what is not there yet."""
    options = _parser().parse_args(arguments)
    complaint = _too_early(options)
    if complaint is not None:
        sys.stderr.write(f"jirasim: {complaint}\n")
        return 2
    clock = VirtualClock()
    listener = socket.create_server((HOST, options.port))
    site = Site(
        _state(options, clock), clock, base_url=f"http://{HOST}:{listener.getsockname()[1]}"
    )
    saver = Saver(site, options.state) if options.state is not None else None
    _serve(site, listener, latency_ms=options.latency, saver=saver)
    return 0


def greeting(site: Site, deployment: str) -> dict[str, object]:
    """The line of JSON: the `jira` part of demo.json (contract.md)."""
    service = site.state.users[site.state.service_account]
    people = [_credentials(site, account_id) for account_id in site.state.people]
    mine = {k: v for k, v in _credentials(site, service.account_id).items() if k != "name"}
    return {
        "url": site.base_url,
        "deployment": deployment,
        **mine,
        "project_key": "FHP",
        "people": people,
    }


def _credentials(site: Site, account_id: str) -> dict[str, str]:
    user = site.state.users[account_id]
    token = next(one.secret for one in site.state.tokens.values() if one.account_id == account_id)
    return {
        "email": user.email,
        "api_token": token,
        "account_id": account_id,
        "name": user.display_name,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jirasim", description=__doc__)
    parser.add_argument("--deployment", choices=("cloud", "server"), default="cloud")
    parser.add_argument("--port", type=int, default=8070, help="0: any free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--issues", type=int, default=0, metavar="N")
    parser.add_argument("--worklogs", type=int, default=0, metavar="N")
    parser.add_argument("--latency", type=float, default=0, metavar="MS")
    parser.add_argument("--limits", choices=("off", "cloud", "strict"), default="off")
    parser.add_argument("--state", type=Path, metavar="FILE")
    return parser


def _too_early(options: argparse.Namespace) -> str | None:
    if options.deployment == "server":
        return LATER["server"]
    if options.worklogs:
        return LATER["worklogs"]
    return LATER["limits"] if options.limits != "off" else None


def _state(options: argparse.Namespace, clock: VirtualClock) -> State:
    saved = load(options.state, clock) if options.state is not None else None
    return saved or make_state(seed=options.seed, issues=options.issues, now=clock())


def _serve(site: Site, listener: socket.socket, *, latency_ms: float, saver: Saver | None) -> None:
    app = create_app(site, latency_ms=latency_ms)
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    if saver is not None:
        saver.start()
    sys.stdout.write(json.dumps(greeting(site, "cloud"), ensure_ascii=False) + "\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listener])
    if saver is not None:
        saver.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
