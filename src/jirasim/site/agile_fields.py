"""The fields that Jira Software brings, which have other ids on every site (jira.md 6.1).

Cloud's ids are those of a fresh site as recorded, Server's those of a recorded Server.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from jirasim.site.product import Product

GREENHOPPER = "com.pyxis.greenhopper.jira"
EPIC_LINK = f"{GREENHOPPER}:gh-epic-link"
EPIC_NAME = f"{GREENHOPPER}:gh-epic-label"
EPIC_STATUS = f"{GREENHOPPER}:gh-epic-status"
EPIC_COLOR = f"{GREENHOPPER}:gh-epic-color"
SPRINT = f"{GREENHOPPER}:gh-sprint"
RANK = f"{GREENHOPPER}:gh-lexo-rank"
PARENT_LINK = "com.atlassian.jpo:jpo-custom-field-parent"
"""A field of Jira Premium, there but not to be used on every other Cloud site (recorded)."""


@dataclass(frozen=True, slots=True)
class AgileFields:
    """Which field of a site is which; `points` is the one that scrum boards estimate with."""

    epic_link: str
    epic_name: str
    epic_status: str
    epic_color: str
    sprint: str
    rank: str
    points: str


ON_CLOUD = AgileFields(
    epic_link="customfield_10014",
    epic_name="customfield_10011",
    epic_status="customfield_10012",
    epic_color="customfield_10013",
    sprint="customfield_10020",
    rank="customfield_10019",
    points="customfield_10016",
)
ON_SERVER = AgileFields(
    epic_link="customfield_10101",
    epic_name="customfield_10103",
    epic_status="customfield_10102",
    epic_color="customfield_10104",
    sprint="customfield_10100",
    rank="customfield_10105",
    points="customfield_10106",
)
AGILE_ATTRIBUTES: Mapping[str, str] = {
    field_id: attribute
    for fields in (ON_CLOUD, ON_SERVER)
    for field_id, attribute in (
        (fields.epic_link, "parent_id"),
        (fields.sprint, "sprints"),
        (fields.rank, "rank"),
    )
}
"""Where an issue keeps those of them that are not plain values."""


def agile_fields(product: Product) -> AgileFields:
    """Those of this product."""
    return ON_CLOUD if product.cloud else ON_SERVER
