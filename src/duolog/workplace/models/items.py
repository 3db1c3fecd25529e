"""Work items and what hangs on them: sets of names, comments, activity, search words."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from duolog.people.models import Member
from duolog.people.versions import version_of
from duolog.workplace.models.teams import Project, Status, Team


class WorkItemType(models.TextChoices):
    """What sort of work an item is."""

    TASK = "task", "Task"
    BUG = "bug", "Bug"
    STORY = "story", "Story"
    FEATURE = "feature", "Feature"
    EPIC = "epic", "Epic"
    SUB_TASK = "sub_task", "Sub-task"


class Priority(models.TextChoices):
    """How pressing an item is."""

    URGENT = "urgent", "Urgent"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"
    NONE = "none", "None"


class WorkItem(models.Model):
    """Our unit of work.

    `version` counts every change of anything that is kept in step: the item's fields and
    properties, its labels, components and fix versions, and its comments.  An item in the trash
    keeps its row, with `deleted_at`.  `remaining_seconds` is what is left of the estimate.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="work_items")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=24)
    title = models.CharField(max_length=1000)
    description = models.TextField(blank=True)
    type = models.CharField(max_length=12, choices=WorkItemType.choices, default=WorkItemType.TASK)
    status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="work_items")
    priority = models.CharField(max_length=8, choices=Priority.choices, default=Priority.NONE)
    assignee = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="assigned_items"
    )
    reporter = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="reported_items"
    )
    due_on = models.DateField(null=True, blank=True)
    start_on = models.DateField(null=True, blank=True)
    estimate_seconds = models.PositiveIntegerField(null=True, blank=True)
    remaining_seconds = models.PositiveIntegerField(null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="work_items"
    )
    rank = models.FloatField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "number"], name="one_item_per_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["team", "status", "rank"], name="items_of_a_board"),
            models.Index(fields=["team", "updated_at"], name="items_by_change"),
            models.Index(fields=["key"], name="items_by_key"),
            models.Index(
                fields=["deleted_at"],
                condition=models.Q(deleted_at__isnull=False),
                name="items_in_the_trash",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class FormerKey(models.Model):
    """A key that an item had in a team it was moved out of.

    It leads to the item for good, and is its own again when it comes back: a team gives no number
    twice.
    """

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="former_keys")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="former_keys")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=24)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "number"], name="a_former_key_once")
        ]
        indexes: ClassVar = [models.Index(fields=["key"], name="items_by_former_key")]

    def __str__(self) -> str:
        return self.key


class Label(models.Model):
    """One label of one work item."""

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(max_length=255)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work_item", "name"], name="a_label_once")
        ]

    def __str__(self) -> str:
        return self.name


class Component(models.Model):
    """One part of the whole that a work item concerns, by its name."""

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="components")
    name = models.CharField(max_length=255)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work_item", "name"], name="a_component_once")
        ]

    def __str__(self) -> str:
        return self.name


class FixVersion(models.Model):
    """One release that a work item is to be part of, by its name."""

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="fix_versions")
    name = models.CharField(max_length=255)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work_item", "name"], name="a_fix_version_once")
        ]

    def __str__(self) -> str:
        return self.name


class Comment(models.Model):
    """What somebody said; `author` is empty where the author is no member, then a name stands in."""

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True)
    author_name = models.CharField(max_length=160, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replies"
    )
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.author_name or self.author}: {self.body[:40]}"

    @property
    def version(self) -> str:
        """What names its text: another one after each edit."""
        return version_of(self.body)


class Cause(models.TextChoices):
    """By what way a change came."""

    PERSON = "person", "In Duolog"
    API = "api", "By the API"
    SYNC = "sync", "From Jira"


class Activity(models.Model):
    """Who changed what of a work item, when, and by which cause.

    `before` and `after` are what a person reads (names, not ids).
    """

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="activity")
    actor = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True)
    actor_name = models.CharField(max_length=160, blank=True)
    cause = models.CharField(max_length=8, choices=Cause.choices, default=Cause.PERSON)
    verb = models.CharField(max_length=20)  # created, changed, commented, deleted, restored …
    field = models.CharField(max_length=80, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        verbose_name_plural = "activity"

    def __str__(self) -> str:
        return f"{self.verb} {self.field}"


class SearchWord(models.Model):
    """One distinct case-folded word of an item's key, title, description and comments.

    Held as UTF-8 bytes: a prefix is then one range of the index on both databases, whatever the
    collation of the one or the LIKE of the other.
    """

    work_item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="search_words")
    word = models.BinaryField(max_length=160)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["word", "work_item"], name="find_by_word")]

    def __str__(self) -> str:
        return bytes(self.word).decode()
