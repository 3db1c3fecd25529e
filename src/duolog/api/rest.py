"""The REST API v1, put together.  `api.urls` is mounted at /api/v1/."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest
from ninja.parser import Parser

from duolog.api import problems
from duolog.api.callers import Bearer, Session, checked
from duolog.api.openapi import DuologApi
from duolog.api.v1 import (
    attachments,
    audit,
    bindings,
    comments,
    connections,
    deletions,
    inbox,
    journal,
    links,
    me,
    notices,
    oauth_app,
    own_worklogs,
    people,
    previews,
    projects,
    properties,
    relation_kinds,
    relations,
    team_members,
    teams,
    timer,
    tokens,
    webhooks,
    work_items,
    worklogs,
    workplace,
)
from duolog.people.text import is_storable

DESCRIPTION: Final = """Work items, their teams and projects, and how they are kept in step with Jira.

Every call is about the workplace of the member whose token it carries. Times are ISO 8601 in UTC,
ids are strings. Lists answer `{"items": […], "next_cursor": …}`; give the cursor back as `cursor`.
Refusals are `application/problem+json`."""


class StrictParser(Parser):
    """JSON without characters that the databases cannot hold, wherever they stand."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body; the framework answers 400 where this raises."""
        return json.loads(request.body, object_pairs_hook=_checked, parse_constant=_refuse)


def _checked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for name, value in pairs:
        if not is_storable(name) or (isinstance(value, str) and not is_storable(value)):
            raise ValueError(f"{name} holds a character that cannot be stored")
    return dict(pairs)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


api: Final = DuologApi(
    title="Duolog",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    urls_namespace="api",
    auth=[Bearer(), Session()],
    parser=StrictParser(),
)
problems.register(api)
api.add_decorator(checked, mode="operation")
for _resource in (
    me,
    workplace,
    teams,
    team_members,
    projects,
    work_items,
    properties,
    comments,
    worklogs,
    attachments,
    relations,
    relation_kinds,
    people,
    audit,
    tokens,
    notices,
    connections,
    oauth_app,
    webhooks,
    bindings,
    previews,
    links,
    journal,
    deletions,
    inbox,
    own_worklogs,
    timer,
):
    api.add_router("", _resource.router)
