"""Which items belong to which binding: a team's, a project's, and what its filter takes.

An item has one home: its team's binding if there is one, else its project's (ruling 16).  What is
linked stays linked where it is, whatever is bound later, until the item itself is moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from duolog.connections.models import Connection
from duolog.core.directions import Directions, SlotDirection
from duolog.core.values import BOTH, Side
from duolog.sync.models import Binding, BindingState, Direction, Link, LinkState, Start
from duolog.workplace.models import Activity, Project, Team, WorkItem


@dataclass(frozen=True, slots=True)
class FilterHere:
    """Which items of the scope are sent: any of the types, any of the labels, any of the statuses.

    An empty list asks for nothing.  Statuses are named by their ids.
    """

    types: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> FilterHere:
        """What `to_json` wrote."""
        return cls(*(_texts(value.get(name)) for name in ("types", "labels", "statuses")))

    def to_json(self) -> dict[str, list[str]]:
        """For the binding's row and the API; empty where nothing is asked for."""
        lists = {"types": self.types, "labels": self.labels, "statuses": self.statuses}
        return {name: list(values) for name, values in lists.items() if values}

    def taken(self, items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
        """Those of the items that it lets through."""
        if self.types:
            items = items.filter(type__in=self.types)
        if self.statuses:
            items = items.filter(status__in=[int(it) for it in self.statuses])
        if self.labels:
            items = items.filter(
                pk__in=WorkItem.objects.filter(labels__name__in=self.labels).values("pk")
            )
        return items


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(it) for it in value) if isinstance(value, list) else ()


def directions_of(binding: Binding) -> Directions:
    """Which way each slot of a binding goes."""
    rules = {name: SlotDirection(value) for name, value in binding.field_rules.items()}
    return Directions(rules, BOTH if binding.is_two_way else frozenset({Side.REMOTE}))


def page_of(binding: Binding) -> str:
    """Where a person sees how a binding stands; its mapping lies below."""
    place = f"/w/{binding.team.workplace.slug}"
    if binding.project_id is not None:
        return f"{place}/projects/{binding.project_id}/jira"
    return f"{place}/teams/{binding.team.key_prefix}/jira"


def live_bindings() -> QuerySet[Binding]:
    """The bindings that have not ended, paused ones included, with what a run needs of them."""
    return Binding.objects.select_related(
        "connection__workplace", "team__workplace", "project", "created_by"
    ).exclude(state=BindingState.ENDED)


def binding_of_team(team: Team | int) -> Binding | None:
    """The binding of a team that has not ended."""
    return live_bindings().filter(team=team, project=None).first()


def binding_of_project(project: Project | int) -> Binding | None:
    """The binding of a project or solution that has not ended."""
    return live_bindings().filter(project=project).first()


def home_of(item: WorkItem) -> Binding | None:
    """The binding that an item without a link is sent by; None where nothing is bound."""
    home = binding_of_team(item.team_id)
    if home is None and item.project_id is not None:
        home = binding_of_project(item.project_id)
    return home


def covers(binding: Binding, item: WorkItem) -> bool:
    """Whether the item lies in the scope of the binding, its filter aside."""
    if binding.project_id is not None:
        return item.project_id == binding.project_id
    return item.team_id == binding.team_id


def covered(binding: Binding) -> QuerySet[WorkItem]:
    """The items in the scope of the binding, its filter aside, those in the trash included."""
    if binding.project_id is not None:
        return WorkItem.objects.filter(project=binding.project_id)
    return WorkItem.objects.filter(team=binding.team_id)


def takes(binding: Binding, item: WorkItem) -> bool:
    """Whether the binding's filter lets the item through."""
    return _filtered(binding, item).exists()


def sends(binding: Binding, item: WorkItem) -> bool:
    """Whether an item of the scope that has no link is to get an issue by now."""
    return begun_with(binding, _filtered(binding, item)).exists()


def _filtered(binding: Binding, item: WorkItem) -> QuerySet[WorkItem]:
    return FilterHere.from_json(binding.filter_here).taken(WorkItem.objects.filter(pk=item.pk))


def items_of(binding: Binding) -> QuerySet[WorkItem]:
    """The items that are to be sent by a binding, linked already or not."""
    alive = WorkItem.objects.filter(deleted_at=None)
    if binding.project_id is None:
        scope = alive.filter(team=binding.team_id)
    else:
        scope = alive.filter(project=binding.project_id).exclude(team__in=_teams_bound())
    return FilterHere.from_json(binding.filter_here).taken(scope)


