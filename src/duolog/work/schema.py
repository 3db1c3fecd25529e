"""Whether the database has the tables that this code expects.  Changes nothing."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def pending_migrations() -> tuple[str, ...]:
    """The names of migrations not yet applied, in their order.  Raises django.db.Error."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan)
