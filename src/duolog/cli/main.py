"""The command line: all commands, and the one place where refusals become exit codes.

0 done, 1 refused with the reason on stderr, 2 wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from duolog.app.config import ConfigError
from duolog.cli import operate
from duolog.cli.account import login
from duolog.cli.admin import admin, token
from duolog.cli.audit import audit
from duolog.cli.bindings import binding
from duolog.cli.connections import connection
from duolog.cli.doctor import doctor
from duolog.cli.errors import NotDone
from duolog.cli.inbox import inbox
from duolog.cli.jira import jira
from duolog.cli.mytime import log_time, show_time
from duolog.cli.output import complain
from duolog.cli.straight import close_sites
from duolog.cli.timer import timer
from duolog.cli.worklogs import worklog
from duolog.core.errors import SyncError
from duolog.people.errors import DomainError

app = typer.Typer(
    name="duolog",
    help="Work items and time, in step with Jira.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(operate.serve)
app.command()(operate.worker)
app.command()(operate.migrate)
app.command()(operate.demo)
app.command()(doctor)
app.command()(login)
app.add_typer(admin, name="admin", no_args_is_help=True)
app.add_typer(token, name="token", no_args_is_help=True)
app.add_typer(connection, name="connection", no_args_is_help=True)
app.add_typer(binding, name="binding", no_args_is_help=True)
app.add_typer(inbox, name="inbox", no_args_is_help=True)
app.command("time")(show_time)
app.command("log")(log_time)
app.add_typer(worklog, name="worklog", no_args_is_help=True)
app.add_typer(timer, name="timer", no_args_is_help=True)
app.add_typer(jira, name="jira", no_args_is_help=True)
app.add_typer(audit, name="audit", no_args_is_help=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code; what it refuses is said on stderr."""
    try:
        app(args=arguments, prog_name="duolog")
    except (NotDone, ConfigError, DomainError) as refused:
        complain(str(refused))
        return 1
    except SyncError as refused:
        complain(f"{refused} {refused.hint}".strip())
        return 1
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    finally:
        close_sites()
    return 0


def run() -> None:
    """The console script."""
    sys.exit(main())
