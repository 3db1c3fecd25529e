"""What a mapping lacks by what the Jira project offers, in sentences.  Reads only, asks Jira nothing."""

from __future__ import annotations

from typing import Final

from duolog.people.models import Workplace
from duolog.sync.basis.own_properties import kinds_in_use
from duolog.sync.basis.scopes import items_of, live_bindings
from duolog.sync.doctor import Case, Finding, Severity
from duolog.sync.doctor.values import check_incoming, check_required, check_statuses, check_types
from duolog.sync.mapping import ProjectMeta, fields_from_json
from duolog.sync.models import Binding

_CHECKS: Final = (check_types, check_required, check_statuses, check_incoming)


def case_of(binding: Binding, meta: ProjectMeta) -> Case:
    """A binding and the project as it is, for the checks of the link doctor."""
    kinds = kinds_in_use(binding.connection.workplace_id)
    return Case(binding, meta, fields_from_json(binding.mapping, meta, kinds), items_of(binding))


def note_gaps(binding: Binding) -> list[str]:
    """Keep on the binding, which the caller saves, why its mapping is incomplete; what is new of it.

    What a person has left as it is, having seen it, is none.
    """
    told = [it.sentence for it in _found(binding) if it.sentence not in binding.gaps_accepted]
    fresh = [words for words in told if words not in binding.gaps]
    binding.gaps = told
    return fresh


def accept_gaps(binding: Binding) -> None:
    """A person saw the mapping as it is: only what stops items from being sent is still told."""
    found = _found(binding)
    binding.gaps_accepted = [it.sentence for it in found if it.severity is Severity.WARNS]
    binding.gaps = [it.sentence for it in found if it.severity is Severity.BLOCKS]


def _found(binding: Binding) -> list[Finding]:
    """What the link doctor would say of the mapping by what is known of the project."""
    case = case_of(binding, ProjectMeta.from_json(binding.project_meta))
    found = (finding for check in _CHECKS for finding in check(case))
    return [it for it in found if it.severity is not Severity.FINE and not _is_of_nobody(it)]


def _is_of_nobody(finding: Finding) -> bool:
    """A field that Jira requires of a type that is not in use here."""
    return finding.about == "required fields" and finding.severity is Severity.WARNS


def list_incomplete(workplace: Workplace) -> list[Binding]:
    """The live bindings of a workplace whose mapping is incomplete."""
    rows = live_bindings().filter(team__workplace=workplace).exclude(gaps=[])
    return list(rows.order_by("pk"))
