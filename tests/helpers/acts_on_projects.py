"""What people do to a project that is sent to Jira as an epic: items and issues join and leave it."""

from __future__ import annotations

import contextlib
from typing import Final

from helpers.histories import PICK, World
from helpers.jirasim import EPIC_LINK
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from duolog.core.errors import SyncError
from duolog.people.errors import DomainError
from duolog.sync.binding.projects import ProjectWish, bind_project
from duolog.sync.models import Binding
from duolog.workplace.models import Project, WorkItem
from duolog.workplace.services import create_project

CALLED: Final = "Everything for autumn"
ABOVE_BELOW: Final = ("Epic", "Sub-task")


class OnProjects(World):
    """One project, of the team that is bound to the same space and of another that is not."""

    def __init__(self) -> None:
        super().__init__()
        self.project: Project | None = None

    @rule()
    @precondition(lambda self: self.epic is None)
    def send_a_project(self) -> None:
        """Where Jira cannot be asked just now, nothing is sent."""
        if self.project is None:
            self.project = create_project(self.bound.workplace, CALLED, actor=self.bound.me)
        wish = ProjectWish(self.bound.connection, self.space)
        with contextlib.suppress(DomainError, SyncError):
            bind_project(self.bound.owner, self.project, wish)

    @rule(pick=PICK, here=st.booleans(), joins=st.sampled_from([True, True, False]))
    @precondition(lambda self: self.project)
    def join_or_leave(self, pick: int, here: bool, joins: bool) -> None:
        """Also an item of a team that follows no Jira."""
        if here:
            items = WorkItem.objects.filter(deleted_at=None).exclude(type="epic").order_by("pk")
            if items:
                item, project = items[pick % len(items)], self.project if joins else None
                self.bound.change(item, project=project)
            return
        found, epic = self.pair(pick), self.epic
        if found is None or epic is None or found[2]["fields"]["issuetype"]["name"] in ABOVE_BELOW:
            return
        field = "parent" if self.jira.is_cloud else EPIC_LINK
        below = self.jira.below(epic.epic_issue_id, epic=True) if joins else {field: None}
        self.jira.edit(found[2]["id"], **below)

    @rule(here=st.booleans())
    @precondition(lambda self: self.project and self.has_room())
    def make_a_part_of_the_project(self, here: bool) -> None:
        """Here in a team that follows no Jira, there below the epic."""
        epic = self.epic
        if here:
            self.created += 1
            self.item_in(self.elsewhere(), self.new("Item"), project=self.project)
        elif epic is not None:
            self.created += 1
            below = self.jira.below(epic.epic_issue_id, epic=True)
            self.jira.create(self.new("Issue"), project={"key": self.space}, **below)

    @property
    def epic(self) -> Binding | None:
        """The binding of the project, once its epic is in Jira."""
        return Binding.objects.exclude(project=None).exclude(epic_issue_id="").first()
