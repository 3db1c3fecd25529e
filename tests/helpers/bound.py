"""A team bound to a simulated project, and the engine run until nothing is due."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from helpers.builders import a_member, a_team, a_workplace, the_owner
from helpers.jirasim import Jira

from duolog.connections.models import Connection, Method
from duolog.connections.services import NewConnection, close_clients, connect
from duolog.people.models import Member, Workplace
from duolog.sync.binding.services import Rules, Wish, bind_team, poll_now
from duolog.sync.handlers import HANDLERS
from duolog.sync.models import Binding, Link
from duolog.worker.attempt import run_until_idle
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team, WorkItem
from duolog.workplace.services.items import NewItem, create_item, update_item


@dataclass
class Bound:
    """A workplace whose team is connected with a project of a simulated Jira."""

    jira: Jira
    workplace: Workplace
    owner: Member
    maya: Member
    team: Team
    connection: Connection
    binding: Binding | None = None

    @property
    def me(self) -> Actor:
        """The owner, acting for themself."""
        return Actor.of(self.owner)

    def bind(self, rules: Rules | None = None, *, space: str = "", **wish: object) -> Binding:
        """Bind the team, to the simulator's first project unless told, and run what follows."""
        asked = Wish(self.connection, space or self.jira.project_key, rules or Rules(), **wish)
        self.binding = bind_team(self.owner, self.team, asked)
        self.run()
        return self.binding

    def run(self, *, within: float = 0) -> int:
        """Run all that is due."""
        return run_until_idle(HANDLERS, within=within)

    def item(self, title: str = "Write it down", **fields: object) -> WorkItem:
        """A new item by the owner."""
        return create_item(self.team, NewItem(title=title, **fields), actor=self.me)

    def change(self, item: WorkItem, **changes: object) -> WorkItem:
        """Change an item as the owner."""
        return update_item(item.pk, changes, actor=self.me)

    def link(self, item: WorkItem) -> Link:
        """The latest link of an item."""
        return Link.objects.filter(work_item=item).order_by("-pk")[0]

    def item_of(self, issue: str) -> WorkItem:
        """The item linked with an issue."""
        found = Link.objects.get(issue_id=issue).work_item
        assert found is not None
        return found

    def poll(self) -> None:
        """Look for changes in Jira now, and run what follows."""
        assert self.binding is not None
        poll_now(self.owner, self.binding)
        self.run()


def a_new_connection(jira: Jira) -> NewConnection:
    """The service account: by API token on Cloud, by personal access token on Server."""
    return NewConnection(
        address=jira.url,
        deployment=jira.deployment,
        method=Method.API_TOKEN if jira.is_cloud else Method.PAT,
        email=jira.service.email,
        secret=jira.service.api_token,
    )


@contextlib.contextmanager
def a_bound_team(jira: Jira) -> Iterator[Bound]:
    """A workplace connected with the simulator, its team not yet bound."""
    jira.start_over()
    workplace = a_workplace()
    owner = the_owner(workplace)
    maya = a_member(workplace, name="Maya Lind")
    team = a_team(workplace)
    connection = connect(owner, a_new_connection(jira))
    try:
        yield Bound(jira, workplace, owner, maya, team, connection)
    finally:
        close_clients()
