"""What else there is to know of a project, as frozen values: category, address, trash, archive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ProjectCategory:
    """A heading under which projects are sorted."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class ProjectDetails:
    """`former_keys` still lead to the project.  Deleted ones lie in Cloud's trash."""

    type_key: str = "software"
    assignee_type: str = "UNASSIGNED"
    url: str = ""
    email: str = ""
    category_id: str | None = None
    security_id: str | None = None
    former_keys: tuple[str, ...] = ()
    properties: Mapping[str, object] = field(default_factory=dict)
    archived_at: datetime | None = None
    archived_by: str | None = None
    deleted_at: datetime | None = None
    deleted_by: str | None = None

    @property
    def live(self) -> bool:
        """Neither in the trash nor in the archive."""
        return self.deleted_at is None and self.archived_at is None
