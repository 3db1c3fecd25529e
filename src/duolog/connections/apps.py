"""Registers the app with Django."""

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    """Label and name of the app."""

    name = "duolog.connections"
    label = "connections"
    default_auto_field = "django.db.models.BigAutoField"
