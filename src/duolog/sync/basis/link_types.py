"""The kinds of links of a site, learnt by bindings that were made before links crossed."""

from __future__ import annotations

from dataclasses import replace

from duolog.core.errors import Unseen
from duolog.jira.client import JiraClient
from duolog.jira.ways import ways_of
from duolog.sync.basis.ground import Ground
from duolog.sync.mapping import Choice
from duolog.sync.mapping.relations import suggest_relations
from duolog.sync.models import Binding
from duolog.workplace.queries import list_readings


def read_ways(client: JiraClient) -> tuple[Choice, ...]:
    """How issues tell their links to others; none where the site has turned linking off."""
    try:
        kinds = client.links.types()
    except Unseen:
        return ()
    return tuple(Choice(way.id, way.words, way.type_name) for it in kinds for way in ways_of(it))


def learn_ways(ground: Ground) -> None:
    """Suggest which link is which relation, once, where nobody has ever asked.  Raises SyncError."""
    if "ways" in ground.binding.project_meta:
        return
    ground.meta = replace(ground.meta, ways=read_ways(ground.client))
    readings = list_readings(ground.binding.team.workplace)
    relations = suggest_relations(ground.meta.ways, readings)
    ground.keep_learnt(replace(ground.fields, relations=relations), "relations")
    rows = Binding.objects.filter(pk=ground.binding.pk)
    rows.update(project_meta=ground.meta.to_json())
