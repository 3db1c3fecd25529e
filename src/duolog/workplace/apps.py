"""Registers the app with Django."""

from django.apps import AppConfig


class WorkplaceConfig(AppConfig):
    """Label and name of the app."""

    name = "duolog.workplace"
    label = "workplace"
    default_auto_field = "django.db.models.BigAutoField"
