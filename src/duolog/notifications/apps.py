"""Registers the app with Django."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Label and name of the app."""

    name = "duolog.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
