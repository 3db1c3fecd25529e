"""What the API remembers of creations, so that a repeated request creates nothing twice."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from duolog.people.models import Member


class RememberedAnswer(models.Model):
    """The answer to one `Idempotency-Key` of one member.

    `fingerprint` tells the request from others with the same key; `sealed_body` is None while
    the first request is still under way, since `claimed_at`.  Answers are sealed because some
    hold a secret that is told only once.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    sealed_body = models.BinaryField(null=True)
    claimed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "key"], name="one_answer_per_key")
        ]

    def __str__(self) -> str:
        return self.key
