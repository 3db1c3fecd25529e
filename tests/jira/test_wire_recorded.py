"""The wire shapes against recorded answers of Cloud sites."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from duolog.jira.wire import Issue, ServerInfo, User, read

# Recorded before Cloud's accounts lost their names, and with times rendered for people.
OUTDATED = frozenset({"go-jira__issues_in_sprint.json", "jira-to-matrix__issue-rendered.json"})


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within a JSON value."""
    inner: list[Any] = value if isinstance(value, list) else []
    if isinstance(value, dict):
        yield value
        inner = list(value.values())
    for part in inner:
        yield from parts(part)


def kinds_of(part: dict[str, Any]) -> Iterator[type[Any]]:
    if {"id", "key", "fields"} <= set(part) and isinstance(part["fields"], dict):
        yield Issue
    if "accountId" in part:
        yield User
    if "deploymentType" in part:
        yield ServerInfo


@pytest.mark.parametrize("kind", [Issue, User, ServerInfo])
def test_what_cloud_sites_were_recorded_to_say_is_understood(
    shared_jira: Path, kind: type[Any]
) -> None:
    files = sorted((shared_jira / "responses" / "cloud").glob("*.json"))
    found = [
        part
        for file in files
        if file.name not in OUTDATED
        for part in parts(json.loads(file.read_bytes()))
        if kind in kinds_of(part)
    ]
    assert found
    for part in found:
        read(kind, part)
