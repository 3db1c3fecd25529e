"""`python -m jirasim`: starts one site and says on one line of JSON how to reach it."""

import argparse
import contextlib
import gc
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from jirasim.clock import VirtualClock
from jirasim.greeting import greeting
from jirasim.running import Simulator
from jirasim.seed import make_state
from jirasim.site.limits import PRESETS
from jirasim.site.product import NoSuchProduct, read_product
from jirasim.site.state import State
from jirasim.site.worklogs import MOST_WORKLOGS
from jirasim.store import StaleState, load

WORKLOGS_NEED_ISSUES = f"--worklogs needs --issues; an issue holds at most {MOST_WORKLOGS}."


class BadWish(Exception):
    """Options that do not go together; the message says why."""


def main(arguments: Sequence[str]) -> int:
    """Run until stopped.  Returns 2 when asked for what cannot be."""
    options = _parser().parse_args(arguments)
    clock = VirtualClock()
    try:
        with _everything_kept():
            simulator = Simulator(_state(options, clock), clock, port=options.port)
    except (BadWish, NoSuchProduct, StaleState) as error:
        sys.stderr.write(f"jirasim: {error}\n")
        return 2
    site = simulator.site
    site.state.settings = replace(site.state.settings, latency_ms=options.latency)
    if options.limits is not None:
        site.state.limits = PRESETS[options.limits]
    _run(simulator, options.state)
    return 0


@contextlib.contextmanager
def _everything_kept() -> Iterator[None]:
    """What is made within stays: looking for garbage in it doubles the time."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


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


def _state(options: argparse.Namespace, clock: VirtualClock) -> State:
    """The kept state, else a new one.  Raises BadWish for what cannot be."""
    product = read_product(options.deployment, options.version, options.context)
    if options.worklogs > options.issues * MOST_WORKLOGS:
        raise BadWish(WORKLOGS_NEED_ISSUES)
    saved = load(options.state, clock) if options.state is not None else None
    if saved is None:
        return make_state(
            seed=options.seed,
            issues=options.issues,
            now=clock(),
            worklogs=options.worklogs,
            users=options.users,
            product=product,
        )
    if saved.product.deployment is not product.deployment:
        kept = saved.product.deployment.value
        raise BadWish(f"{options.state} holds a {kept} site: start it with --deployment {kept}.")
    return saved


def _run(simulator: Simulator, keep: Path | None) -> None:
    # uvicorn stops at a signal and then raises it again: with this, the end is an orderly one, also
    # when the signal comes before uvicorn is ready for it.
    signal.signal(signal.SIGTERM, lambda *_: simulator.stop())
    with contextlib.suppress(KeyboardInterrupt):
        sys.stdout.write(json.dumps(greeting(simulator.site), ensure_ascii=False) + "\n")
        sys.stdout.flush()
        simulator.serve(keep=keep)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
