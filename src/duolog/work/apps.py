"""Registers the app with Django, and keeps the lane that serves what has no other."""

from typing import Any, Final

from django.apps import AppConfig
from django.apps import apps as present_apps
from django.apps.registry import Apps
from django.db.models.signals import post_migrate

LOCAL_INFLIGHT: Final = 8


class WorkConfig(AppConfig):
    """Label and name of the app."""

    name = "duolog.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have lane `local` in every migrated database; unlike a migration, also after a flush."""
        post_migrate.connect(ensure_local_lane, sender=self)


def ensure_local_lane(*, using: str, apps: Apps = present_apps, **_signal: Any) -> None:
    try:
        lanes = apps.get_model("work", "Lane").objects.using(using)
    except LookupError:  # migrated back to before there were lanes
        return
    lanes.get_or_create(name="local", defaults={"max_inflight": LOCAL_INFLIGHT})
