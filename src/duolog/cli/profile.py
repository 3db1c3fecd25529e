"""Where the commands reach a server, and with which token: options, or a file of the user's own."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from duolog.cli.errors import NotDone

_MODE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Profile:
    """An address and a token for it."""

    server: str
    token: str


def profile_path() -> Path:
    """The user's file: under XDG_CONFIG_HOME, else ~/.config."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "duolog" / "config.toml"


def load_profile(server: str = "", token: str = "") -> Profile:
    """Options first, then the file.  Raises NotDone where either is unknown."""
    kept = _read(profile_path())
    # A token is for the server it was kept with, and is never sent to another one.
    same_server = not server or server.rstrip("/") == kept.get("server", "")
    found = Profile(
        server=(server or kept.get("server", "")).rstrip("/"),
        token=token or (kept.get("token", "") if same_server else ""),
    )
    if not found.server or not found.token:
        raise NotDone(
            "Which server? Run `duolog login` once, or give --server and --token. "
            "Make a token under Settings, API tokens, or with `duolog token create`."
        )
    return found


def save_profile(profile: Profile) -> Path:
    """Keep the profile in the user's file, readable by them alone."""
    path = profile_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=_MODE)
    draft.write_text(
        f"server = {json.dumps(profile.server)}\ntoken = {json.dumps(profile.token)}\n"
    )
    draft.replace(path)
    return path


def _read(path: Path) -> dict[str, str]:
    try:
        text = path.read_text()
    except FileNotFoundError:
        return {}
    if path.stat().st_mode & 0o077:
        raise NotDone(f"Others can read {path}. Run `chmod 600 {path}` first.")
    try:
        return {name: str(value) for name, value in tomllib.loads(text).items()}
    except tomllib.TOMLDecodeError as error:
        raise NotDone(f"{path} cannot be read: {error}. Run `duolog login` again.") from error
