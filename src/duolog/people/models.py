"""Users, workplaces and who belongs to them.  No rules here: see services and rights."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Users(BaseUserManager["User"]):
    """Makes users whose e-mail is their name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who signs in with this e-mail, in lower case."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in, whatever workplaces they belong to.

    `zone` names the zone of the clocks they live by, as in the IANA database; empty until chosen.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name or self.email


class Workplace(models.Model):
    """The outermost boundary: nothing joins across workplaces."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=40, unique=True)
    admins_need_second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do in a workplace; each role includes the ones after it."""

    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    MEMBER = "member", "Member"
    GUEST = "guest", "Guest"


class Member(models.Model):
    """A user in a workplace, with a role."""

    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workplace", "user"], name="one_membership")
        ]

    def __str__(self) -> str:
        return self.user.name

    @property
    def name(self) -> str:
        """The name shown to others."""
        return self.user.name


class Invitation(models.Model):
    """An open offer to join, reached by a link whose secret is hashed at rest."""

    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, on_delete=models.CASCADE, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.email


class Scope(models.TextChoices):
    """What an API token may do."""

    READ = "read", "Read"
    WRITE = "write", "Read and write"


class ApiToken(models.Model):
    """A member's key to the REST API: shown once, hashed at rest."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=5, choices=Scope.choices, default=Scope.WRITE)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One administrative act: who did what to which thing."""

    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="audit")
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"


class SentForm(models.Model):
    """What a member asked for under a number, as a form bears one from its opening; kept for a day.

    `said` is a digest of what was asked, `made` the name of what came of it, where that is not
    known by the number itself.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    number = models.UUIDField()
    said = models.CharField(max_length=64)
    made = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "number"], name="a_form_is_sent_once")
        ]

    def __str__(self) -> str:
        return self.made


class CacheEntry(models.Model):
    """What Django's cache keeps for all processes: attempts to sign in, one-time codes used.

    Nothing is kept here alone; the columns are those of Django's database cache.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key
