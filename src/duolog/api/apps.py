"""Registers the app with Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Label and name of the app."""

    name = "duolog.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
