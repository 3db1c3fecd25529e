"""Links: one work item and one issue, what both held when last in step, and their children."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models

from duolog.sync.models.bindings import Binding
from duolog.workplace.models import WorkItem

READERS_MAX: Final = 120


class LinkState(models.TextChoices):
    """How a link stands; whether it is *due* is read from its work row."""

    CREATING = "creating", "Sending"
    IN_STEP = "in_step", "In step"
    HELD = "held", "Needs you"
    CONFLICT = "conflict", "Conflict"
    DIFFERS = "differs", "Differs"
    ENDED = "ended", "Ended"


class Link(models.Model):
    """One work item and one issue.

    `token` is written into the issue at its creation, so that a lost answer is found again;
    `sent` is the snapshot that was sent with it.  `issue_stamp` is the `updated` of the issue when
    it was last read whole: a delivery or poll that names the same stamp tells nothing new.
    `differences` lists the slots that one side may not take over, for people.
    `looks_wanted` counts the reasons to read Jira again, `looks_done` how many of them were met.
    `trail` lists the statuses of a walk of ours through Jira's workflow, kept before its first
    step: an issue found in one of them was brought there by us.
    A link that ended keeps its row, so that a deleted item is not created again.  One that was
    `left_out` was not approved in a preview; it may lack either end, and can be taken in later.
    `moved_from` is the link by which a moved item followed an issue of another space before.
    """

    binding = models.ForeignKey(Binding, on_delete=models.CASCADE, related_name="links")
    work_item = models.ForeignKey(
        WorkItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="links"
    )
    issue_id = models.CharField(max_length=40, null=True, blank=True)
    issue_key = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=LinkState.choices, default=LinkState.IN_STEP)
    reason = models.TextField(blank=True)
    differences: models.JSONField = models.JSONField(default=list, blank=True)
    token = models.CharField(max_length=40, unique=True)
    sent: models.JSONField = models.JSONField(null=True, blank=True)
    sent_at = models.FloatField(null=True, blank=True)  # database clock, epoch seconds
    item_version = models.PositiveIntegerField(default=0)
    issue_stamp = models.CharField(max_length=40, blank=True)
    looks_wanted = models.PositiveIntegerField(default=0)
    looks_done = models.PositiveIntegerField(default=0)
    trail: models.JSONField = models.JSONField(default=list, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    left_out = models.BooleanField(default=False)
    moved_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["binding", "issue_id"], name="an_issue_is_linked_once"),
            models.UniqueConstraint(
                fields=["work_item"],
                condition=~models.Q(state="ended"),
                name="an_item_is_linked_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["issue_id"], name="links_by_issue"),
            models.Index(fields=["binding", "state"], name="links_by_state"),
            models.Index(fields=["binding", "synced_at"], name="links_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.work_item_id} with {self.issue_key or 'a new issue'}"


class ChildState(models.TextChoices):
    """How a child link stands."""

    CREATING = "creating", "Creating"
    LINKED = "linked", "Linked"
    ENDED = "ended", "Ended"


class ChildLink(models.Model):
    """A comment, file or worklog here and the same in Jira; its id is the key of its slot.

    `born_here` says on which side it was written first; `stamp` is Jira's `updated` as last seen;
    `tried_at` when its creation in Jira was last attempted, and `sent` with what, where it may be
    edited before that is recorded; a comment's is then forgotten.  `label` is what a file is called by the side that had it first:
    the value of its slot, on both sides and for good.  `readers` says whom Jira shows a comment to,
    where that is not everybody who sees the issue.
    """

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="children")
    kind = models.CharField(max_length=12, default="comment")
    local_id = models.BigIntegerField(null=True, blank=True)
    remote_id = models.CharField(max_length=40, null=True, blank=True)
    state = models.CharField(max_length=8, choices=ChildState.choices, default=ChildState.LINKED)
    token = models.CharField(max_length=40, blank=True)
    born_here = models.BooleanField(default=False)
    stamp = models.CharField(max_length=40, blank=True)
    tried_at = models.FloatField(null=True, blank=True)  # database clock, epoch seconds
    label = models.CharField(max_length=300, blank=True)
    sent = models.TextField(blank=True)
    readers = models.CharField(max_length=READERS_MAX, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["link", "kind", "local_id"], name="child_here_once"),
            models.UniqueConstraint(fields=["link", "kind", "remote_id"], name="child_there_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.local_id} with {self.remote_id}"


class OutsideLink(models.Model):
    """A link of the issue to one that stands for nothing here, or in a way that does not.

    Shown with the work item, as Jira words it; a relation once the other issue is linked too.
    """

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="outside_links")
    issue_id = models.CharField(max_length=40)
    issue_key = models.CharField(max_length=60)
    words = models.CharField(max_length=255)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["issue_id"], name="outside_links_by_issue")]

    def __str__(self) -> str:
        return f"{self.words} {self.issue_key}"


class RelationTrial(models.Model):
    """A relation that is being put into Jira, as one end of it tells it: its slot's key.

    Kept at both ends before Jira is called: what Jira then holds of it is ours, and nothing new.
    `tried_at` is when the link of this end tried it, None where only the other end's did.
    """

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="relation_trials")
    key = models.CharField(max_length=255)
    tried_at = models.FloatField(null=True, blank=True)  # database clock, epoch seconds

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["link", "key"], name="one_trial_per_relation")
        ]

    def __str__(self) -> str:
        return self.key


class BaseSlot(models.Model):
    """What both sides of a link held in one slot when they were last in step (JSON values)."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="base_slots")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=255)
    local: models.JSONField = models.JSONField(null=True)
    remote: models.JSONField = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["link", "kind", "key"], name="one_base_per_slot")
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"
