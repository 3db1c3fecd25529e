"""How the suite empties the database after a test that commits."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from helpers.builders import a_team

from duolog.work.apps import LOCAL_INFLIGHT
from duolog.work.models import Lane

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_the_quick_flush_leaves_what_django_s_own_leaves():
    a_team()
    Lane.objects.create(name="of a connection", max_inflight=1)
    Lane.objects.filter(name="local").update(max_inflight=1)
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
    left = _rows()
    assert Lane.objects.get().max_inflight == LOCAL_INFLIGHT
    call_command("flush", verbosity=0, interactive=False)
    assert left == _rows()


def _rows() -> dict[str, list[str]]:
    """What each table holds, whatever its numbers."""
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return {name: sorted(map(str, model.objects.all())) for name, model in tables.items()}
