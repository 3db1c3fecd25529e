"""The mutable heart of the simulator: tables, counters, one lock, listeners.

Rules live beside it (issues, comments, transitions …); this module only keeps and finds.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from jirasim.clock import VirtualClock
from jirasim.site.agile_model import Board, Sprint
from jirasim.site.banner import Banner
from jirasim.site.credentials import Access, ApiToken
from jirasim.site.durations import USUAL, Measure
from jirasim.site.events import Event, Listener
from jirasim.site.feed import Feed, Mark, mark_of
from jirasim.site.fields import Field
from jirasim.site.grants import Group, PermissionScheme
from jirasim.site.hooks import AppWebhook, Webhook
from jirasim.site.index import Index
from jirasim.site.levels import SecurityLevel, SecurityScheme
from jirasim.site.limits import Limits
from jirasim.site.model import (
    Issue,
    IssueLink,
    IssueType,
    LinkType,
    Priority,
    Project,
    Resolution,
    Status,
    User,
)
from jirasim.site.outside import Task
from jirasim.site.parts import Component, Version
from jirasim.site.product import CLOUD, Product
from jirasim.site.project_details import ProjectCategory
from jirasim.site.ranks import Ranking
from jirasim.site.recent import Recent
from jirasim.site.saved import Filter

if TYPE_CHECKING:
    from jirasim.jql.hits import Hits


@dataclass(frozen=True, slots=True)
class Settings:
    """Switches that tests turn while the site runs."""

    index_lag_seconds: float = 0.0
    latency_ms: float = 0.0
    comment_add_moves_updated: bool = True
    comment_edit_moves_updated: bool = True
    comment_delete_moves_updated: bool = False
    upload_limit: float = 10_485_760
    search_limit: float = 1000
    basic_auth: bool = True
    personal_tokens: bool = True
    captcha_after: float = 3
    webhook_self_without_issue: bool = True
    webhook_link_style: bool = False
    webhook_user_parameters: bool = False
    webhooks_in_request: bool = False
    system_link_events: bool = True
    server_attachment_events: bool = True
    server_tells_of_children: bool = True
    server_changelog_on_create: bool = True
    anyone_registers_webhooks: bool = False
    linking: bool = True
    voting: bool = True
    watching: bool = True
    time_tracking: bool = True
    attachments: bool = True
    subtasks: bool = True
    autowatch: bool = True
    bulk_seconds: float = 0.0


@dataclass(slots=True)
class State:
    """Everything that survives a restart."""

    seed: int
    cloud_id: str
    product: Product = CLOUD
    time_zone: str = "Etc/UTC"
    title: str = "Jira"
    service_account: str = ""
    default_priority: str = "3"
    measure: Measure = USUAL
    users: dict[str, User] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    tokens: dict[str, ApiToken] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    access: Access = field(default_factory=Access)
    groups: dict[str, Group] = field(default_factory=dict)
    schemes: dict[str, PermissionScheme] = field(default_factory=dict)
    banner: Banner = field(default_factory=Banner)
    preferences: dict[str, dict[str, str]] = field(default_factory=dict)
    application_properties: dict[str, str] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    navigator_columns: tuple[str, ...] | None = None
    user_properties: dict[str, dict[str, object]] = field(default_factory=dict)
    statuses: dict[str, Status] = field(default_factory=dict)
    priorities: dict[str, Priority] = field(default_factory=dict)
    resolutions: dict[str, Resolution] = field(default_factory=dict)
    issue_types: dict[str, IssueType] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    components: dict[str, Component] = field(default_factory=dict)
    versions: dict[str, Version] = field(default_factory=dict)
    security_schemes: dict[str, SecurityScheme] = field(default_factory=dict)
    categories: dict[str, ProjectCategory] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    issue_ids: dict[str, str] = field(default_factory=dict)
    comment_homes: dict[str, str] = field(default_factory=dict)
    worklog_homes: dict[str, str] = field(default_factory=dict)
    deleted_worklogs: list[Mark] = field(default_factory=list)
    attachment_homes: dict[str, str] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    link_types: dict[str, LinkType] = field(default_factory=dict)
    links: dict[str, IssueLink] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    sprints: dict[str, Sprint] = field(default_factory=dict)
    app_webhooks: dict[str, AppWebhook] = field(default_factory=dict)
    filters: dict[str, Filter] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    limits: Limits = field(default_factory=Limits)


class Site:
    """One Jira site.  Read and write it only while holding `lock`.

    Listeners are called under the lock, right after the change they are told of: they must be
    quick and must not wait for another thread.
    """

    def __init__(
        self, state: State, clock: VirtualClock, *, base_url: str = "http://localhost"
    ) -> None:
        self.state = state
        self.clock = clock
        self.base_url = base_url
        self.lock = threading.RLock()
        self.index = Index(state.issues.values())
        issues = state.issues.values()
        self.worklogs = Feed(mark_of(one) for issue in issues for one in issue.worklogs)
        self.deleted_worklogs = Feed(state.deleted_worklogs)
        self._children: dict[str, dict[str, None]] = {}
        self._ties: dict[str, dict[str, IssueLink]] = {}
        self._sprinters: dict[str, dict[str, None]] = {}
        self.ranking = Ranking((one.rank, one.id) for one in issues)
        self._listeners: list[Listener] = []
        self._bulk_mail: bool | None = None
        self.secured: set[str] = set()
        self.mails: list[dict[str, str]] = []
        self.searches: Recent[Hits] = Recent()
        self.revision = 0
        for issue in state.issues.values():
            self._adopt(issue)
        for link in state.links.values():
            self.tie(link)

    def subscribe(self, listener: Listener) -> None:
        """Tell `listener` of every change from now on."""
        self._listeners.append(listener)

    def publish(self, event: Event) -> None:
        """Tell all listeners, in the order in which they subscribed."""
        event = replace(event, bulk_mail=self._bulk_mail)
        for listener in self._listeners:
            listener(event)

    @contextmanager
    def in_bulk(self, *, mail: bool) -> Iterator[None]:
        """What is published meanwhile is part of one bulk change, with mail or without."""
        self._bulk_mail = mail
        try:
            yield
        finally:
            self._bulk_mail = None

    def now(self) -> datetime:
        """The instant on the simulator's clock, aware UTC."""
        return self.clock()

    def next_id(self, kind: str, *, first: int = 10000) -> str:
        """A fresh numeric id of this kind, as a string."""
        number = self.state.counters.get(kind, first - 1) + 1
        self.state.counters[kind] = number
        return str(number)

    def store(self, issue: Issue) -> None:
        """Keep this version of the issue, and let the search index know in its own time."""
        before = self.state.issues.get(issue.id)
        if before is not None:
            self._disown(before)
        self.state.issues[issue.id] = issue
        self.state.issue_ids[issue.key.upper()] = issue.id
        self._adopt(issue)
        self.ranking.move(issue.id, before.rank if before is not None else None, issue.rank)
        self.revision += 1
        self.index.put(issue.id, issue, now=self.now(), lag=self.state.settings.index_lag_seconds)

    def remove(self, issue: Issue) -> None:
        """Forget the issue and its keys."""
        self._disown(issue)
        self.ranking.move(issue.id, issue.rank, None)
        del self.state.issues[issue.id]
        for key in [key for key, owner in self.state.issue_ids.items() if owner == issue.id]:
            del self.state.issue_ids[key]
        self.revision += 1
        self.index.put(issue.id, None, now=self.now(), lag=self.state.settings.index_lag_seconds)

    def find_issue(self, id_or_key: str) -> Issue | None:
        """By id, or by any key it ever had, in any case."""
        found = self.state.issues.get(id_or_key)
        if found is None:
            found = self.state.issues.get(self.state.issue_ids.get(id_or_key.upper(), ""))
        return found

    @property
    def product(self) -> Product:
        """Which Jira this is."""
        return self.state.product

    def find_login(self, name: str) -> User | None:
        """By the login name of Server, in any case; a deleted user has none."""
        wanted = name.casefold()
        living = (one for one in self.state.users.values() if not one.deleted)
        return next((one for one in living if one.name == wanted), None)

    def members_of(self, group: str) -> tuple[User, ...]:
        """The accounts in a group, by name, active or not; the group's name in any case."""
        wanted = group.casefold()
        users = self.state.users.values()
        found = [one for one in users if wanted in map(str.casefold, one.groups)]
        return tuple(sorted(found, key=lambda user: user.display_name))

    def find_group(self, name_or_id: str) -> Group | None:
        """By id, or by name in any case."""
        wanted = name_or_id.casefold()
        groups = self.state.groups.values()
        return next((one for one in groups if wanted in {one.id, one.name.casefold()}), None)

    def find_project(self, id_or_key: str) -> Project | None:
        """By id, key or a key that it had; the key in any case."""
        found = self.state.projects.get(id_or_key)
        if found is not None:
            return found
        wanted = id_or_key.upper()
        projects = self.state.projects.values()
        found = next((one for one in projects if one.key == wanted), None)
        if found is not None:
            return found
        return next((one for one in projects if wanted in one.details.former_keys), None)

    def children(self, issue: Issue) -> tuple[Issue, ...]:
        """The issues whose parent is this one, oldest first."""
        return tuple(self.state.issues[child] for child in self._children.get(issue.id, ()))

    def subtasks(self, issue: Issue) -> tuple[Issue, ...]:
        """Those children that are sub-tasks."""
        types = self.state.issue_types
        return tuple(child for child in self.children(issue) if types[child.type_id].subtask)

    def in_sprint(self, sprint_id: str) -> tuple[str, ...]:
        """The ids of the issues that are or were in the sprint."""
        return tuple(self._sprinters.get(sprint_id, ()))

    def tie(self, link: IssueLink) -> None:
        """Keep a link, at both of its issues."""
        self.state.links[link.id] = link
        for issue_id in (link.source, link.target):
            self._ties.setdefault(issue_id, {})[link.id] = link
        self.revision += 1

    def untie(self, link: IssueLink) -> None:
        """Forget a link."""
        del self.state.links[link.id]
        for issue_id in (link.source, link.target):
            del self._ties[issue_id][link.id]
        self.revision += 1

    def links(self, issue: Issue) -> tuple[IssueLink, ...]:
        """The links from and to the issue, oldest first."""
        return tuple(self._ties.get(issue.id, {}).values())

    def people(self) -> Iterable[User]:
        """The accounts of persons, in the order of the seed."""
        return (self.state.users[account_id] for account_id in self.state.people)

    def security_level(self, level_id: str) -> SecurityLevel | None:
        """By id, in whatever scheme it is."""
        schemes = self.state.security_schemes.values()
        levels = (level for scheme in schemes for level in scheme.levels)
        return next((one for one in levels if one.id == level_id), None)

    def _adopt(self, issue: Issue) -> None:
        if issue.security_id is not None:
            self.secured.add(issue.id)
        if issue.parent_id is not None:
            self._children.setdefault(issue.parent_id, {})[issue.id] = None
        for sprint_id in issue.sprints:
            self._sprinters.setdefault(sprint_id, {})[issue.id] = None

    def _disown(self, issue: Issue) -> None:
        self.secured.discard(issue.id)
        if issue.parent_id is not None:
            self._children.get(issue.parent_id, {}).pop(issue.id, None)
        for sprint_id in issue.sprints:
            self._sprinters.get(sprint_id, {}).pop(issue.id, None)
