"""Users, statuses, types, projects: the small objects inside others, as each product has them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from jirasim.site.fields import Option
from jirasim.site.levels import SecurityLevel
from jirasim.site.model import (
    EmailShown,
    IssueType,
    Priority,
    Project,
    Resolution,
    Status,
    StatusCategory,
    User,
)
from jirasim.site.parts import Component, Version

Json = dict[str, object]
Shared = Mapping[str, object]
"""What was written once and is shown at many places: to be copied, never changed."""
AVATAR_SIZES = ("48x48", "24x24", "16x16", "32x32")
AVATAR_PARAMETER = {
    "48x48": "",
    "24x24": "size=small",
    "16x16": "size=xsmall",
    "32x32": "size=medium",
}
DEFAULT_PRIORITY = "3"
Value = TypeVar("Value")


def user_avatar_id(user: User) -> str:
    """The running number of the account."""
    return user.key.removeprefix("JIRAUSER") or "10122"


def project_avatar_id(project: Project) -> int:
    """One of twenty."""
    return 10400 + int(project.id) % 20


def type_avatar_id(kind: IssueType) -> int:
    """One of fifty."""
    return 10300 + int(kind.id) % 50


@dataclass(frozen=True, slots=True)
class Entities:
    """Writes them for one viewer.  `api` is the base of all `self` links, with the version.

    Each value is written once.  Values are frozen: one that changes is another value, so what was
    written is never out of date.
    """

    base_url: str
    api: str
    viewer: str | None
    cloud: bool = True
    written: dict[int, tuple[object, Json]] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

    def _once(self, value: Value, write: Callable[[Value], Json]) -> Shared:
        """By identity; the value is kept with what was written, so that no other gets its id."""
        found = self.written.get(id(value))
        if found is None:
            found = self.written[id(value)] = (value, write(value))
        return found[1]

    def user(self, user: User) -> Shared:
        """A user inside another object."""
        return self._once(user, self._cloud_user if self.cloud else self._server_user)

    def _server_user(self, user: User) -> Json:
        return {
            "self": f"{self.api}/user?username={quote(user.name, safe='')}",
            "name": user.name,
            "key": user.key,
            "emailAddress": user.email,
            "avatarUrls": self._user_avatars(user),
            "displayName": user.display_name,
            "active": user.active,
            "timeZone": user.time_zone,
        }

    def _cloud_user(self, user: User) -> Json:
        """The e-mail as far as its owner shows it."""
        body: Json = {
            "self": f"{self.api}/user?accountId={quote(user.account_id, safe='')}",
            "accountId": user.account_id,
            **self._email(user),
            "avatarUrls": self._user_avatars(user),
            "displayName": user.display_name,
            "active": user.active,
            "timeZone": user.time_zone,
            "accountType": user.account_type,
        }
        return body

    def category(self, category: StatusCategory) -> Shared:
        """One of the four status categories."""
        return self._once(category, self._category)

    def _category(self, category: StatusCategory) -> Json:
        return {
            "self": f"{self.api}/statuscategory/{category.id}",
            "id": category.id,
            "key": category.key,
            "colorName": category.color,
            "name": category.name,
        }

    def status(self, status: Status) -> Shared:
        """A status with its category; team-managed ones carry their scope."""
        return self._once(status, self._status)

    def _status(self, status: Status) -> Json:
        body: Json = {
            "self": f"{self.api}/status/{status.id}",
            "description": status.description,
            "iconUrl": f"{self.base_url}/",
            "name": status.name,
            "id": status.id,
            "statusCategory": self.category(status.category),
        }
        return {**body, **self._scope(status.project_id)}

    def priority(self, priority: Priority) -> Shared:
        """A priority inside an issue."""
        return self._once(priority, self._priority)

    def _priority(self, priority: Priority) -> Json:
        picture = f"{priority.name.lower()}{'_new' if self.cloud else ''}.svg"
        return {
            "self": f"{self.api}/priority/{priority.id}",
            "iconUrl": f"{self.base_url}/images/icons/priorities/{picture}",
            "name": priority.name,
            "id": priority.id,
        }

    def whole_priority(self, priority: Priority) -> Json:
        """A priority alone."""
        body: Json = {
            **self.priority(priority),
            "description": priority.description,
            "statusColor": priority.color,
        }
        return {**body, "isDefault": priority.id == DEFAULT_PRIORITY} if self.cloud else body

    def resolution(self, resolution: Resolution) -> Shared:
        """A resolution."""
        return self._once(resolution, self._resolution)

    def _resolution(self, resolution: Resolution) -> Json:
        return {
            "self": f"{self.api}/resolution/{resolution.id}",
            "id": resolution.id,
            "description": resolution.description,
            "name": resolution.name,
        }

    def issue_type(self, kind: IssueType) -> Shared:
        """An issue type; team-managed ones carry their scope."""
        return self._once(kind, self._issue_type)

    def _issue_type(self, kind: IssueType) -> Json:
        avatar = type_avatar_id(kind)
        body: Json = {
            "self": f"{self.api}/issuetype/{kind.id}",
            "id": kind.id,
            "description": kind.description,
            "iconUrl": self._type_avatar(avatar),
            "name": kind.name,
            "subtask": kind.subtask,
            "avatarId": avatar,
        }
        if self.cloud:
            body |= self._entity_id(kind) | {"hierarchyLevel": kind.hierarchy_level}
        return {**body, **self._scope(kind.project_id)}

    def project(self, project: Project) -> Shared:
        """A project inside an issue."""
        return self._once(project, self._project)

    def _project(self, project: Project) -> Json:
        body: Json = {
            "self": f"{self.api}/project/{project.id}",
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "projectTypeKey": project.details.type_key,
        }
        if self.cloud:
            body["simplified"] = project.team_managed
        return {**body, "avatarUrls": _project_avatars(self.base_url, project, cloud=self.cloud)}

    def option(self, option: Option) -> Shared:
        """A choice of a select field."""
        return self._once(option, self._option)

    def _option(self, option: Option) -> Json:
        return {
            "self": f"{self.api}/customFieldOption/{option.id}",
            "value": option.value,
            "id": option.id,
        }

    def version(self, version: Version) -> Shared:
        """A version inside an issue."""
        return self._once(version, self._version)

    def _version(self, version: Version) -> Json:
        body: Json = {
            "self": f"{self.api}/version/{version.id}",
            "id": version.id,
            "description": version.description,
            "name": version.name,
            "archived": version.archived,
            "released": version.released,
        }
        return body if version.release is None else body | {"releaseDate": str(version.release)}

    def component(self, component: Component) -> Shared:
        """A component inside an issue."""
        return self._once(component, self._component)

    def _component(self, component: Component) -> Json:
        body: Json = {
            "self": f"{self.api}/component/{component.id}",
            "id": component.id,
            "name": component.name,
        }
        return body if not component.description else body | {"description": component.description}

    def security_level(self, level: SecurityLevel) -> Shared:
        """A security level."""
        return self._once(level, self._security_level)

    def _security_level(self, level: SecurityLevel) -> Json:
        return {
            "self": f"{self.api}/securitylevel/{level.id}",
            "id": level.id,
            "description": level.description,
            "name": level.name,
        }

    def group(self, name: str) -> Json:
        """A group inside an issue."""
        return {"name": name, "self": f"{self.api}/group?groupname={quote(name, safe='')}"}

    def _email(self, user: User) -> Json:
        if user.account_id == self.viewer or user.email_shown is EmailShown.SHOWN:
            return {"emailAddress": user.email}
        match user.email_shown:
            case EmailShown.ABSENT:
                return {}
            case EmailShown.NULL:
                return {"emailAddress": None}
            case EmailShown.EMPTY:
                return {"emailAddress": ""}
            case EmailShown.QUESTION_MARK:
                return {"emailAddress": "?"}

    def _user_avatars(self, user: User) -> Json:
        """Served by the site itself: the true ones of Cloud are on other hosts."""
        avatar = user_avatar_id(user)
        if self.cloud:
            base = f"{self.base_url}/rest/api/3/universal_avatar/view/type/user/avatar/{avatar}?"
            return {size: f"{base}{said}".rstrip("?") for size, said in AVATAR_PARAMETER.items()}
        base = f"{self.base_url}/secure/useravatar?"
        return {
            size: f"{base}{said}&avatarId={avatar}".replace("?&", "?")
            for size, said in AVATAR_PARAMETER.items()
        }

    def _type_avatar(self, avatar: int) -> str:
        if self.cloud:
            path = f"rest/api/2/universal_avatar/view/type/issuetype/avatar/{avatar}?size=medium"
        else:
            path = f"secure/viewavatar?size=xsmall&avatarId={avatar}&avatarType=issuetype"
        return f"{self.base_url}/{path}"

    def _entity_id(self, kind: IssueType) -> Json:
        """Types of team-managed projects have one (recorded)."""
        if kind.project_id is None:
            return {}
        return {"entityId": str(uuid5(NAMESPACE_URL, f"{self.base_url}/issuetype/{kind.id}"))}

    def _scope(self, project_id: str | None) -> Json:
        if project_id is None or not self.cloud:
            return {}
        return {"scope": {"type": "PROJECT", "project": {"id": project_id}}}


def _project_avatars(base_url: str, project: Project, *, cloud: bool) -> Json:
    avatar = project_avatar_id(project)
    if cloud:
        base = f"{base_url}/rest/api/3/universal_avatar/view/type/project/avatar/{avatar}"
        return {size: f"{base}?{AVATAR_PARAMETER[size]}".rstrip("?") for size in AVATAR_SIZES}
    base = f"{base_url}/secure/projectavatar?"
    return {
        size: f"{base}{AVATAR_PARAMETER[size]}&avatarId={avatar}".replace("?&", "?")
        for size in AVATAR_SIZES
    }
