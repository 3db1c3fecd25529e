"""Opening the installation's own database for the commands that run it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from duolog.cli.errors import NotDone


def open_installation() -> None:
    """Set Django up.  Raises ConfigError with all problems of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duolog.app.settings")
    import django

    django.setup()


@contextlib.contextmanager
def words_for_no_database() -> Iterator[None]:
    """Say it in words where the database cannot be reached: raises NotDone."""
    from django.db import OperationalError

    try:
        yield
    except OperationalError as error:
        raise NotDone(f"The database cannot be opened: {error}") from error


def open_database() -> None:
    """Set Django up on a database that is up to date.  Raises NotDone where it is not."""
    open_installation()
    from django.db import Error

    from duolog.work.schema import pending_migrations

    try:
        pending = pending_migrations()
    except Error as error:
        raise NotDone(f"The database cannot be opened: {error}") from error
    if pending:
        raise NotDone("The database is not up to date. Run `duolog migrate` first.")
