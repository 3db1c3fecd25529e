"""Registers the app with Django."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """Label and name of the app."""

    name = "duolog.sync"
    label = "sync"
    default_auto_field = "django.db.models.BigAutoField"
