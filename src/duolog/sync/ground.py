"""What every run of a binding stands on: its field map, its client, and who is who."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from django.db import transaction

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
from duolog.sync.mapping import ProjectMeta, fields_from_json, fields_to_json, match_people
from duolog.sync.models import Binding, Link, LinkState
from duolog.sync.own_properties import kinds_in_use
from duolog.sync.workflows import KnownWorkflow
from duolog.workplace.actors import Actor
from duolog.workplace.models import Cause


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

    @cached_property
    def client(self) -> JiraClient:
        """The client of the binding's connection.  Raises Disconnected when it has stopped."""
        return client_for(self.binding.connection)

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

    def parent_here(self, issue_id: str) -> str:
        """The work item an issue is linked with in this binding."""
        item = (
            Link.objects.filter(binding=self.binding, issue_id=issue_id)
            .exclude(state=LinkState.ENDED)
            .values_list("work_item_id", flat=True)
            .first()
        )
        return only_there(issue_id) if item is None else str(item)

    def parent_of_key_here(self, issue_key: str) -> str:
        """The work item an issue is linked with, where Jira names the issue by its key."""
        item = (
            Link.objects.filter(binding=self.binding, issue_key=issue_key)
            .exclude(state=LinkState.ENDED)
            .values_list("work_item_id", flat=True)
            .first()
        )
        return only_there(issue_key) if item is None else str(item)

    def key_there(self, issue_id: str) -> str | None:
        """The key of a linked issue, as it was last seen."""
        return (
            Link.objects.filter(binding=self.binding, issue_id=issue_id)
            .values_list("issue_key", flat=True)
            .first()
        )

    def parent_there(self, item_id: str) -> str | None:
        """The issue a work item is linked with in this binding."""
        return (
            Link.objects.filter(binding=self.binding, work_item=int(item_id))
            .exclude(state=LinkState.ENDED)
            .values_list("issue_id", flat=True)
            .first()
        )

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
        return awaited.exclude(sent_at=None).exists()


def _kinds(binding: Binding) -> Mapping[str, PropertyKind]:
    """The kinds of the properties in use, where the binding has any to do with."""
    is_asked = bool(binding.mapping.get("properties"))
    return kinds_in_use(binding.connection.workplace_id) if is_asked else {}


def members_to_match(binding: Binding) -> list[tuple[str, str, str]]:
    """The members of the binding's workplace as (id, e-mail, name)."""
    rows = Member.objects.filter(workplace=binding.team.workplace_id, left_at=None)
    return [(str(m.pk), m.user.email, m.user.name) for m in rows.select_related("user")]
