"""Duolog's settings, with an app that empties the database between tests."""

from duolog.app.settings import *
from duolog.app.settings import INSTALLED_APPS as OF_DUOLOG

INSTALLED_APPS = [*OF_DUOLOG, "helpers.emptied"]
