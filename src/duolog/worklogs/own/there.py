"""A person's worklog as Jira holds it, and the words in which we keep it.  Asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from duolog.connections.models import Connection
from duolog.core import markup
from duolog.core.worklogs import Spent, render_instant
from duolog.jira.client.worklogs import WorklogParts
from duolog.jira.dialect import DIALECTS
from duolog.jira.stamps import stamp
from duolog.jira.texts import Texts, texts_for
from duolog.jira.tokens import PROPERTY
from duolog.jira.wire import Json, Sendable, Worklog
from duolog.worklogs.models import OwnWorklog

SPENT: Final = ("started", "seconds", "comment")


@dataclass(frozen=True, slots=True)
class There:
    """What Jira holds.  `body` is the comment as it is kept there, `updated` Jira's own stamp.

    `visibility` says to whom it is restricted, `properties` what others attached to it.
    """

    jira_id: str
    spent: Spent
    body: Json
    updated: str
    visibility: Json = None
    properties: Mapping[str, Json] | None = None

    def render(self) -> dict[str, Any]:
        """As JSON of our own."""
        return {
            **render_spent(self.spent),
            "jira_id": self.jira_id,
            "body": self.body,
            "updated": self.updated,
            "visibility": self.visibility,
            "properties": dict(self.properties or {}),
        }

    @property
    def parts(self) -> WorklogParts:
        """All of it as Jira takes it: the comment to the letter."""
        return WorklogParts(self.spent.started, self.spent.seconds, self.body, self.visibility)


def read_there(worklog: Worklog, connection: Connection) -> There:
    """What Jira's answer says."""
    return There(
        jira_id=worklog.id,
        spent=Spent(worklog.started, worklog.time_spent_seconds, _markdown(connection, worklog)),
        body=worklog.comment,
        updated=stamp(worklog),
        visibility=visibility_of(worklog),
        properties={it.key: it.value for it in worklog.properties if it.key != PROPERTY},
    )


def visibility_of(worklog: Worklog) -> Json:
    """To whom it is restricted, as Jira says and takes it."""
    restricted = worklog.visibility
    return None if restricted is None else restricted.model_dump(exclude_none=True)


def parse_there(kept: Mapping[str, Any]) -> There:
    """What `There.render` wrote."""
    return There(
        jira_id=str(kept["jira_id"]),
        spent=parse_kept(kept),
        body=kept["body"],
        updated=str(kept["updated"]),
        visibility=kept["visibility"],
        properties=kept["properties"],
    )


def render_spent(spent: Spent) -> dict[str, Any]:
    """What a worklog says, as JSON."""
    return {
        "started": render_instant(spent.started),
        "seconds": spent.seconds,
        "comment": spent.comment,
    }


def parse_kept(kept: Mapping[str, Any]) -> Spent:
    """What `render_spent` wrote."""
    return Spent(
        datetime.fromisoformat(str(kept["started"])), int(kept["seconds"]), str(kept["comment"])
    )


def spent_of(row: OwnWorklog) -> Spent:
    """What a row of ours says: what Jira holds, or what is to be there."""
    return Spent(row.started_at, row.seconds, row.comment)


def same_text(one: str, other: str) -> bool:
    """Whether two comments say the same, however they are put."""
    return one == other or markup.normalise(one) == markup.normalise(other)


def body_of(connection: Connection, text: str, previous: Json) -> Sendable:
    """A comment as Jira takes it; what did not change stays as it is in the previous one.

    An empty one is said by an empty document or text: Jira keeps what is not said.
    """
    return cast("Sendable", texts_of(connection).there(text, previous))


def texts_of(connection: Connection) -> Texts:
    """How the site keeps text."""
    return texts_for(DIALECTS[connection.deployment].deployment)


def _markdown(connection: Connection, worklog: Worklog) -> str:
    return texts_of(connection).here(worklog.comment).strip()
