"""Rotating the key that seals secrets: nothing is forgotten, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.apps import apps
from django.db import models
from django.utils import timezone
from helpers.builders import a_member, a_workplace

from duolog.api.models import RememberedAnswer
from duolog.app.settings import CONFIG
from duolog.cli.findings import Grade, look
from duolog.connections.models import Connection, OAuthApp, PendingSignIn
from duolog.connections.resealing import (
    Standing,
    count_standings,
    reseal_everything,
    sealed_columns,
)
from duolog.connections.seal import SealBroken, seal, unseal

pytestmark = [pytest.mark.database, pytest.mark.django_db]

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def sealed(settings: Any) -> dict[str, bytes]:
    """One secret in each sealed column, by the name of the column."""
    settings.ENCRYPTION_KEYS = (OLD,)
    member = a_member(a_workplace())
    connection = Connection.objects.create(
        workplace=member.workplace, label="Jira", base_url="https://x.atlassian.net",
        account_id="1", sealed_secret=seal("s"),
    )  # fmt: skip
    rows: dict[str, models.Model] = {
        "Connection": connection,
        "OAuthApp": OAuthApp.objects.create(
            workplace=member.workplace, client_id="c", sealed_client_secret=seal("s")
        ),
        "PendingSignIn": PendingSignIn.objects.create(
            member=member, state_hash="h", sealed_verifier=seal("s"), kind="personal",
            base_url="https://x.atlassian.net",
        ),
        "RememberedAnswer": RememberedAnswer.objects.create(
            member=member, key="k", fingerprint="f", claimed_at=timezone.now()
        ),
    }  # fmt: skip
    Authenticator.objects.create(
        user=member.user, type=Authenticator.Type.TOTP, data={"secret": seal("totp").decode()}
    )
    for column in _binary():
        row = rows[column.model.__name__]
        setattr(row, column.field, seal(str(column)))
        row.save()
    return {str(column): _value(column) for column in _binary()}


SECOND_FACTORS = 1
"""Beside the binary columns: one text in JSON."""


def _binary() -> list[Any]:
    return [column for column in sealed_columns() if column.field.startswith("sealed_")]


def _value(column: Any) -> bytes:
    return bytes(models.QuerySet(column.model).values_list(column.field, flat=True).get())


def test_every_binary_column_is_known_as_sealed() -> None:
    """What is binary with us is a secret; one of another name would be forgotten."""
    no_secret = {"SearchWord.word", "Delivery.digest"}
    known = {(column.model, column.field) for column in sealed_columns()}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.BinaryField):
                name = f"{model.__name__}.{field.name}"
                assert (model, field.name) in known or name in no_secret, name


def test_every_secret_is_sealed_anew_once(settings: Any, sealed: dict[str, bytes]) -> None:
    settings.ENCRYPTION_KEYS = (NEW, OLD)
    assert count_standings()[Standing.OLDER] == len(sealed) + SECOND_FACTORS
    assert sum(each.resealed for each in reseal_everything()) == len(sealed) + SECOND_FACTORS
    assert sum(each.resealed for each in reseal_everything()) == 0
    settings.ENCRYPTION_KEYS = (NEW,)
    assert count_standings() == {
        Standing.NEWEST: len(sealed) + SECOND_FACTORS, Standing.OLDER: 0, Standing.UNKNOWN: 0
    }  # fmt: skip
    for column in _binary():
        assert _value(column) != sealed[str(column)]
        assert unseal(_value(column)) == str(column)
    assert unseal(Authenticator.objects.get().data["secret"].encode()) == "totp"


def test_what_was_replaced_meanwhile_is_left_alone(settings: Any, sealed: dict[str, bytes]) -> None:
    """Read before, written after: the exchange is for the value that was read."""
    settings.ENCRYPTION_KEYS = (NEW, OLD)
    fresh = seal("renewed")
    Connection.objects.update(sealed_secret=fresh)
    reseal_everything()
    assert bytes(Connection.objects.get().sealed_secret) == fresh


def test_a_forgotten_secret_and_a_lost_key_stop_nothing(
    settings: Any, sealed: dict[str, bytes]
) -> None:
    Connection.objects.update(sealed_secret=b"", sealed_access_token=None)
    settings.ENCRYPTION_KEYS = (NEW,)
    done = reseal_everything()
    assert sum(each.resealed for each in done) == 0
    assert sum(each.unknown for each in done) == len(sealed) + SECOND_FACTORS - 2
    with pytest.raises(SealBroken):
        unseal(sealed["OAuthApp.sealed_client_secret"])


def test_the_doctor_tells_old_seals_and_lost_keys(settings: Any, sealed: dict[str, bytes]) -> None:
    def about_secrets() -> tuple[Grade, str]:
        [finding] = [each for each in look(CONFIG) if each.about == "secrets"]
        return finding.grade, finding.sentence + finding.todo

    assert about_secrets()[0] == Grade.OK
    settings.ENCRYPTION_KEYS = (NEW, OLD)
    grade, words = about_secrets()
    assert (grade, "duolog admin reseal" in words) == (Grade.WARNING, True)
    settings.ENCRYPTION_KEYS = (NEW,)
    grade, words = about_secrets()
    assert (grade, "DUOLOG_ENCRYPTION_KEYS" in words) == (Grade.WRONG, True)
