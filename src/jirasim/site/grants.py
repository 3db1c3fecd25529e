"""Groups of accounts, and permission schemes, as frozen values.  No rules."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Group:
    """A set of accounts, which name it by `name`.  Only Cloud shows the `id`."""

    id: str
    name: str


class Holder(Enum):
    """Who can hold a permission in a scheme, in Jira's words."""

    ANYONE = "anyone"
    APPLICATION_ROLE = "applicationRole"
    ASSIGNEE = "assignee"
    GROUP = "group"
    PROJECT_LEAD = "projectLead"
    ROLE = "projectRole"
    REPORTER = "reporter"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission for a holder.

    `parameter` is the name of a group, the id of a role, or an account.
    """

    id: str
    permission: str
    holder: Holder
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class PermissionScheme:
    """What is granted in the projects that use it."""

    id: str
    name: str
    description: str = ""
    grants: tuple[Grant, ...] = ()
