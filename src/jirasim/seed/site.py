"""Puts the parts of the seed together."""

from datetime import datetime
from uuid import UUID

from jirasim.seed.agile import add_agile
from jirasim.seed.apps import add_app
from jirasim.seed.chance import seeded
from jirasim.seed.issues import add_issues
from jirasim.seed.parts import add_parts
from jirasim.seed.people import add_people
from jirasim.seed.projects import add_projects
from jirasim.seed.worklogs import add_worklogs
from jirasim.site.product import CLOUD, Product
from jirasim.site.state import State


def make_state(
    *,
    seed: int,
    issues: int,
    now: datetime,
    worklogs: int = 0,
    users: int = 0,
    product: Product = CLOUD,
) -> State:
    """The whole site.  `issues` are made in FHP; dates lie in the 90 days before `now`.

    `users` have accounts besides the people of the projects.  Raises ValueError for worklogs without issues.
    """
    cloud_id = UUID(int=seeded(seed, "cloud").getrandbits(128), version=4)
    state = State(seed=seed, cloud_id=str(cloud_id), product=product, title="Fernhill Jira")
    add_people(state, users)
    add_app(state)
    add_projects(state)
    add_issues(state, issues, now=now)
    add_parts(state, now=now)
    add_agile(state, now=now)
    add_worklogs(state, worklogs, now=now)
    return state
