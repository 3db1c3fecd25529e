"""Jira Software's fields as `/field` lists them, per product, and the colours of epics."""

from jirasim.site.agile_fields import (
    EPIC_COLOR,
    EPIC_LINK,
    EPIC_NAME,
    EPIC_STATUS,
    GREENHOPPER,
    PARENT_LINK,
    RANK,
    SPRINT,
    agile_fields,
)
from jirasim.site.fields import Field, Option
from jirasim.site.product import Product

FLOAT = "com.atlassian.jira.plugin.system.customfieldtypes:float"
CLOUD_POINTS = "customfield_10026"
"""*Story Points*, which stands beside *Story point estimate* on every Cloud site."""
EPIC_TO_DO = Option("10200", "To Do")
EPIC_IN_PROGRESS = Option("10201", "In Progress")
EPIC_DONE = Option("10202", "Done")
COLORS = tuple(f"color_{number}" for number in range(1, 15))
COLOR_FIELD_PREFIX = "ghx-label-"


def agile_catalog(product: Product) -> tuple[Field, ...]:
    """All of them."""
    mine = agile_fields(product)
    return (
        _field(mine.epic_name, "Epic Name", "string", EPIC_NAME),
        _field(
            mine.epic_status,
            "Epic Status",
            "option",
            EPIC_STATUS,
            EPIC_TO_DO,
            EPIC_IN_PROGRESS,
            EPIC_DONE,
        ),
        _field(mine.epic_color, "Epic Color", "string", EPIC_COLOR),
        _field(mine.epic_link, "Epic Link", "any", EPIC_LINK),
        _field(mine.sprint, "Sprint", "array", SPRINT, items="json" if product.cloud else "string"),
        _field(mine.rank, "Rank", "any", RANK),
        *_points(product),
        *(
            (_field("customfield_10018", "Parent Link", "any", PARENT_LINK),)
            if product.cloud
            else ()
        ),
    )


def points_of(product: Product) -> tuple[str, ...]:
    """The ids of the fields of story points."""
    return tuple(one.id for one in _points(product))


def _points(product: Product) -> tuple[Field, ...]:
    if not product.cloud:
        return (_field(agile_fields(product).points, "Story Points", "number", FLOAT),)
    estimate = agile_fields(product).points
    return (
        _field(estimate, "Story point estimate", "number", f"{GREENHOPPER}:jsw-story-points"),
        _field(CLOUD_POINTS, "Story Points", "number", FLOAT),
    )


def _field(
    name: str, label: str, kind: str, custom: str, *options: Option, items: str | None = None
) -> Field:
    number = name.rpartition("_")[2]
    clauses = (f"cf[{number}]", label)
    return Field(name, label, kind, items=items, custom=custom, clauses=clauses, options=options)
