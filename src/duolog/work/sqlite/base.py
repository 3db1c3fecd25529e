"""The SQLite backend of Duolog: the write transactions of a process take turns.

SQLite lets one connection write at a time and makes the others poll for the lock, unfairly
and with growing pauses: at saturation a writer can starve for seconds.  Here each waits for
its turn in memory instead (docs/decisions/0003-sqlite-one-writer.md has the measurement).

Safety never depends on it.  Turns only decide who asks SQLite next; SQLite's own lock, with
its time-out, still guards the file against other processes and against any statement that
is not recognised as a write.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from duolog.work.sqlite.turns import Turns, turns_at

_WRITES: Final = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_DEFAULT_TIMEOUT: Final = 5.0


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection; it has the turn while it is in a transaction, or runs one write alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: Turns | None = None
        self.execute_wrappers.append(self._write_in_turn)

    def set_autocommit(
        self,
        autocommit: bool,
        force_begin_transaction_with_broken_autocommit: bool = False,
    ) -> None:
        begins = force_begin_transaction_with_broken_autocommit and not autocommit
        if begins:
            self._take_turn()
        try:
            super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        except BaseException:
            if begins:
                self._give_up_turn()
            raise

    def commit(self) -> None:
        super().commit()
        self._give_up_turn()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._give_up_turn()

    def close(self) -> None:
        try:
            super().close()
        finally:
            if self.connection is None or self.closed_in_transaction:
                self._give_up_turn()

    def _write_in_turn(
        self,
        execute: Callable[[str, Any, bool, dict[str, Any]], Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        if self._turn is not None or not sql.lstrip()[:7].upper().startswith(_WRITES):
            return execute(sql, params, many, context)
        self._take_turn()
        try:
            return execute(sql, params, many, context)
        finally:
            self._give_up_turn()

    def _take_turn(self) -> None:
        turns = turns_at(str(self.settings_dict["NAME"]))
        if not turns.take(self.settings_dict["OPTIONS"].get("timeout", _DEFAULT_TIMEOUT)):
            raise OperationalError("database is locked (by another writer of this process)")
        self._turn = turns

    def _give_up_turn(self) -> None:
        turns, self._turn = self._turn, None
        if turns is not None:
            turns.give_up()
