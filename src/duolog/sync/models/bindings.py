"""Bindings: which scope here is kept in step with which Jira project, by which rules; and runs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from duolog.connections.models import Connection
from duolog.core.lifecycle import OnDelete
from duolog.core.policy import ConflictPolicy
from duolog.people.models import Member
from duolog.workplace.models import Team


class Direction(models.TextChoices):
    """Which way writes may go."""

    ONE_WAY = "one_way", "One way: here to Jira"
    TWO_WAY = "two_way", "Two way"


class Start(models.TextChoices):
    """What of the things that exist already is kept in step."""

    EVERYTHING = "everything", "Everything"
    FROM_NOW_ON = "from_now_on", "Only what changes from now on"


class BindingState(models.TextChoices):
    """Whether a binding works."""

    ACTIVE = "active", "In step"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class Binding(models.Model):
    """A team tied to a Jira project.

    `mapping` and `project_meta` hold the JSON of `sync.mapping.Mapping` and
    `sync.mapping.ProjectMeta`.  `cursor_at` is how far polling has seen Jira's `updated`.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="bindings")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="bindings")
    jira_project_id = models.CharField(max_length=40)
    jira_project_key = models.CharField(max_length=40)
    jira_project_name = models.CharField(max_length=160)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    start = models.CharField(max_length=12, choices=Start.choices, default=Start.EVERYTHING)
    on_delete_here = models.CharField(
        max_length=8, choices=[(o.value, o.value) for o in OnDelete], default=OnDelete.ASK.value
    )
    on_delete_jira = models.CharField(
        max_length=8, choices=[(o.value, o.value) for o in OnDelete], default=OnDelete.ASK.value
    )
    conflict_policy = models.CharField(
        max_length=12,
        choices=[(p.value, p.value) for p in ConflictPolicy],
        default=ConflictPolicy.ASK.value,
    )
    state = models.CharField(
        max_length=8, choices=BindingState.choices, default=BindingState.ACTIVE
    )
    mapping: models.JSONField = models.JSONField(default=dict)
    project_meta: models.JSONField = models.JSONField(default=dict)
    meta_fetched_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True)  # why looking at the project fails, in words
    cursor_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team"], condition=~models.Q(state="ended"), name="one_binding_per_team"
            )
        ]

    def __str__(self) -> str:
        return f"{self.team} with {self.jira_project_key}"

    @property
    def is_two_way(self) -> bool:
        """Whether Jira's edits come here."""
        return self.direction == Direction.TWO_WAY


class RunKind(models.TextChoices):
    """What a long piece of work does for a binding."""

    SEND = "send", "Sending to Jira"
    FETCH = "fetch", "Fetching from Jira"
    SWEEP = "sweep", "Comparing both sides"


class RunState(models.TextChoices):
    """How far a run is."""

    RUNNING = "running", "Running"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"


class Run(models.Model):
    """One long piece of work of a binding, with its counts; its cursor lies in the work row."""

    binding = models.ForeignKey(Binding, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=6, choices=RunKind.choices)
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.RUNNING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)  # sweep: links that had drifted
    is_listed = models.BooleanField(default=False)  # send: all there was to send has its link
    started_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.binding}"
