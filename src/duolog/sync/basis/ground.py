"""What every run of a binding stands on: its field map, its client, and who is who."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from django.db import transaction
from django.db.models import QuerySet

from duolog.connections.services import client_for
from duolog.core.fields import FieldMap, ValueMap, only_here, only_there
from duolog.core.properties import PropertyKind
from duolog.jira.client import JiraClient
from duolog.jira.dialect import DIALECTS, Dialect
from duolog.jira.replica import read_fields
from duolog.jira.tokens import PROPERTY, token_of
from duolog.jira.wire import Issue
from duolog.jira.wire import User as Account
from duolog.people.models import Member
from duolog.sync.basis.own_properties import kinds_in_use
from duolog.sync.basis.scopes import ProjectEpics, Space, directions_of, project_in, project_value
from duolog.sync.basis.workflows import KnownWorkflow
from duolog.sync.mapping import (
    Choice,
    ProjectMeta,
    fields_from_json,
    fields_to_json,
    match_people,
    suggest_statuses,
    table_of_team,
    value_map,
)
from duolog.sync.models import Binding, Link, LinkState
from duolog.workplace.actors import Actor
from duolog.workplace.models import Cause, Status, WorkItem


def new_token() -> str:
    """A name for something about to be created in Jira, by which it is found again."""
    return secrets.token_hex(16)


class Ground:
    """One binding as the runs of its links see it.  Read once per run; cheap to make."""

    def __init__(self, binding: Binding) -> None:
        self.binding = binding
        self.meta = ProjectMeta.from_json(binding.project_meta)
        self.fields: FieldMap = fields_from_json(binding.mapping, self.meta, _kinds(binding))
        self.epics = self.meta.epics
        self._strangers: set[str] = set()
        self.dialect: Dialect = DIALECTS[binding.connection.deployment]
        self._workflows: dict[str, KnownWorkflow] = {}
        self.directions = directions_of(binding)
        self._statuses: dict[int, ValueMap] = {}

    @cached_property
    def client(self) -> JiraClient:
        """The client of the binding's connection.  Raises Disconnected when it has stopped."""
        return client_for(self.binding.connection)

    def fields_of(self, team_id: int) -> FieldMap:
        """How values name each other for items of a team: each has statuses of its own."""
        if team_id == self.binding.team_id:
            return self.fields
        if team_id not in self._statuses:
            self._statuses[team_id] = statuses_of_team(self.binding.mapping, self.meta, team_id)
        return replace(self.fields, statuses=self._statuses[team_id])

    def fields_of_link(self, link: Link) -> FieldMap:
        """The same for a link's item; for one that is still to be made, of the binding's team."""
        item = link.work_item
        return self.fields_of(item.team_id if item is not None else self.binding.team_id)

    def account_here(self, account: Account) -> str:
        """The member an account stands for; one met for the first time is matched and kept."""
        known = self.fields.users.inbound.get(account.account_id)
        if known is None and account.account_id not in self._strangers:
            known = self._learn(account)
        if known is None:
            self._strangers.add(account.account_id)
        return only_there(account.account_id) if known is None else known

    def account_there(self, member: str) -> str | None:
        """The account of a member."""
        return self.fields.users.encode(member)

    def actor_of(self, account: Account) -> Actor:
        """An account as the author of what it wrote in Jira: the member it stands for, or a name."""
        known = self.fields.users.inbound.get(account.account_id)
        member = Member.objects.select_related("user").filter(pk=known or 0, left_at=None).first()
        shown = account.display_name or (member.name if member else "Somebody")
        return Actor(member, f"{shown} in Jira", Cause.SYNC)

    def _learn(self, account: Account) -> str | None:
        taken = set(self.fields.users.inbound.values())
        members = [m for m in members_to_match(self.binding) if m[0] not in taken]
        shown = (account.account_id, account.email_address, account.display_name)
        member = match_people([shown], members).get(account.account_id)
        if member is None:
            return None
        users = self.fields.users
        learnt = ValueMap(
            {**users.outbound, member: account.account_id},
            {**users.inbound, account.account_id: member},
        )
        self.keep_learnt(replace(self.fields, users=learnt), "users")
        return member

    def keep_learnt(self, fields: FieldMap, table: str) -> None:
        """Use the field map from now on, and keep this one table of it with the binding."""
        self.fields = fields
        with transaction.atomic():
            row = Binding.objects.select_for_update().get(pk=self.binding.pk)
            row.mapping = {**row.mapping, table: fields_to_json(fields)[table]}
            row.save(update_fields=["mapping"])

    @property
    def lacks_its_epic(self) -> bool:
        """Whether it is bound by a project whose epic is not in Jira yet."""
        return self.binding.project_id is not None and not self.binding.epic_issue_id

    @cached_property
    def project_epics(self) -> ProjectEpics:
        """The epics that stand for projects in this space."""
        return ProjectEpics.of(Space.of(self.binding))

    def forget_keys(self) -> None:
        """The keys of the space are others now."""
        self.__dict__.pop("project_epics", None)

    def parent_here(self, issue_id: str) -> str | None:
        """The work item an issue is linked with on this site, or the project it stands for."""
        if self.project_epics.knows(issue_id):
            return self.project_epics.project_of(issue_id)
        item = self._linked(issue_id=issue_id).values_list("work_item_id", flat=True).first()
        return only_there(issue_id) if item is None else str(item)

    def parent_of_key_here(self, issue_key: str) -> str | None:
        """The same, where Jira names the issue by its key."""
        epic = self.project_epics.id_of_key(issue_key)
        if epic is not None:
            return self.project_epics.project_of(epic)
        item = self._linked(issue_key=issue_key).values_list("work_item_id", flat=True).first()
        return only_there(issue_key) if item is None else str(item)

    def key_there(self, issue_id: str) -> str | None:
        """The key of a linked issue, or of a project's epic, as it was last seen."""
        key = self.project_epics.key_of(issue_id)
        return key or self._linked(issue_id=issue_id).values_list("issue_key", flat=True).first()

    def parent_there(self, item_id: str) -> str | None:
        """The issue a work item is linked with on this site, or the epic of a project."""
        project = project_in(item_id)
        if project is not None:
            return self.project_epics.epic_of(project)
        return self._linked(work_item=int(item_id)).values_list("issue_id", flat=True).first()

    def _linked(self, **what: object) -> QuerySet[Link]:
        """Live links on this site: a parent may be kept in step by another binding than its child."""
        connection = self.binding.connection
        return Link.objects.filter(
            binding__connection__workplace=connection.workplace_id,
            binding__connection__base_url=connection.base_url,
            **what,
        ).exclude(state=LinkState.ENDED)

    def parent_of(self, item: WorkItem) -> str | None:
        """The parent of an item as it compares: its own, else the project it lies in.

        An item that is an epic itself, or a sub-task, cannot lie below a project's epic.
        """
        if item.parent_id is not None:
            return self.canonical_parent(str(item.parent_id))
        if item.project_id is None or self.project_epics.epic_of(str(item.project_id)) is None:
            return None
        kind = self.fields.types.encode(item.type)
        is_plain = kind is not None and self.meta.level(kind) == 0
        return project_value(str(item.project_id)) if is_plain else None

    def workflow(self, kind: str) -> KnownWorkflow:
        """What is known of the workflow of an issue type."""
        if kind not in self._workflows:
            self._workflows[kind] = self.workflow_of(None, kind)
        return self._workflows[kind]

    def workflow_of(self, link: Link | None, kind: str) -> KnownWorkflow:
        """The same, for the walk of one link's issue."""
        names = {status.id: status.name for status in self.meta.statuses}
        return KnownWorkflow(self.binding, kind, client=lambda: self.client, names=names, link=link)

    def canonical_parent(self, item_id: str) -> str:
        """A parent here as it compares: foreign while Jira has no issue for it."""
        return item_id if self.parent_there(item_id) else only_here(item_id)

    @property
    def read_fields(self) -> tuple[str, ...]:
        """What is read of an issue to know all of it that is kept in step."""
        return read_fields(self.epics, self.fields)

    def token_of(self, issue: Issue) -> str | None:
        """The token an issue was born with, if we created it.

        Where a search tells no properties it is read of the issue alone, while any creation on
        the site is in doubt: an issue is listed only after its link was marked as sent, so
        without a doubt it is not one that we await.  Raises Unseen for an issue gone meanwhile.
        """
        told = token_of(issue)
        if told or self.dialect.search_tells_properties or not self._awaits_issues():
            return told
        return token_of(
            self.client.issues.get(issue.id, fields=("updated",), properties=(PROPERTY,))
        )

    def _awaits_issues(self) -> bool:
        base_url = self.binding.connection.base_url
        awaited = Link.objects.filter(binding__connection__base_url=base_url, issue_id=None)
        epics = Binding.objects.filter(connection__base_url=base_url, epic_issue_id="")
        return awaited.exclude(sent_at=None).exists() or epics.exclude(epic_sent_at=None).exists()


def statuses_of_team(mapping: Mapping[str, object], meta: ProjectMeta, team_id: int) -> ValueMap:
    """The statuses of a further team: as a person chose, else as they suggest themselves."""
    table = mapping.get(table_of_team(team_id))
    if table is not None:
        return value_map(table)
    rows = Status.objects.filter(team=team_id)
    return suggest_statuses([Choice(str(s.pk), s.name, s.stage) for s in rows], meta.statuses)


def _kinds(binding: Binding) -> Mapping[str, PropertyKind]:
    """The kinds of the properties in use, where the binding has any to do with."""
    is_asked = bool(binding.mapping.get("properties"))
    return kinds_in_use(binding.connection.workplace_id) if is_asked else {}


def members_to_match(binding: Binding) -> list[tuple[str, str, str]]:
    """The members of the binding's workplace as (id, e-mail, name)."""
    rows = Member.objects.filter(workplace=binding.team.workplace_id, left_at=None)
    return [(str(m.pk), m.user.email, m.user.name) for m in rows.select_related("user")]
