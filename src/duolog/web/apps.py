"""Registers the app with Django, for its templates and static files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Label and name of the app."""

    name = "duolog.web"
    label = "web"
