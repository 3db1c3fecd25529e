"""Registers the app with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Label and name of the app."""

    name = "duolog.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
