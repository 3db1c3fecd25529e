"""`duolog demo`: Duolog beside a simulated Jira, with a workplace to play in, until a signal.

Only starts and stops processes; each of them does its own work.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, Final

from duolog.app.config import ConfigError
from duolog.demo.children import Child, Died, first_to_end, running
from duolog.demo.home import Home, write_private
from duolog.demo.wish import Wish, ports_in_use, read_wish

ISSUES: Final = 12
"""How many issues the simulated project has before anything comes from here."""


def run() -> None:
    """Serve the demo until SIGINT or SIGTERM.  Raises ConfigError; exits 1 when a child dies."""
    wish = read_wish(os.environ)
    if taken := ports_in_use(wish):
        raise ConfigError(taken)
    home = Home(wish.home)
    kept = home.open(wish)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with ExitStack() as stack:
            stack.callback(_ignore_signals)
            children = _start(wish, home, kept, stack)
            raise first_to_end(children).death()
    except KeyboardInterrupt:
        _say("Stopped.")
    except Died as died:
        sys.stderr.write(f"{died}\n")
        sys.exit(1)


def _start(
    wish: Wish, home: Home, kept: Mapping[str, Any] | None, stack: ExitStack
) -> tuple[Child, ...]:
    """Both servers, up, with their workplace in step, and told to whoever asks."""
    began = time.monotonic()
    env = _environment(wish)
    jirasim = Child(
        "The simulated Jira", _jirasim(wish, home), log=home.log("jirasim"), env=env,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    stack.enter_context(running(jirasim))
    if kept is None:
        _say("Making a workplace and bringing it in step with Jira; this takes some seconds …")
        kept = _make(jirasim, home, env)
    else:
        jirasim.first_line()
    duolog = Child(
        "Duolog", ["duolog.app"], log=home.log("duolog"), env={**_oauth_app(kept), **env}
    )
    stack.enter_context(running(duolog))
    stack.callback(_ignore_signals)
    duolog.wait_for_port(wish.duolog_port)
    write_private(home.announced, kept)
    _say(_summary(home, kept, time.monotonic() - began))
    return jirasim, duolog


def _make(jirasim: Child, home: Home, env: Mapping[str, str]) -> Mapping[str, Any]:
    seeding = Child(
        "Making the workplace", ["duolog.demo.seed"], log=home.log("duolog"), env=env,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with running(seeding):
        made: dict[str, Any] = json.loads(seeding.answer(jirasim.first_line()))
    home.keep(made)
    return made


def _environment(wish: Wish) -> dict[str, str]:
    """What the children read; what the caller has set for Duolog stays."""
    return {
        "DUOLOG_PUBLIC_URL": wish.duolog_url,
        "DUOLOG_ALLOW_PRIVATE_HOSTS": "true",
        **{name: value for name, value in os.environ.items() if value},
        "DUOLOG_HOME": str(wish.home),
        "DUOLOG_PORT": str(wish.duolog_port),
    }


def _oauth_app(made: Mapping[str, Any]) -> dict[str, str]:
    """The app by which people sign in with the simulated Atlassian, unless another one is set."""
    app = made["jira"].get("oauth")
    if app is None:
        return {}
    return {
        "DUOLOG_ATLASSIAN_AUTH_URL": made["jira"]["url"],
        "DUOLOG_ATLASSIAN_API_URL": made["jira"]["url"],
        "DUOLOG_ATLASSIAN_CLIENT_ID": app["client_id"],
        "DUOLOG_ATLASSIAN_CLIENT_SECRET": app["client_secret"],
    }


def _jirasim(wish: Wish, home: Home) -> list[str]:
    return [
        "jirasim", "--deployment", wish.deployment, "--port", str(wish.jirasim_port),
        "--issues", str(ISSUES), "--state", str(home.state),
    ]  # fmt: skip


def _ignore_signals() -> None:
    """While everything stops, another Ctrl-C must not leave half of it running."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _summary(home: Home, made: Mapping[str, Any], seconds: float) -> str:
    duolog, jira = made["duolog"], made["jira"]
    return (
        f"\n  Duolog   {duolog['url']}"
        f"\n  sign in  {duolog['email']}   password  {duolog['password']}"
        f"\n\n  Jira     {jira['url']}   (simulated {jira['deployment'].title()}; project {jira['project_key']})"
        f"\n\n  Ready after {seconds:.0f} s. Addresses and tokens: {home.announced}"
        "\n  Ctrl-C stops both; RESET=1 begins afresh.\n"
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
