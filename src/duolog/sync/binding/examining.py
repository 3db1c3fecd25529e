"""Has the link doctor look at a binding, stored or only proposed, by its project as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from duolog.connections.services import client_for
from duolog.core.errors import SyncError
from duolog.people.models import Member
from duolog.people.rights import Right, require
from duolog.sync.basis.scopes import items_of
from duolog.sync.basis.screen_fields import screen_fields
from duolog.sync.binding.proposal import Proposal, read_meta
from duolog.sync.binding.renewal import keep_meta
from duolog.sync.doctor import Case, Finding, could_not_look, examine
from duolog.sync.doctor.gaps import case_of
from duolog.sync.models import Binding, BindingState, Direction


def check_binding(by: Member, binding: Binding) -> tuple[Finding, ...]:
    """What stands in the way of a binding.  Asks Jira; changes nothing but what is known of it."""
    require(by, Right.BIND, team=binding.team)
    return _examined(binding)


def examine_every_binding() -> Iterator[tuple[Binding, tuple[Finding, ...]]]:
    """The same for all active bindings, for whoever runs the server."""
    rows = Binding.objects.filter(state=BindingState.ACTIVE).order_by("pk")
    for binding in rows.select_related("connection__workplace", "team__workplace", "project"):
        yield binding, _examined(binding)


def _examined(binding: Binding) -> tuple[Finding, ...]:
    try:
        meta = read_meta(client_for(binding.connection), binding.jira_project_id)
    except SyncError as error:
        return (could_not_look("connection", error),)
    if binding.pk:
        keep_meta(binding, meta)
    return examine(case_of(binding, meta))


def with_findings(proposal: Proposal, binding: Binding) -> Proposal:
    """A proposal with what stands in its way; `binding` is the one that would be made."""
    binding.jira_project_id = proposal.project_id
    binding.jira_project_key = proposal.project_key
    binding.direction = Direction.TWO_WAY
    case = Case(binding, proposal.meta, proposal.fields, items_of(binding))
    findings = examine(case)
    met = [step for it in case.workflows.values() for way in it.exits().values() for step in way]
    return replace(proposal, findings=findings, screens=screen_fields(met))
