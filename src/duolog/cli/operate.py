"""Running the installation: serve, worker, migrate, demo.  The work itself lies in app and demo."""

from __future__ import annotations

from typing import Annotated

import typer

from duolog.cli.database import open_installation, words_for_no_database
from duolog.cli.errors import NotDone
from duolog.cli.output import AsJson, tell


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; DUOLOG_PORT where left out.")
    ] = None,
    *,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Leave background work to `duolog worker`.")
    ] = False,
) -> None:
    """Serve pages, API and webhooks; background work runs in the same process."""
    open_installation()
    from duolog.app.serve import serve as serve_until_signalled
    from duolog.app.settings import CONFIG

    with words_for_no_database():
        serve_until_signalled(host, port or CONFIG.port, with_worker=not no_worker)


def worker(
    concurrency: Annotated[int, typer.Option(min=1, help="How many jobs run side by side.")] = 8,
) -> None:
    """Do background work until SIGTERM or SIGINT."""
    open_installation()
    from duolog.app.serve import run_worker

    with words_for_no_database():
        is_done = run_worker(concurrency)
    if not is_done:
        raise NotDone("Some work was cut off at its deadline; it is taken up again by itself.")


def migrate(*, as_json: AsJson = False) -> None:
    """Bring the database up to date.  Run it before the new version serves."""
    open_installation()
    from duolog.app.serve import prepare

    with words_for_no_database():
        prepare()
    tell({"migrated": True}, "The database is up to date.", as_json=as_json)


def demo() -> None:
    """Start Duolog beside a simulated Jira with a demo workplace; Ctrl-C stops both."""
    from duolog.demo.main import run

    run()
