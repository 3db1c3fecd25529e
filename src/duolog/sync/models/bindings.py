"""Bindings: which scope here is kept in step with which Jira project, by which rules; and runs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from duolog.connections.models import Connection
from duolog.core.lifecycle import OnDelete
from duolog.core.policy import ConflictPolicy
from duolog.people.models import Member
from duolog.workplace.models import Project, Team


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
    PREVIEW = "preview", "Waiting for approval"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class Binding(models.Model):
    """A team, or a project, tied to a Jira project.

    With `project` its items are kept in step, all below one epic of that Jira project, and `team`
    is where new issues from Jira go; without it, all items of `team` are.  The epic is created
    with `epic_token`, as an issue is with a link's.  `start` says what of the things here is kept
    in step, `start_jira` what of those in Jira.

    `field_rules` narrows the direction, by the name of a field: both, here_to_jira, jira_to_here
    or off.  `filter_here` limits the items by lists of types, labels and statuses; `jql` the
    issues, beside the Jira project.  `mapping` and `project_meta` hold the JSON of `sync.mapping.Mapping` and
    `sync.mapping.ProjectMeta`; `gaps` are the sentences of why the mapping is incomplete by it,
    `gaps_accepted` those with which a person left it as it is.  With `restricted_comments` those
    cross, too, that Jira shows to some readers only.  `cursor_at` is how far polling has seen
    Jira's `updated`.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="bindings")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="bindings"
    )
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="bindings")
    jira_project_id = models.CharField(max_length=40)
    jira_project_key = models.CharField(max_length=40)
    jira_project_name = models.CharField(max_length=160)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    start = models.CharField(max_length=12, choices=Start.choices, default=Start.EVERYTHING)
    start_jira = models.CharField(max_length=12, choices=Start.choices, default=Start.EVERYTHING)
    epic_issue_id = models.CharField(max_length=40, blank=True)
    epic_issue_key = models.CharField(max_length=60, blank=True)
    epic_token = models.CharField(max_length=40, blank=True)
    epic_sent_at = models.FloatField(null=True, blank=True)  # database clock, epoch seconds
    field_rules: models.JSONField = models.JSONField(default=dict, blank=True)
    filter_here: models.JSONField = models.JSONField(default=dict, blank=True)
    jql = models.TextField(blank=True)
    restricted_comments = models.BooleanField(default=False)
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
    gaps: models.JSONField = models.JSONField(default=list, blank=True)
    gaps_accepted: models.JSONField = models.JSONField(default=list, blank=True)
    trouble = models.TextField(blank=True)  # why looking at the project fails, in words
    cursor_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team"],
                condition=models.Q(project=None) & ~models.Q(state="ended"),
                name="one_binding_per_team",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=~models.Q(state="ended"),
                name="one_binding_per_project",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project or self.team} with {self.jira_project_key}"

    @property
    def is_two_way(self) -> bool:
        """Whether Jira's edits come here."""
        return self.direction == Direction.TWO_WAY


class RunKind(models.TextChoices):
    """What a long piece of work does for a binding."""

    SEND = "send", "Sending to Jira"
    FETCH = "fetch", "Fetching from Jira"
    SWEEP = "sweep", "Comparing both sides"
    UNDO = "undo", "Undoing a run"
    APPLY = "apply", "Carrying out what was approved"


class RunState(models.TextChoices):
    """How far a run is."""

    RUNNING = "running", "Running"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"


class Run(models.Model):
    """One long piece of work of a binding, with its counts; its cursor lies in the work row.

    `stages` counts by stage (epic, issues, comments, attachments, relations): done and total.
    A run of kind *undo* names the run that it undoes.
    """

    binding = models.ForeignKey(Binding, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=6, choices=RunKind.choices)
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.RUNNING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)  # sweep: links that had drifted
    drift: models.JSONField = models.JSONField(default=list, blank=True)  # sweep: what, by link
    stages: models.JSONField = models.JSONField(default=dict, blank=True)
    undoes = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="undoings"
    )
    started_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True)
    is_listed = models.BooleanField(default=False)  # send: all there was to send has its link
    started_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.binding}"
