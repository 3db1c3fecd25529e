"""What the link doctor looks at, and what it says.  Values only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.db.models import QuerySet

from duolog.connections.services import client_for
from duolog.connections.standing import path_to
from duolog.core.fields import FieldMap
from duolog.jira.client import JiraClient
from duolog.jira.dialect import DIALECTS, Dialect
from duolog.sync.basis.scopes import page_of
from duolog.sync.basis.workflows import KnownWorkflow
from duolog.sync.mapping import ProjectMeta
from duolog.sync.models import Binding
from duolog.workplace.models import WorkItem, WorkItemType


class Severity(StrEnum):
    """How much a finding matters, the worst first."""

    BLOCKS = "blocks"
    WARNS = "warns"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what is so, and the fix, with the page where that is done.

    `about` names the check; `link` is an address in Jira, or a path of ours.
    """

    about: str
    severity: Severity
    sentence: str
    fix: str = ""
    link: str = ""


@dataclass(frozen=True)
class Case:
    """A binding to be examined, stored or only proposed, and the project as it is now.

    `items` are the work items that it is about.
    """

    binding: Binding
    meta: ProjectMeta
    fields: FieldMap
    items: QuerySet[WorkItem]

    @cached_property
    def client(self) -> JiraClient:
        """The client of the binding's connection.  Raises Disconnected when it has stopped."""
        return client_for(self.binding.connection)

    @cached_property
    def dialect(self) -> Dialect:
        """How this Jira is spoken to."""
        return DIALECTS[self.binding.connection.deployment]

    @property
    def key(self) -> str:
        """The key of the Jira project."""
        return self.binding.jira_project_key

    @cached_property
    def kinds(self) -> Sequence[str]:
        """The issue types that items become which are there already, or the usual one."""
        used = list(self.items.order_by().values_list("type", flat=True).distinct())
        found = [self.fields.types.encode(kind) for kind in used or [WorkItemType.TASK.value]]
        return tuple(dict.fromkeys(kind for kind in found if kind))

    def kind_name(self, kind: str) -> str:
        """What an issue type is called."""
        return next((it.name for it in self.meta.types if it.id == kind), f"type {kind}")

    @cached_property
    def workflows(self) -> Mapping[str, KnownWorkflow]:
        """What is known of the workflows of those types."""
        names = {status.id: status.name for status in self.meta.statuses}
        return {
            kind: KnownWorkflow(self.binding, kind, client=lambda: self.client, names=names)
            for kind in self.kinds
        }

    @property
    def mapping_page(self) -> str:
        """Where the mapping is corrected: further down the page that proposes it, or on its own."""
        if not self.binding.pk:
            return "#m-head"
        return f"{page_of(self.binding)}/mapping"

    @property
    def connection_page(self) -> str:
        """Where the connection is looked after."""
        return path_to(self.binding.connection)

    @property
    def permissions_page(self) -> str:
        """Where a Jira admin sees who may do what in the project."""
        base = self.binding.connection.base_url.rstrip("/")
        return f"{base}/plugins/servlet/project-config/{self.key}/permissions"


Findings = Iterator[Finding]


def fine(about: str, sentence: str) -> Finding:
    """Nothing is wrong here."""
    return Finding(about, Severity.FINE, sentence)


def either(names: Sequence[str]) -> str:
    """Names of which any one is meant."""
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def listed(names: Sequence[str], *, most: int = 6) -> str:
    """Names in a sentence; of many, the first few."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
