"""A worklog brought to another issue: in one step where Jira can, else made there and deleted here.

Made there first, so that it is never lost; if it cannot be deleted here then, what was made there
is taken back, so that it is never double.  Each step is stored before the next.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from duolog.core.errors import Refused, Unseen
from duolog.core.worklogs import MINUTE
from duolog.jira.client.worklogs import WorklogParts
from duolog.worklogs.models import JiraIssue
from duolog.worklogs.own.carrying import (
    Errand,
    Explained,
    Vanished,
    create,
    look,
    must_stand,
    remove,
)
from duolog.worklogs.own.intents import parse_estimate
from duolog.worklogs.own.there import There, parse_there

DELETE_OWN: Final = "DELETE_OWN_WORKLOGS"
DELETE_ALL: Final = "DELETE_ALL_WORKLOGS"
MAY_NOT: Final = "You may not delete your worklogs on {key}, so this one cannot leave it."
MAY_NOT_HINT: Final = "Ask a Jira admin for the permission Delete Own Worklogs."
UNEVEN: Final = "It lasts no whole minutes, which Jira does not take anew."
UNEVEN_HINT: Final = "Round its time first, then move it."


def carry_move(errand: Errand, target: JiraIssue) -> There:
    """The worklog on its new issue, and nowhere else."""
    copied = errand.write.progress.get("copied")
    if copied is None:
        arrived = _move_natively(errand, target)
        if arrived is not None:
            return arrived
        copied = _copy(errand, target)
    return _leave(errand, target, copied)


def _move_natively(errand: Errand, target: JiraIssue) -> There | None:
    """By Jira's own move, id and all; None where there is none, or it is not for this account."""
    row, progress = errand.write.worklog, errand.write.progress
    if not errand.knows_tokens or progress.get("native") == "refused":
        return None
    if errand.write.tried_at is not None:
        arrived = _find(errand, target.issue_id, row.jira_id)
        if arrived is not None:
            return arrived
        errand.must_be_over()
    else:
        must_stand(errand.write, look(errand, row.issue.issue_id, row.jira_id))
    estimate = parse_estimate(errand.write.estimate)
    move = partial(
        errand.client.worklogs.move,
        row.issue.issue_id,
        row.jira_id,
        target.issue_id,
        estimate=estimate,
    )
    try:
        errand.send(move)
    except Refused:
        errand.note(native="refused")
        return None
    return look(errand, target.issue_id, row.jira_id)


def _copy(errand: Errand, target: JiraIssue) -> dict[str, Any]:
    """Make it there as it is here, to the letter; what was made and from what is stored."""
    row = errand.write.worklog
    if errand.write.tried_at is None:
        here = look(errand, row.issue.issue_id, row.jira_id)
        must_stand(errand.write, here)
        _must_be_movable(errand, here)
        errand.note(original=here.render())
    here = parse_there(errand.write.progress["original"])
    made = create(errand, target.issue_id, here.parts, properties=here.properties)
    copied = {"made": made.jira_id, "from": here.render()}
    errand.note(copied=copied)
    errand.settle()
    return copied


def _leave(errand: Errand, target: JiraIssue, copied: dict[str, Any]) -> There:
    """Delete it here, once what is there says the same; else take back what was made there."""
    row, made = errand.write.worklog, str(copied["made"])
    issue = row.issue.issue_id
    try:
        here = look(errand, issue, row.jira_id)
    except Vanished:
        return look(errand, target.issue_id, made)
    if here.updated != parse_there(copied["from"]).updated:
        _bring_up_to_date(errand, target, made, here)
    errand.insist()
    try:
        remove(errand, issue, row.jira_id)
    except Refused:
        _take_back(errand, target, made)
        raise
    return look(errand, target.issue_id, made)


def _bring_up_to_date(errand: Errand, target: JiraIssue, made: str, here: There) -> None:
    """It was changed here after it was made there, in a pause that a crash left."""
    parts = here.parts
    empty: Any = {"type": "doc", "version": 1, "content": []} if errand.knows_tokens else ""
    said = WorklogParts(parts.started, parts.seconds, parts.comment or empty, parts.visibility)
    errand.client.worklogs.edit(target.issue_id, made, said, notify=errand.write.notify)
    errand.note(copied={"made": made, "from": here.render()})


def _take_back(errand: Errand, target: JiraIssue, made: str) -> None:
    remove(errand, target.issue_id, made)
    progress = {k: v for k, v in errand.write.progress.items() if k != "copied"}
    errand.write.progress = progress
    errand.write.save(update_fields=["progress"])


def _must_be_movable(errand: Errand, here: There) -> None:
    """Raise Refused where making it there and deleting it here would surely end half-way."""
    if here.spent.seconds % MINUTE:
        raise Explained(UNEVEN, hint=UNEVEN_HINT)
    issue = errand.write.worklog.issue
    asked = (DELETE_OWN, DELETE_ALL)
    held = errand.client.site.permissions(asked, project_key=issue.project_key).permissions
    if not any(held[name].have_permission for name in asked):
        raise Explained(MAY_NOT.format(key=issue.key), hint=MAY_NOT_HINT)


def _find(errand: Errand, issue: str, jira_id: str) -> There | None:
    try:
        return errand.read(errand.client.worklogs.get(issue, jira_id, with_properties=True))
    except Unseen:
        return None
