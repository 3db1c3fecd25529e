"""Teams with their statuses, and projects."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from duolog.people.models import Member, Workplace


class Team(models.Model):
    """People who share a key prefix, statuses and work items."""

    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=80)
    key_prefix = models.CharField(max_length=10)
    last_number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    is_hidden = models.BooleanField(default=False)
    """Whether teams are turned off here and this one stands for all (ruling 21)."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workplace", "key_prefix"], name="one_team_per_prefix"),
            models.UniqueConstraint(
                fields=["workplace"], condition=models.Q(is_hidden=True), name="one_hidden_team"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """What people read: of a hidden team the workplace's name, never its own."""
        return self.workplace.name if self.is_hidden else self.name


class TeamMember(models.Model):
    """A member's place in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="team_memberships")
    is_admin = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "member"], name="once_in_a_team")
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.team}"


class Stage(models.TextChoices):
    """Where in the life of a work item a status stands."""

    DRAFT = "draft", "Draft"
    TO_DO = "to_do", "To do"
    IN_PROGRESS = "in_progress", "In progress"
    DONE = "done", "Done"
    CANCELED = "canceled", "Canceled"


class Status(models.Model):
    """One step of a team's own workflow."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="statuses")
    name = models.CharField(max_length=60)
    stage = models.CharField(max_length=12, choices=Stage.choices)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "name"], name="one_status_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class ProjectKind(models.TextChoices):
    """A solution is the same container under another name."""

    PROJECT = "project", "Project"
    SOLUTION = "solution", "Solution"


class ProjectState(models.TextChoices):
    """Whether a project is still being worked on."""

    PLANNED = "planned", "Planned"
    ACTIVE = "active", "Active"
    DONE = "done", "Done"
    CANCELED = "canceled", "Canceled"


class Project(models.Model):
    """A container of work items of any team."""

    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="projects")
    kind = models.CharField(max_length=8, choices=ProjectKind.choices, default=ProjectKind.PROJECT)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    state = models.CharField(
        max_length=8, choices=ProjectState.choices, default=ProjectState.ACTIVE
    )
    lead = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True)
    start_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    teams = models.ManyToManyField(Team, blank=True, related_name="projects")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
