"""Marks: transactional, counted, coalescing."""
from __future__ import annotations

import pytest
from django.db import transaction

from duolog.work import queue
from duolog.work.marks import mark

pytestmark = [pytest.mark.database, pytest.mark.django_db]

def test_x():
    mark("link", 1)
    assert len(queue.claim(5)) == 1
