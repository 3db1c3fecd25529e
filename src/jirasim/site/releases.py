"""Making, changing, ordering, merging and deleting the versions of a project."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from jirasim.site import issues, parts
from jirasim.site.decode import BadValue, day
from jirasim.site.errors import Refusal
from jirasim.site.events import (
    VERSION_CREATED,
    VERSION_DELETED,
    VERSION_MOVED,
    VERSION_RELEASED,
    VERSION_UNRELEASED,
    VERSION_UPDATED,
    Event,
)
from jirasim.site.model import Issue, User
from jirasim.site.owners import Json, arranges, check_arranges, named_project, text_of
from jirasim.site.parts import Version
from jirasim.site.permissions import may
from jirasim.site.state import Site

FIELDS = ("fixVersions", "versions")
LONGEST_NAME = 255


def find(site: Site, user: User | None, version_id: str) -> Version:
    """The version.  Raises Refusal 404 when absent or hidden."""
    found = site.state.versions.get(version_id)
    if found is None or not may(user, "BROWSE_PROJECTS", site.state.projects[found.project_id]):
        raise Refusal(404, f"Could not find version for id '{version_id}'")
    return found


def create(site: Site, actor: User, body: Json) -> Version:
    """A new version, behind all others of the project that the body names."""
    if not body.get("project") and not body.get("projectId"):
        raise Refusal(400, "Project must be specified to create a version.")
    project = named_project(site, actor, body)
    check_arranges(actor, project, status=404 if site.product.cloud else 403)
    blank = Version("", project.id, "", sequence=_after_all(site, project.id))
    made = replace(_filled(site, blank, body), id=site.next_id("version"))
    site.state.versions[made.id] = made
    _announce(site, actor, VERSION_CREATED, made)
    return made


def edit(site: Site, actor: User, version: Version, body: Json) -> Version:
    """Change what the body names; a release may hand its open issues on."""
    check(site, actor, version)
    after = _filled(site, version, body)
    _keep(site, after)
    if after.released and not version.released:
        _hand_on(site, actor, after, body.get("moveUnfixedIssuesTo"))
        _announce(site, actor, VERSION_RELEASED, after)
    elif version.released and not after.released:
        _announce(site, actor, VERSION_UNRELEASED, after)
    if replace(after, released=version.released) != version or after == version:
        _announce(site, actor, VERSION_UPDATED, after)
    return after


def move(site: Site, actor: User, version: Version, body: Json) -> Version:
    """Behind another version, or to a position among those of the project."""
    check(site, actor, version)
    if ("after" in body) == ("position" in body):
        raise Refusal(400, "You must specify exactly one of 'after' and 'position'.")
    rest = [one for one in _siblings(site, version) if one.id != version.id]
    at = _siblings(site, version).index(version)
    places = {"First": 0, "Last": len(rest), "Earlier": max(at - 1, 0), "Later": at + 1}
    if "after" in body:
        other = find(site, actor, _last_part(body["after"]))
        place = next((n + 1 for n, one in enumerate(rest) if one.id == other.id), None)
    else:
        place = places.get(str(body["position"]))
    if place is None:
        raise Refusal(400, "The position of the version is not valid.")
    for number, one in enumerate((*rest[:place], version, *rest[place:])):
        _keep(site, replace(one, sequence=number))
    moved = site.state.versions[version.id]
    _announce(site, actor, VERSION_MOVED, moved)
    return moved


def merge(site: Site, actor: User, version: Version, heir: Version) -> None:
    """Delete the version; every issue that has it gets the heir."""
    check(site, actor, version)
    if heir.id == version.id or heir.project_id != version.project_id:
        raise Refusal(400, "The version to merge to must be another one of the same project.")
    _replace(site, actor, version, dict.fromkeys(FIELDS, heir.id), merged=heir)


def delete(site: Site, actor: User, version: Version, heirs: Mapping[str, str | None]) -> None:
    """Delete it; `heirs` says what issues get instead, by field."""
    check(site, actor, version, status=401 if site.product.cloud else 403)
    for heir in heirs.values():
        if heir is not None:
            find(site, actor, heir)
    _replace(site, actor, version, heirs)


def check(site: Site, actor: User, version: Version, *, status: int = 403) -> None:
    """Raise Refusal unless the actor may change the version; Cloud says 400 to that."""
    project = site.state.projects[version.project_id]
    if not arranges(actor, project):
        status = 400 if site.product.cloud and status == 403 else status
        raise Refusal(status, "You must have global or project administrator rights.")


def holders(site: Site, version: Version, field_id: str) -> list[Issue]:
    """The issues that have the version in this field."""
    return [one for one in site.state.issues.values() if version.id in ids(one.value(field_id))]


def custom_uses(site: Site, version: Version) -> dict[str, int]:
    """How many issues have the version, by custom field."""
    pickers = (
        one.id for one in site.state.fields.values() if one.custom and _holds_versions(one.id, site)
    )
    counts = {name: len(holders(site, version, name)) for name in pickers}
    return {name: count for name, count in counts.items() if count}


def ids(value: object) -> tuple[str, ...]:
    """The ids of a stored value, be it one or many."""
    if isinstance(value, tuple):
        return value
    return () if value is None else (str(value),)


def _holds_versions(field_id: str, site: Site) -> bool:
    field = site.state.fields[field_id]
    return "version" in {field.kind, field.items}


def _replace(
    site: Site,
    actor: User,
    version: Version,
    heirs: Mapping[str, str | None],
    merged: Version | None = None,
) -> None:
    fields = (*FIELDS, *custom_uses(site, version))
    for name in fields:
        for issue in holders(site, version, name):
            value = issue.value(name)
            heir = heirs.get(name)
            after = _swapped(ids(value), version.id, heir) if isinstance(value, tuple) else heir
            issues.change(site, actor, issue, {name: after})
    del site.state.versions[version.id]
    site.revision += 1
    extra = {} if merged is None else {"mergedTo": merged}
    _announce(site, actor, VERSION_DELETED, version, extra)


def _swapped(held: Iterable[str], gone: str, heir: str | None) -> tuple[str, ...]:
    changed = (heir if one == gone else one for one in held)
    return tuple(dict.fromkeys(one for one in changed if one is not None))


def _filled(site: Site, before: Version, body: Json) -> Version:
    name = text_of(body, "name", before.name)
    if not name:
        raise Refusal(400, fields={"name": "You must specify a valid version name"})
    if len(name) > LONGEST_NAME:
        raise Refusal(400, fields={"name": "The version name must not exceed 255 characters."})
    for one in parts.versions_of(site.state.versions, before.project_id):
        if one.id != before.id and one.name.casefold() == name.casefold():
            message = "A version with this name already exists in this project."
            raise Refusal(400, fields={"name": message})
    after = replace(
        before,
        name=name,
        description=text_of(body, "description", before.description),
        released=bool(body.get("released", before.released)),
        archived=bool(body.get("archived", before.archived)),
        start=_date(body, "startDate", before.start),
        release=_date(body, "releaseDate", before.release),
    )
    if after.start is not None and after.release is not None and after.start > after.release:
        message = "The start date cannot be after the release date."
        raise Refusal(400, fields={"releaseDate": message})
    return after


def _date(body: Json, name: str, kept: date | None) -> date | None:
    if name not in body:
        return kept
    raw = body[name]
    try:
        return day(raw[:10] if isinstance(raw, str) else raw)
    except BadValue:
        raise Refusal(400, fields={name: f"'{raw}' is not a valid date."}) from None


def _hand_on(site: Site, actor: User, version: Version, raw: object) -> None:
    """Open issues of a released version go to another one."""
    if raw is None:
        return
    heir = find(site, actor, _last_part(raw))
    for issue in holders(site, version, "fixVersions"):
        if issue.resolution_id is None:
            after = _swapped(issue.fix_versions, version.id, heir.id)
            issues.change(site, actor, issue, {"fixVersions": after})


def _last_part(link: object) -> str:
    """The id at the end of a `self` link."""
    return str(link).rstrip("/").rpartition("/")[2]


def _siblings(site: Site, version: Version) -> list[Version]:
    return parts.versions_of(site.state.versions, version.project_id)


def _after_all(site: Site, project_id: str) -> int:
    versions = parts.versions_of(site.state.versions, project_id)
    return versions[-1].sequence + 1 if versions else 0


def _keep(site: Site, version: Version) -> None:
    site.state.versions[version.id] = version
    site.revision += 1


def _announce(
    site: Site, actor: User, kind: str, version: Version, extra: Json | None = None
) -> None:
    event = Event(kind, site.now(), actor.account_id, subject=version, extra=extra or {})
    site.publish(event)
