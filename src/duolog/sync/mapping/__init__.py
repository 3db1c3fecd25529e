"""The mapping of a binding: which type, status, priority and person stands for which.  Pure.

Suggested by name, then by meaning, then by likeness; people correct it in a table.
"""

from duolog.sync.mapping.meta import JIRA_FIELD, Choice, CustomField, ProjectMeta
from duolog.sync.mapping.properties import (
    Offer,
    OwnProperty,
    offers,
    properties_to_json,
    property_problems,
    suggest_options,
    suggest_properties,
    without_counterpart,
)
from duolog.sync.mapping.relations import relation_problems
from duolog.sync.mapping.suggest import match_people, suggest, suggest_statuses
from duolog.sync.mapping.tables import (
    fields_from_json,
    fields_to_json,
    problems,
    strangers,
    table_of_team,
    team_of_table,
    team_tables,
    unmapped,
    value_map,
)

__all__ = [
    "JIRA_FIELD",
    "Choice",
    "CustomField",
    "Offer",
    "OwnProperty",
    "ProjectMeta",
    "fields_from_json",
    "fields_to_json",
    "match_people",
    "offers",
    "problems",
    "properties_to_json",
    "property_problems",
    "relation_problems",
    "strangers",
    "suggest",
    "suggest_options",
    "suggest_properties",
    "suggest_statuses",
    "table_of_team",
    "team_of_table",
    "team_tables",
    "unmapped",
    "value_map",
    "without_counterpart",
]
