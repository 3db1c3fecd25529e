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
from duolog.sync.models import Binding
from duolog.sync.project_binding import ProjectWish, bind_project
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
    @precondition(lambda self: self.project is None)
    def make_a_project(self) -> None:
        self.project = create_project(self.bound.workplace, CALLED, actor=self.bound.me)

    @rule()
    @precondition(lambda self: self.project and self.epic is None)
    def send_the_project(self) -> None:
        assert self.project is not None
        wish = ProjectWish(self.bound.connection, self.space)
        with contextlib.suppress(DomainError, SyncError):
            bind_project(self.bound.owner, self.project, wish)

    @rule(pick=PICK, joins=st.booleans())
    @precondition(lambda self: self.project)
    def item_joins_or_leaves(self, pick: int, joins: bool) -> None:
        items = WorkItem.objects.filter(deleted_at=None).exclude(type="epic").order_by("pk")
        if items:
            self.bound.change(items[pick % len(items)], project=self.project if joins else None)

    @rule()
    @precondition(lambda self: self.project)
    def item_of_the_project_elsewhere(self) -> None:
        """In a team that follows no Jira."""
        self.created += 1
        self.item_in(self.elsewhere(), self.new("Item"), project=self.project)

    @rule()
    def issue_below_the_epic(self) -> None:
        if (epic := self.epic) is not None and self.jira.find(epic.epic_issue_id):
            self.created += 1
            below = self.jira.below(epic.epic_issue_id, epic=True)
            self.jira.create(self.new("Issue"), project={"key": self.space}, **below)

    @rule(pick=PICK, joins=st.booleans())
    def issue_joins_or_leaves(self, pick: int, joins: bool) -> None:
        found, epic = self.pair(pick), self.epic
        if found is None or epic is None or found[2]["fields"]["issuetype"]["name"] in ABOVE_BELOW:
            return
        field = "parent" if self.jira.is_cloud else EPIC_LINK
        below = self.jira.below(epic.epic_issue_id, epic=True) if joins else {field: None}
        self.jira.edit(found[2]["id"], **below)

    @property
    def epic(self) -> Binding | None:
        """The binding of the project, once its epic is in Jira."""
        return Binding.objects.filter(project=self.project).exclude(epic_issue_id="").first()
