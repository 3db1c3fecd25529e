"""Links from an issue to things outside Jira: an upsert by global id (jira.md 6.8)."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from jirasim.site.errors import Refusal
from jirasim.site.model import ChangeItem, Issue, User
from jirasim.site.outside import RemoteLink
from jirasim.site.permissions import may
from jirasim.site.recording import record
from jirasim.site.state import Site

MOST_REMOTE_LINKS = 2000
LONGEST = 255
LINKING_OFF = "Issue linking is currently disabled."
NO_RIGHT = "You do not have the permission to link issues in this project."
WEB_LINK = "Web Link"
Json = Mapping[str, object]


def require_linking(site: Site, *, status: int) -> None:
    """Refuse where the site has no linking: 403 for remote links, 404 for issue links."""
    if not site.state.settings.linking:
        raise Refusal(status, LINKING_OFF)


def find(site: Site, issue: Issue, link_id: str) -> RemoteLink:
    """One link of the issue, by its number."""
    require_linking(site, status=403)
    if not link_id.removeprefix("-").isdigit():
        raise Refusal(400, f"The remote issue link id '{link_id}' is not a valid number.")
    for link in issue.remote_links:
        if link.id == link_id:
            return link
    homes = (other for other in site.state.issues.values() if _has(other, link_id))
    if next(homes, None) is not None:
        raise Refusal(
            400, f"The remote issue link with id '{link_id}' does not belong to the issue."
        )
    raise Refusal(404, f"No remote issue link with id '{link_id}' exists.")


def find_global(site: Site, issue: Issue, global_id: str) -> RemoteLink:
    """One link of the issue, by what the other side calls it."""
    require_linking(site, status=403)
    for link in issue.remote_links:
        if link.global_id == global_id:
            return link
    raise Refusal(404, f"No remote issue link with globalId '{global_id}' exists.")


def put(site: Site, actor: User, issue: Issue, body: Json) -> tuple[RemoteLink, bool]:
    """Make a link, or replace the one with the same global id; and whether it is new."""
    _require_right(site, actor, issue)
    draft = _read(body)
    known = [one for one in issue.remote_links if one.global_id == draft.global_id is not None]
    if known:
        return _replace(site, actor, issue, known[0], draft), False
    if len(issue.remote_links) >= MOST_REMOTE_LINKS:
        raise Refusal(413, f"The issue has reached its limit of {MOST_REMOTE_LINKS} remote links.")
    link = replace(draft, id=site.next_id("remote link"))
    after = replace(issue, remote_links=(*issue.remote_links, link))
    record(site, actor, after, [_item(None, link)], "issue_updated")
    return link, True


def update(site: Site, actor: User, issue: Issue, link_id: str, body: Json) -> RemoteLink:
    """Replace all of a link; what is not named is empty from now on."""
    _require_right(site, actor, issue)
    return _replace(site, actor, issue, find(site, issue, link_id), _read(body))


def remove(site: Site, actor: User, issue: Issue, link: RemoteLink) -> None:
    """Delete one."""
    _require_right(site, actor, issue)
    left = tuple(one for one in issue.remote_links if one.id != link.id)
    record(site, actor, replace(issue, remote_links=left), [_item(link, None)], "issue_updated")


def _has(issue: Issue, link_id: str) -> bool:
    return any(one.id == link_id for one in issue.remote_links)


def _require_right(site: Site, actor: User, issue: Issue) -> None:
    require_linking(site, status=403)
    if not may(actor, "LINK_ISSUES", site.state.projects[issue.project_id]):
        raise Refusal(403, NO_RIGHT)


def _replace(
    site: Site, actor: User, issue: Issue, before: RemoteLink, draft: RemoteLink
) -> RemoteLink:
    after = replace(draft, id=before.id)
    links = tuple(after if one.id == before.id else one for one in issue.remote_links)
    changed = replace(issue, remote_links=links)
    record(site, actor, changed, [_item(before, after)], "issue_updated")
    return after


def _read(body: Json) -> RemoteLink:
    """A link without an id.  Raises Refusal 400 that names every wrong part."""
    item, application = _part(body, "object"), _part(body, "application")
    icon, status = _part(item, "icon"), _part(item, "status")
    status_icon = _part(status, "icon")
    wrong = {
        **_missing(item, "title", "Link Text"),
        **(_missing(item, "url", "URL") or _bad_address(item.get("url"), "url")),
        **_bad_address(icon.get("url16x16"), "iconUrl"),
        **_bad_address(status_icon.get("url16x16"), "statusIconUrl"),
        **_bad_address(status_icon.get("link"), "statusIconLink"),
        **_too_long(body.get("globalId"), "globalId"),
        **_too_long(item.get("title"), "title"),
    }
    if wrong:
        raise Refusal(400, fields=wrong)
    return RemoteLink(
        id="",
        title=str(item["title"]),
        url=str(item["url"]),
        item={**item, "icon": icon, "status": {**status, "icon": status_icon}},
        application=application,
        global_id=_text(body.get("globalId")),
        relationship=_text(body.get("relationship")),
    )


def _part(body: Json, name: str) -> Json:
    found = body.get(name)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise Refusal(400, f"Can not deserialize '{name}': an object is expected.")
    return {key: value for key, value in found.items() if value is not None}


def _missing(item: Json, name: str, label: str) -> dict[str, str]:
    return {} if _text(item.get(name)) else {name: f"'{label}' is required."}


def _bad_address(raw: object, name: str) -> dict[str, str]:
    if raw is None or raw == "":
        return {}
    parts = urlsplit(str(raw))
    if parts.scheme and not any(letter.isspace() for letter in str(raw)):
        return {}
    return {name: f"The URL '{raw}' is not valid."}


def _too_long(raw: object, name: str) -> dict[str, str]:
    if raw is None or len(str(raw)) <= LONGEST:
        return {}
    return {name: f"The {name} must not be longer than {LONGEST} characters."}


def _text(raw: object) -> str | None:
    return str(raw) if raw is not None and str(raw).strip() else None


def _item(before: RemoteLink | None, after: RemoteLink | None) -> ChangeItem:
    return ChangeItem("RemoteIssueLink", None, *_told(before), *_told(after))


def _told(link: RemoteLink | None) -> tuple[str | None, str | None]:
    """The id and the sentence of the changelog, as recorded."""
    if link is None:
        return None, None
    where = link.application.get("name") or WEB_LINK
    return link.id, f'This issue links to "{link.title} ({where})"'
