"""Keeps the state in a file across restarts.  Written whole, then put in place at once."""

import pickle
import threading
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import cast, get_args, get_type_hints

from jirasim.clock import VirtualClock
from jirasim.site.state import Site, State

PAUSE_SECONDS = 0.5


class StaleState(Exception):
    """A file that this version cannot read; the message says what to do."""


def load(path: Path, clock: VirtualClock) -> State | None:
    """The saved state, with the clock moved as it was; None when there is no file.

    Raises StaleState for a file whose state has other fields than today's.
    """
    if not path.exists():
        return None
    with path.open("rb") as file:
        if pickle.load(file) != layout():  # noqa: S301  # our own file, named by whoever starts us
            raise StaleState(f"{path} was written by another version of jirasim; delete it.")
        saved_state, offset = pickle.load(file)  # noqa: S301  # the same file
    clock.advance(offset)
    return cast("State", saved_state)


def layout() -> str:
    """The names of all that is kept, so that a file of another version is known."""
    kept: dict[str, type] = {}
    _collect(State, kept)
    return " ".join(
        f"{name}({','.join(field.name for field in fields(one))})"
        for name, one in sorted(kept.items())
        if is_dataclass(one)
    )


def _collect(hint: object, kept: dict[str, type]) -> None:
    """Every dataclass that a value of this type may hold."""
    for part in get_args(hint):
        _collect(part, kept)
    if is_dataclass(hint) and isinstance(hint, type) and hint.__name__ not in kept:
        kept[hint.__name__] = hint
        for part in get_type_hints(hint).values():
            _collect(part, kept)


def save(site: Site, path: Path) -> None:
    """Write everything."""
    with site.lock:
        kept = (layout(), (site.state, site.clock.offset))
        content = b"".join(pickle.dumps(one, protocol=pickle.HIGHEST_PROTOCOL) for one in kept)
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(content)
    draft.replace(path)


class Saver:
    """Saves a short while after changes, and at the end."""

    def __init__(self, site: Site, path: Path) -> None:
        self._site = site
        self._path = path
        self._saved: object = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jirasim state", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Save a last time, if needed."""
        self._over.set()
        self._thread.join()
        self._save_if_changed()

    def _run(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            self._save_if_changed()

    def _save_if_changed(self) -> None:
        current = _version(self._site)
        if current != self._saved:
            save(self._site, self._path)
            self._saved = current


def _version(site: Site) -> object:
    with site.lock:
        state = site.state
        kept = (tuple(state.webhooks.values()), tuple(state.tokens.values()), state.settings)
        return site.revision, site.clock.offset, kept
