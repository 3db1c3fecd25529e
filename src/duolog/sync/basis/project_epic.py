"""The one epic that stands for a project or solution in its space: made once, watched for ever.

The order never changes: keep the intention with a token, create with the token inside, and on any
doubt look for the token before anything is created again.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Final

from django.db import transaction

from duolog.core.errors import AnswerLost, Refused, Retryable, SyncError, Unseen
from duolog.core.fields import FieldMap
from duolog.jira import jql
from duolog.jira.client import NewIssue, Query
from duolog.jira.texts import texts_for
from duolog.jira.tokens import PROPERTY, marked
from duolog.jira.wire import CreatedIssue, Issue, Json
from duolog.sync.basis.ground import Ground, new_token
from duolog.sync.basis.scopes import Space, project_value
from duolog.sync.basis.seeing import pause_in_words, stop_if_hidden
from duolog.sync.mapping import ProjectMeta
from duolog.sync.marks import FETCH, SEND, ask_to_look, mark_binding
from duolog.sync.models import BaseSlot, Binding, BindingState, LinkState, Run, RunKind, RunState
from duolog.work.clock import now
from duolog.work.queue import Job, LeaseLost, finish

SEARCH_LAG: Final = 120.0
"""Seconds after which Jira's search shows an issue that was created."""
LOOK_AGAIN: Final = 5.0
LONGEST_SUMMARY: Final = 255


def make_epic(job: Job) -> None:
    """Have the project's epic, then have its items sent.  Raises SyncError."""
    binding = (
        Binding.objects.select_related("connection__workplace", "team__workplace", "project")
        .filter(pk=int(job.key), state=BindingState.ACTIVE)
        .exclude(project=None)
        .first()
    )
    wait = None if binding is None else _ensure(Ground(binding))
    with transaction.atomic():
        if binding is not None and wait is None:
            _go_on(binding)
        if not finish(job, again_in=wait):
            raise LeaseLost


def _ensure(ground: Ground) -> float | None:
    """None once the epic is there; else the seconds to wait for what may still show up."""
    binding = ground.binding
    if binding.epic_issue_id:
        if _is_there(ground):
            return None
        _forget(binding)
    if binding.epic_sent_at is not None:
        found = _find(ground)
        if found is not None:
            _keep(binding, found.id, found.key)
            return None
        if now() - binding.epic_sent_at < SEARCH_LAG:
            return LOOK_AGAIN
    _create(ground)
    return None


def _is_there(ground: Ground) -> bool:
    """Whether the epic known is still in Jira.  Raises Refused where we may not know."""
    try:
        epic = ground.client.issues.get(ground.binding.epic_issue_id, fields=("summary",))
    except Unseen:
        if stop_if_hidden(ground):
            raise Retryable(f"{ground.binding.jira_project_key} is hidden from us.") from None
        return False
    if epic.key != ground.binding.epic_issue_key:
        _keep(ground.binding, epic.id, epic.key)
    return True


def _forget(binding: Binding) -> None:
    """The epic was deleted in Jira: another one takes its place, under a token of its own."""
    binding.epic_issue_id, binding.epic_issue_key = "", ""
    binding.epic_token, binding.epic_sent_at = new_token(), None
    binding.save(update_fields=["epic_issue_id", "epic_issue_key", "epic_token", "epic_sent_at"])


def _keep(binding: Binding, issue_id: str, key: str) -> None:
    binding.epic_issue_id, binding.epic_issue_key = issue_id, key
    binding.save(update_fields=["epic_issue_id", "epic_issue_key"])


def _find(ground: Ground) -> Issue | None:
    """The issue that bears the token, among those created since it was sent, by Jira's clock."""
    binding = ground.binding
    span = timedelta(seconds=now() - (binding.epic_sent_at or 0.0)) + timedelta(minutes=5)
    query = jql.created_within(binding.jira_project_id, span)
    found = ground.client.search.each(Query(query, fields=("updated",), properties=(PROPERTY,)))
    for issue in found:
        with contextlib.suppress(Unseen):  # gone already, so nobody's
            if ground.token_of(issue) == binding.epic_token:
                return issue
    return None


def _create(ground: Ground) -> None:
    binding = ground.binding
    new = epic_of(ground)
    binding.epic_token = binding.epic_token or new_token()
    binding.epic_sent_at = now()
    binding.save(update_fields=["epic_token", "epic_sent_at"])
    try:
        made = _made(ground, new)
    except AnswerLost:
        raise
    except SyncError:
        Binding.objects.filter(pk=binding.pk).update(epic_sent_at=None)
        raise
    _keep(binding, made.id, made.key)


