"""How services get the rows they change: only those the actor may reach, locked.  Writes nothing.

On PostgreSQL the lock is that of the row; on SQLite a writing transaction is alone anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, QuerySet

from duolog.people.errors import NotFound
from duolog.people.models import Workplace
from duolog.people.rights import Right
from duolog.workplace.actors import Actor
from duolog.workplace.models import (
    Attachment,
    Comment,
    Project,
    Property,
    Relation,
    RelationKind,
    Status,
    Team,
    WebLink,
    WorkItem,
)

Row = TypeVar("Row", bound=Model)


def reachable(rows: QuerySet[Row], actor: Actor, workplace: str) -> QuerySet[Row]:
    """Only rows of the actor's workplace, whose id `workplace` leads to; for sync, all."""
    if actor.member is None:
        return rows
    return rows.filter(**{workplace: actor.member.workplace_id})


def lock_team(team_id: int, actor: Actor, right: Right = Right.MANAGE_TEAM) -> Team:
    """The team, for this transaction alone, or `NotFound`, or `Forbidden`."""
    teams = reachable(Team.objects.select_for_update(no_key=True), actor, "workplace_id")
    team = teams.filter(pk=team_id).first()
    if team is None:
        raise NotFound("There is no such team.")
    actor.must(right, team=team)
    return team


def lock_status(status_id: int, actor: Actor) -> Status:
    """The status, with its team locked."""
    statuses = reachable(Status.objects.all(), actor, "team__workplace_id")
    status = statuses.filter(pk=status_id).first()
    if status is None:
        raise NotFound("There is no such status.")
    status.team = lock_team(status.team_id, actor)
    return status


def lock_project(project_id: int, actor: Actor) -> Project:
    """The project, archived or not."""
    actor.must(Right.MANAGE_PROJECTS)
    projects = reachable(Project.objects.select_for_update(no_key=True), actor, "workplace_id")
    project = projects.filter(pk=project_id).first()
    if project is None:
        raise NotFound("There is no such project.")
    return project


def lock_property(property_id: int, actor: Actor, *, archived: bool = False) -> Property:
    """The property with its workplace, archived or not as asked."""
    actor.must(Right.MANAGE_PROPERTIES)
    properties = reachable(
        Property.objects.select_for_update(no_key=True, of=("self",)).select_related("workplace"),
        actor,
        "workplace_id",
    )
    row = properties.filter(pk=property_id, archived_at__isnull=not archived).first()
    if row is None:
        raise NotFound("There is no such property.")
    Workplace.objects.select_for_update(no_key=True).get(pk=row.workplace_id)
    return row


def lock_item(
    item_id: int,
    actor: Actor,
    right: Right = Right.EDIT_ITEMS,
    *,
    in_trash: bool = False,
) -> WorkItem:
    """The work item, out of the trash or in it as asked."""
    return lock_items([item_id], actor, right, in_trash=in_trash)[0]


def lock_items(
    item_ids: Iterable[int],
    actor: Actor,
    right: Right = Right.EDIT_ITEMS,
    *,
    in_trash: bool = False,
) -> tuple[WorkItem, ...]:
    """All of the work items, locked in one order so that two bulk edits cannot deadlock."""
    wanted = set(item_ids)
    items = WorkItem.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "team__workplace", "status", "assignee__user", "reporter__user", "parent", "project"
    )
    found = reachable(items, actor, "team__workplace_id").filter(
        pk__in=wanted, deleted_at__isnull=not in_trash
    )
    rows = tuple(found.order_by("pk"))
    if len(rows) < len(wanted):
        raise NotFound("There is no such work item, or it is in the trash.")
    for team in {row.team for row in rows}:
        actor.must(right, team=team)
    return rows


def lock_comment(comment_id: int, actor: Actor) -> Comment:
    """The comment, unless deleted, with its work item locked."""
    comments = Comment.objects.select_related("author__user").filter(deleted_at=None)
    comment = (
        reachable(comments, actor, "work_item__team__workplace_id").filter(pk=comment_id).first()
    )
    if comment is None:
        raise NotFound("There is no such comment.")
    comment.work_item = lock_item(comment.work_item_id, actor, Right.COMMENT)
    return comment


def lock_attachment(attachment_id: int, actor: Actor, *, in_trash: bool = False) -> Attachment:
    """The attachment, deleted or not as asked, with its work item locked."""
    attachments = reachable(Attachment.objects.all(), actor, "work_item__team__workplace_id")
    item_id = _item_of(attachments, attachment_id)
    item = lock_item(item_id, actor) if item_id else None
    attachment = attachments.filter(pk=attachment_id, deleted_at__isnull=not in_trash).first()
    if item is None or attachment is None:
        raise NotFound("There is no such attachment.")
    attachment.work_item = item
    return attachment


def lock_web_link(web_link_id: int, actor: Actor) -> WebLink:
    """The web link, with its work item locked."""
    links = reachable(WebLink.objects.all(), actor, "work_item__team__workplace_id")
    item_id = _item_of(links, web_link_id)
    item = lock_item(item_id, actor) if item_id else None
    link = links.filter(pk=web_link_id).first()
    if item is None or link is None:
        raise NotFound("There is no such web link.")
    link.work_item = item
    return link


def lock_relation(relation_id: int, actor: Actor) -> Relation:
    """The relation, with both of its items locked."""
    rows = Relation.objects.select_related("kind")
    relations = reachable(rows, actor, "from_item__team__workplace_id")
    ends = relations.filter(pk=relation_id).values_list("from_item_id", "to_item_id").first()
    items = {item.pk: item for item in lock_items(ends or (), actor)}
    relation = relations.filter(pk=relation_id).first()
    if relation is None:
        raise NotFound("There is no such relation.")
    relation.from_item, relation.to_item = items[relation.from_item_id], items[relation.to_item_id]
    return relation


def lock_relation_kind(kind_id: int, actor: Actor) -> RelationKind:
    """The kind of relation that a workplace added."""
    actor.must(Right.MANAGE_PEOPLE)
    kinds = RelationKind.objects.select_for_update(of=("self",)).select_related("workplace")
    kind = reachable(kinds, actor, "workplace_id").filter(pk=kind_id).first()
    if kind is None:
        raise NotFound("There is no such kind of relation.")
    return kind


def _item_of(rows: QuerySet[Row], pk: int) -> int | None:
    return rows.filter(pk=pk).values_list("work_item_id", flat=True).first()
