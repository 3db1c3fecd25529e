"""Whether the tables of a mapping can be used: else why not, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from duolog.core.fields import FieldMap
from duolog.people.errors import Invalid
from duolog.sync.basis.own_properties import kinds_in_use, own_properties
from duolog.sync.binding.proposal import Proposal
from duolog.sync.link.words import value_names
from duolog.sync.mapping import (
    ProjectMeta,
    fields_from_json,
    fields_to_json,
    problems,
    property_problems,
    relation_problems,
    strangers,
    team_of_table,
    team_tables,
    value_map,
)
from duolog.workplace.models import Team
from duolog.workplace.queries import list_readings


def checked_map(team: Team, mapping: Mapping[str, object] | None, proposal: Proposal) -> FieldMap:
    """The tables asked for, the suggested ones where none are.  Raises Invalid."""
    if mapping is None:
        return proposal.fields
    stored = {**fields_to_json(proposal.fields), **mapping}
    fields = fields_from_json(stored, proposal.meta, kinds_in_use(team.workplace_id))
    check_tables(team, proposal.meta, (proposal.fields, fields), ({}, mapping))
    return fields


def check_tables(
    team: Team,
    meta: ProjectMeta,
    fields: tuple[FieldMap, FieldMap],
    tables: tuple[Mapping[str, object], Mapping[str, object]],
) -> None:
    """Refuse what cannot be used in place of what was there; each is before and after.

    Raises Invalid.
    """
    told = _problems_of_teams(team.workplace_id, fields[1], meta, tables)
    if wrong := (*_problems(*fields, meta, team), *told):
        raise Invalid({"mapping": " ".join(wrong)})


def _problems(before: FieldMap, fields: FieldMap, meta: ProjectMeta, team: Team) -> tuple[str, ...]:
    """Why these tables cannot be used in place of those before, in sentences."""
    names = value_names(team)
    readings = list_readings(team.workplace)
    told = relation_problems(fields.relations, readings, meta.ways)
    held = property_problems(fields.properties, meta, own_properties(team.workplace_id))
    return (*problems(fields, names), *strangers(before, fields, names, meta), *told, *held)


def _problems_of_teams(
    workplace_id: int,
    fields: FieldMap,
    meta: ProjectMeta,
    tables: tuple[Mapping[str, object], Mapping[str, object]],
) -> Iterator[str]:
    """Why the tables of further teams' statuses cannot be used, in sentences."""
    stored, mapping = tables
    for name, table in team_tables(mapping).items():
        teams = Team.objects.filter(workplace=workplace_id, pk=team_of_table(name) or 0)
        team = teams.first()
        if team is None:
            yield "One of the tables is of a team that is not in this workplace."
        else:
            was, told = (
                replace(fields, statuses=value_map(it)) for it in (stored.get(name), table)
            )
            names = value_names(team)
            yield from (*problems(told, names), *strangers(was, told, names, meta))
