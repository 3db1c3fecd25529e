"""Registers the app with Django."""

from django.apps import AppConfig


class WorklogsConfig(AppConfig):
    """Label and name of the app."""

    name = "duolog.worklogs"
    label = "worklogs"
    default_auto_field = "django.db.models.BigAutoField"
