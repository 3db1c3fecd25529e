"""Empties the tables that hold rows, instead of making all anew and calling it a migration."""

from __future__ import annotations

from typing import Any, Final

from django.core.management.commands import flush
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from duolog.work.apps import ensure_local_lane

OF_THE_MIGRATION: Final = ("auth_permission", "django_content_type")
"""Django fills them after each migration, with the same rows; nothing of ours writes to them."""


class Command(flush.Command):
    """Django's own, unless sequences stay as they are: what its test cases ask for."""

    def handle(self, **options: Any) -> None:
        if options.get("reset_sequences", True):
            super().handle(**options)
            return
        _empty(connections[options["database"]])
        ensure_local_lane(using=options["database"])


def _empty(connection: BaseDatabaseWrapper) -> None:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = {name: connection.ops.quote_name(name) for name in names}
    holding = [
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {table})"
        for name, table in tables.items()
        if name not in OF_THE_MIGRATION
    ]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # As TRUNCATE does, wait for whoever still writes; then no key is looked after.
            cursor.execute(f"LOCK TABLE {', '.join(tables.values())} IN EXCLUSIVE MODE")
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(" UNION ALL ".join(holding))
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {tables[name]}")
