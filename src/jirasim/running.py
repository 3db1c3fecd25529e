"""Runs one site on a socket until it is told to stop.  Knows no command line."""

import socket
from pathlib import Path

import uvicorn

from jirasim.clock import VirtualClock
from jirasim.http.app import assemble, create_app
from jirasim.site.state import Site, State
from jirasim.store import Saver

HOST = "127.0.0.1"
GRACE_SECONDS = 3
KEEP_ALIVE_SECONDS = 75  # longer than a client keeps a connection, so that the client ends it


class Simulator:
    """A site with everything around it, bound to an address of this machine."""

    def __init__(self, state: State, clock: VirtualClock, *, port: int = 0) -> None:
        self._listener = _listen(port)
        port = self._listener.getsockname()[1]
        url = f"http://{HOST}:{port}{state.product.context}"
        self.site = Site(state, clock, base_url=url)
        self.controls = assemble(self.site)
        config = uvicorn.Config(
            create_app(self.controls),
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,  # Jira tells its own time
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        self._server = uvicorn.Server(config)

    def serve(self, *, keep: Path | None = None) -> None:
        """Answer requests until `stop`, or until a signal when in the main thread.

        With `keep`, the state is saved there while running and at the end.
        """
        saver = Saver(self.site, keep) if keep is not None else None
        if saver is not None:
            saver.start()
        try:
            self._server.run(sockets=[self._listener])
        finally:
            self.controls.sender.close()
            self._listener.close()
            if saver is not None:
                saver.stop()

    def stop(self) -> None:
        """Let `serve` return soon; may be called from any thread."""
        self._server.should_exit = True


def _listen(port: int) -> socket.socket:
    # Named as TCP, so that asyncio turns Nagle's algorithm off: else each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(1024)
    return listener
