"""Whole histories over the real engine: edits on both sides, faults, crashes, lost deliveries.

However they are mixed, once all is well again both sides agree or say why not, nothing exists
twice, every edit is on both sides or open to a person, and another look changes nothing.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from helpers.acts_on_children import OnChildren
from helpers.acts_on_comments import OnComments
from helpers.acts_on_inbox import OnInbox
from helpers.acts_on_items import OnItems
from helpers.acts_on_places import OnPlaces
from helpers.acts_on_projects import OnProjects
from helpers.acts_on_properties import OnProperties
from helpers.acts_on_texts import OnTexts
from helpers.acts_on_time import OnTime
from helpers.acts_on_walks import OnWalks
from helpers.histories import World
from helpers.jirasim import Jira
from helpers.receiver import receiving
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

pytestmark = [
    pytest.mark.database,
    pytest.mark.timeout(6 * 3600),
    pytest.mark.django_db(transaction=True),
]
STEPS = 50
"""Of a history: its beginning and its end cost more than they do."""
IN_CI = 1_000 if os.environ.get("CI") == "true" else 0
"""Steps on both deployments together."""


def histories() -> int:
    """On each deployment: the profiles count the steps of both together, not histories."""
    profile = settings.default
    steps = max(IN_CI, profile.max_examples if profile else 0)
    return max(2, steps // STEPS // 2)


class Histories(
    OnItems,
    OnTexts,
    OnProperties,
    OnWalks,
    OnComments,
    OnChildren,
    OnTime,
    OnPlaces,
    OnProjects,
    OnInbox,
):
    """Everything at once."""


@pytest.mark.both_deployments
def test_any_history_ends_with_both_sides_equal_or_a_reason(
    jira: Jira, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    with receiving() as address:
        World.jira, World.address = jira, address
        run_state_machine_as_test(Histories, settings=PROFILE)


PROFILE = settings(
    max_examples=histories(),
    stateful_step_count=STEPS,
    phases=(Phase.reuse, Phase.generate, Phase.shrink),  # to explain takes as long as to find
)