def _made(ground: Ground, new: NewIssue) -> CreatedIssue:
    (outcome,) = ground.client.issues.create_many([new])
    if isinstance(outcome, CreatedIssue):
        return outcome
    raise outcome


def epic_of(ground: Ground) -> NewIssue:
    """The epic to be created for the project.  Raises Refused where the space knows no epics."""
    binding, project = ground.binding, ground.binding.project
    kind = epic_kind(ground)
    name = (project.name if project else "").strip()[:LONGEST_SUMMARY]
    fields: dict[str, Json] = {
        "project": {"id": binding.jira_project_id},
        "issuetype": {"id": kind},
        "summary": name,
    }
    if ground.epics.name:
        fields[ground.epics.name] = name
    if project is not None and project.description.strip():
        text = texts_for(ground.dialect.deployment).there(project.description, None)
        if "description" in ground.meta.screens.get(kind, ("description",)):
            fields["description"] = text
    binding.epic_token = binding.epic_token or new_token()
    return NewIssue(fields, properties=tuple(marked(binding.epic_token).items()))


def epic_kind(ground: Ground) -> str:
    """The type of issue that an epic is in this space.  Raises Refused where there is none."""
    return kind_of_epics(ground.meta, ground.fields, ground.binding.jira_project_key)


def kind_of_epics(meta: ProjectMeta, fields: FieldMap, project_key: str) -> str:
    """The same, for a space that nothing is bound to yet."""
    mapped = fields.types.encode("epic")
    if mapped in meta.epics.kinds:
        return str(mapped)
    kinds = [choice.id for choice in meta.types if choice.id in meta.epics.kinds]
    if not kinds:
        raise Refused(
            f"{project_key} has no issue type that stands above others.",
            hint="Choose a space with epics, or ask a Jira admin to add the type Epic to it.",
        )
    return kinds[0]


def _go_on(binding: Binding) -> None:
    """The epic is there: send what belongs below it, and let what is linked already move there."""
    runs = Run.objects.filter(binding=binding, state=RunState.RUNNING)
    kinds = set(runs.values_list("kind", flat=True))
    if RunKind.FETCH in kinds:
        mark_binding(FETCH, binding)
    elif RunKind.SEND in kinds:
        mark_binding(SEND, binding)
    elsewhere = Space.of(binding).links().filter(work_item__project=binding.project_id)
    ask_to_look(elsewhere.exclude(state=LinkState.CREATING).values_list("pk", flat=True))


def let_go_of_epic(binding: Binding) -> None:
    """The project is bound no more: what other bindings keep below its epic stays there, as it is.

    For them the epic stands for nothing from now on, on either side.
    """
    if not binding.epic_issue_id:
        return
    value = project_value(str(binding.project_id))
    bases = BaseSlot.objects.filter(link__in=Space.of(binding).links(), kind="field", key="parent")
    bases.filter(local=value).update(local=None)
    bases.filter(remote=value).update(remote=None)


def stands_for_a_project(ground: Ground, issue: Issue, token: str | None) -> bool:
    """Whether an issue is a project's epic: then it is no work item, whoever comes upon it.

    So is the epic of a binding that has ended, for as long as its row is kept.
    """
    site = Binding.objects.exclude(project=None).filter(
        connection__base_url=ground.binding.connection.base_url
    )
    return (
        site.filter(epic_issue_id=issue.id).exists()
        or site.filter(epic_token=token or "-", epic_issue_id="").exists()
    )


def must_have_its_epic(ground: Ground, project_id: str) -> None:
    """An item leaves a project because its issue left the epic: is the epic there at all?

    Where it was deleted, nobody took anything out: the binding stops, and says so.  Raises
    Retryable.
    """
    for binding in Space.of(ground.binding).bindings().filter(project=int(project_id)):
        if binding.epic_issue_id and not _is_there(Ground(binding)):
            words = (
                f"{binding.epic_issue_key}, the epic of {binding.project}, was deleted in Jira. "
                "Nothing was changed here. Resume to have a new epic with all items below it, or "
                "unlink the project."
            )
            pause_in_words(binding, words)
            raise Retryable(words)


__all__ = [
    "epic_kind",
    "epic_of",
    "kind_of_epics",
    "let_go_of_epic",
    "make_epic",
    "must_have_its_epic",
    "stands_for_a_project",
]
