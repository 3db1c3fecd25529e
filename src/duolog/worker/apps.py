"""Registers the app with Django."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """Label and name of the app."""

    name = "duolog.worker"
    label = "worker"
    default_auto_field = "django.db.models.BigAutoField"
