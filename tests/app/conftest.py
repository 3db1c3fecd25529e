"""A workplace with a team.

This module is read before Django is set up, so what needs Django is loaded when it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest


@pytest.fixture
def team(db: None) -> Any:
    """The team of a new workplace."""
    return import_module("helpers.builders").a_team()