def teams_of(binding: Binding) -> list[Team]:
    """The teams that take part, the one that gets new issues first.

    In a project's binding that is every team whose items it sends or has linked.
    """
    if binding.project_id is None:
        return [binding.team]
    linked = Link.objects.filter(binding_id=binding.pk).exclude(state=LinkState.ENDED)
    takes_part = Q(pk__in=items_of(binding).values("team")) | Q(
        pk__in=linked.values("work_item__team")
    )
    others = Team.objects.filter(takes_part).exclude(pk=binding.team_id)
    return [binding.team, *others.order_by("name", "pk")]


def links_within(binding: Binding) -> QuerySet[Link]:
    """The live links of what is bound: of a project also those made by a team's binding.

    Such an item lies below the project's epic like the others.
    """
    live = Link.objects.exclude(state=LinkState.ENDED)
    if binding.project_id is None:
        return live.filter(binding=binding)
    in_space = Space.of(binding).bindings().values("pk")
    here = Q(work_item__project=binding.project_id, binding__in=in_space)
    return live.filter(Q(binding=binding) | here)


def count_by_teams(binding: Binding) -> int:
    """How many items of a project its teams' bindings keep in step with the same space."""
    return links_within(binding).exclude(binding=binding).count()


def begun_with(binding: Binding, items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """Those of the items that the binding begins with, and those that changed since it was made.

    A mark alone is no change: one may have waited since before the binding.
    """
    if binding.start != Start.FROM_NOW_ON:
        return items
    since = binding.created_at
    told = Activity.objects.filter(at__gt=since, work_item__in=items.values("pk"))
    return items.filter(Q(updated_at__gt=since) | Q(pk__in=told.values("work_item")))


def _teams_bound() -> QuerySet[Binding, int]:
    bound = Binding.objects.filter(project=None).exclude(state=BindingState.ENDED)
    return bound.values_list("team_id", flat=True)


def outside(link: Link) -> str:
    """Why a live link is no longer of its binding's scope, in words; empty where it is.

    Such a link goes on: only a person ends it.
    """
    item, binding = link.work_item, link.binding
    if item is None or link.state == LinkState.ENDED:
        return ""
    if not covers(binding, item):
        scope = binding.project or binding.team
        return f"{item.key} is no longer in {scope}, with which it was linked; it stays linked."
    if not takes(binding, item):
        return f"{item.key} is not among the items that are sent by now; it stays linked."
    return ""


@dataclass(frozen=True, slots=True)
class Space:
    """A Jira project on one site, as a workplace reaches it."""

    workplace_id: int
    base_url: str
    project_id: str

    @classmethod
    def of(cls, binding: Binding) -> Space:
        """The space of a binding."""
        return cls.at(binding.connection, binding.jira_project_id)

    @classmethod
    def at(cls, connection: Connection, project_id: str) -> Space:
        """The space with this id, over a connection."""
        return cls(connection.workplace_id, connection.base_url, project_id)

    def ended_links(self) -> QuerySet[Link]:
        """The links that have ended, of any binding to it that there was."""
        return Link.objects.select_related("binding__connection").filter(
            binding__connection__workplace=self.workplace_id,
            binding__connection__base_url=self.base_url,
            binding__jira_project_id=self.project_id,
            state=LinkState.ENDED,
        )

    def all_bindings(self) -> QuerySet[Binding]:
        """The bindings to it that there ever were."""
        return self._among(Binding.objects.all())

    def bindings(self) -> QuerySet[Binding]:
        """The bindings to it that have not ended."""
        return self._among(live_bindings())

    def _among(self, bindings: QuerySet[Binding]) -> QuerySet[Binding]:
        return bindings.filter(
            connection__workplace=self.workplace_id,
            connection__base_url=self.base_url,
            jira_project_id=self.project_id,
        )

    def links(self) -> QuerySet[Link]:
        """The links of all these bindings that have not ended."""
        bindings = self.bindings().values("pk")
        return Link.objects.filter(binding__in=bindings).exclude(state=LinkState.ENDED)


_PROJECT: Final = "project:"


def project_value(project_id: str) -> str:
    """A project as the parent of an item: the epic that stands for it lies above the issue."""
    return _PROJECT + project_id


def project_in(value: str) -> str | None:
    """The id of the project that a parent's value names, or None for an ordinary parent."""
    return value.removeprefix(_PROJECT) if value.startswith(_PROJECT) else None


@dataclass(frozen=True, slots=True)
class ProjectEpics:
    """The epics that stand for projects in one space: (issue id, key, project id or None).

    The epic of a project that is bound no more stands for nothing, and is no work item either.
    """

    rows: tuple[tuple[str, str, str | None], ...] = ()

    @classmethod
    def of(cls, space: Space) -> ProjectEpics:
        """All that were ever made there and are known."""
        bound = space.all_bindings().exclude(epic_issue_id="")
        found: dict[str, tuple[str, str, str | None]] = {}
        for issue, key, project, state in bound.order_by("pk").values_list(
            "epic_issue_id", "epic_issue_key", "project", "state"
        ):
            lives = state != BindingState.ENDED
            if lives or issue not in found:
                found[issue] = (issue, key, str(project) if lives else None)
        return cls(tuple(found.values()))

    def knows(self, issue_id: str) -> bool:
        """Whether the issue stands for a project, or once did."""
        return any(issue == issue_id for issue, _, _ in self.rows)

    def project_of(self, issue_id: str) -> str | None:
        """The project below which its children lie, as a parent's value."""
        ids = (project for issue, _, project in self.rows if issue == issue_id and project)
        return next(map(project_value, ids), None)

    def epic_of(self, project_id: str) -> str | None:
        """The issue that stands for a project."""
        return next((issue for issue, _, project in self.rows if project == project_id), None)

    def key_of(self, issue_id: str) -> str | None:
        """The key of an epic, as it was last seen."""
        return next((key for issue, key, _ in self.rows if issue == issue_id), None)

    def id_of_key(self, issue_key: str) -> str | None:
        """The id of the epic with this key."""
        return next((issue for issue, key, _ in self.rows if key == issue_key), None)


def takes_newcomers(binding: Binding) -> bool:
    """Whether new issues of the space come here by this binding.

    Where a team is kept in step with the whole space, they come by the team's binding, also those
    below a project's epic: so an issue is never taken in twice.
    """
    if not binding.is_two_way:
        return False
    if binding.project_id is None:
        return True
    of_teams = Space.of(binding).bindings().filter(project=None, direction=Direction.TWO_WAY)
    return not of_teams.exists()


def parted_beside(binding: Binding) -> QuerySet[Link]:
    """The links of other bindings of the site that ended while this one was there.

    Item and issue go on alone, or the item was deleted: the issue does not come here again.
    """
    connection = binding.connection
    ended = Link.objects.filter(
        binding__connection__workplace=connection.workplace_id,
        binding__connection__base_url=connection.base_url,
        state=LinkState.ENDED,
        left_out=False,
    ).exclude(binding=binding)
    at_work = ~Q(binding__state=BindingState.ENDED)
    return ended.filter(at_work | Q(ended_at__gt=binding.created_at))


def known_issues(binding: Binding) -> Iterable[str]:
    """The issues that are no newcomers to a binding: linked by it, or by others, or epics."""
    connection = binding.connection
    site = {
        "connection__workplace": connection.workplace_id,
        "connection__base_url": connection.base_url,
    }
    ours = Binding.objects.filter(**site)
    live = Link.objects.filter(binding__in=ours.values("pk")).exclude(state=LinkState.ENDED)
    known = live.union(Link.objects.filter(binding=binding), parted_beside(binding))
    linked = known.values_list("issue_id", flat=True)
    yield from (str(it) for it in linked if it)
    yield from ours.exclude(epic_issue_id="").values_list("epic_issue_id", flat=True)


def living_elsewhere(project: Project, space: Space) -> list[WorkItem]:
    """The items of a project that are kept in step with another space, or are to be."""
    alive = WorkItem.objects.filter(project=project, deleted_at=None)
    linked = Link.objects.exclude(state=LinkState.ENDED)
    there = linked.filter(binding__in=space.bindings().values("pk")).values("work_item")
    teams_there = space.bindings().filter(project=None).values("team")
    apart = alive.filter(links__in=linked).exclude(pk__in=there)
    coming = alive.filter(team__in=_teams_bound()).exclude(team__in=teams_there)
    coming = coming.exclude(pk__in=there)
    return list((apart | coming).distinct().order_by("pk").select_related("team"))


def named(items: Iterable[WorkItem], *, most: int = 20) -> str:
    """The keys of items in one sentence's worth."""
    keys = [item.key for item in items]
    shown = ", ".join(keys[:most])
    return shown if len(keys) <= most else f"{shown} and {len(keys) - most} more"
