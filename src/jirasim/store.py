"""Keeps the state in a file across restarts.  Written whole, then put in place at once."""

import pickle
import threading
from pathlib import Path

from jirasim.clock import VirtualClock
from jirasim.site.state import Site, State

PAUSE_SECONDS = 0.5


def load(path: Path, clock: VirtualClock) -> State | None:
    """The saved state, with the clock moved as it was; None when there is no file."""
    if not path.exists():
        return None
    saved_state, offset = pickle.loads(path.read_bytes())  # noqa: S301  # our own file, named by whoever starts us
    if not isinstance(saved_state, State):
        raise TypeError(f"{path} is not a state file of jirasim.")
    clock.advance(offset)
    return saved_state


def save(site: Site, path: Path) -> None:
    """Write everything."""
    with site.lock:
        content = pickle.dumps((site.state, site.clock.offset), protocol=pickle.HIGHEST_PROTOCOL)
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
