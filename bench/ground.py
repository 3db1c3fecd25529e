"""A workplace on the database of this process, with a team to be bound to a simulated Jira."""

from dataclasses import dataclass
from typing import Any

from bench.jira import Jira
from duolog.app.serve import prepare
from duolog.connections.models import Connection
from duolog.connections.services import NewConnection, connect
from duolog.people.models import Member, User
from duolog.people.services import create_workplace
from duolog.sync.binding.services import Rules, Wish, bind_team
from duolog.sync.models import Binding, Direction
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team, WorkItem
from duolog.workplace.services import NewItem, create_item, create_team


@dataclass(frozen=True)
class Ground:
    """The owner and their team."""

    owner: Member
    team: Team

    @property
    def me(self) -> Actor:
        """The owner, acting for themself."""
        return Actor.of(self.owner)

    def item(self, title: str, **fields: Any) -> WorkItem:
        """A new work item."""
        return create_item(self.team, NewItem(title=title, **fields), actor=self.me)

    def connect(self, jira: Jira) -> Connection:
        """The workplace connection to the simulator."""
        ready = jira.ready
        return connect(self.owner, NewConnection(ready["url"], ready["email"], ready["api_token"]))

    def bind(
        self, jira: Jira, connection: Connection, direction: Direction = Direction.TWO_WAY
    ) -> Binding:
        """The team, bound to the simulator's project."""
        wish = Wish(connection, jira.ready["project_key"], Rules(direction))
        return bind_team(self.owner, self.team, wish)


def make_ground(number: int = 1) -> Ground:
    """One more workplace, its owner and a team, in a database that is up to date."""
    prepare()
    user = User.objects.create_user(f"olive{number}@fernhill.example", None, name="Olive Owner")
    workplace = create_workplace(name=f"Fernhill {number}", owner=user)
    owner = Member.objects.select_related("user", "workplace").get(user=user)
    team = create_team(workplace, name="Platform", key_prefix="PLAT", actor=Actor.of(owner))
    return Ground(owner, team)
