"""A signed-in client in a workplace of its own.

This module is read before Django is set up, so what needs Django is loaded when it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest


def _visitors() -> Any:
    return import_module("web.visitors")


@pytest.fixture
def workplace(db: None) -> Any:
    return _visitors().a_workplace()


@pytest.fixture
def owner(workplace: Any) -> Any:
    return _visitors().the_owner(workplace)


@pytest.fixture
def team(workplace: Any) -> Any:
    return _visitors().a_team(workplace)


@pytest.fixture
def client(owner: Any) -> Any:
    """Signed in as the owner."""
    return _visitors().signed_in(owner)


@pytest.fixture
def guest(workplace: Any) -> Any:
    """Signed in as somebody who only reads."""
    return _visitors().a_guest(workplace)
