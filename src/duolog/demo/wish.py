"""What the environment asks of the demo.  Reads it; starts nothing."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from duolog.app.config import ConfigError
from duolog.jira.dialect import DIALECTS, Deployment

HOST: Final = "127.0.0.1"
_YES: Final = frozenset({"1", "true", "yes"})


@dataclass(frozen=True, slots=True)
class Wish:
    """Where the demo lives, on which ports, beside which Jira, and whether it begins afresh."""

    home: Path
    deployment: Deployment
    duolog_port: int
    jirasim_port: int
    duolog_url: str
    is_reset: bool

    @property
    def jira_url(self) -> str:
        """Where the simulated Jira will answer."""
        return f"http://{HOST}:{self.jirasim_port}"


def read_wish(env: Mapping[str, str]) -> Wish:
    """The wish, or a ConfigError with everything that is wrong with it."""
    problems: list[str] = []
    duolog_port = _port(env, "DUOLOG_PORT", 8000, problems)
    jirasim_port = _port(env, "JIRASIM_PORT", 8070, problems)
    if duolog_port == jirasim_port:
        problems.append(f"DUOLOG_PORT and JIRASIM_PORT are both {duolog_port}; choose two ports.")
    deployment = _deployment(env.get("DEPLOYMENT", "").strip() or Deployment.CLOUD, problems)
    if env.get("DUOLOG_DATABASE_URL", "").strip():
        problems.append(
            "The demo keeps its own SQLite file in DUOLOG_HOME: take DUOLOG_DATABASE_URL away, "
            "or use `duolog serve` for a database of yours."
        )
    if problems:
        raise ConfigError(problems)
    return Wish(
        home=Path(env.get("DUOLOG_HOME", "").strip() or "var").resolve(),
        deployment=deployment,
        duolog_port=duolog_port,
        jirasim_port=jirasim_port,
        duolog_url=env.get("DUOLOG_PUBLIC_URL", "").strip() or f"http://{HOST}:{duolog_port}",
        is_reset=env.get("RESET", "").strip().lower() in _YES,
    )


def _port(env: Mapping[str, str], name: str, default: int, problems: list[str]) -> int:
    text = env.get(name, "").strip() or str(default)
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    problems.append(f"{name} must be a port, a number from 1 to 65535, not {text!r}.")
    return default


def _deployment(text: str, problems: list[str]) -> Deployment:
    if text in DIALECTS:
        return Deployment(text)
    problems.append(f"DEPLOYMENT must be cloud or server, not {text!r}.")
    return Deployment.CLOUD


def ports_in_use(wish: Wish) -> list[str]:
    """One sentence for each port that somebody else listens on."""
    named = (("DUOLOG_PORT", wish.duolog_port), ("JIRASIM_PORT", wish.jirasim_port))
    return [
        f"Port {port} is in use. Stop what listens there, or choose another with {name}=…"
        for name, port in named
        if not _is_free(port)
    ]


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
