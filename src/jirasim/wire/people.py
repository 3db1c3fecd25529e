"""Accounts and groups as resources of their own: groups, roles, rows of pickers."""

import re
from collections.abc import Collection
from html import escape
from urllib.parse import quote

from jirasim.site.grants import Group
from jirasim.site.model import User
from jirasim.site.permissions import ADMINISTRATORS, USERS
from jirasim.wire.entities import Json
from jirasim.wire.wire import Wire

SEATS = 35000


def whole_user(wire: Wire, user: User, expand: Collection[str] = ()) -> Json:
    """A user alone, as `/user` and `/myself` give it; lists are empty unless expanded."""
    groups = [group(wire, one) for one in groups_of(wire, user)]
    roles = [application_role(wire)] if USERS in user.groups else []
    return {
        **wire.entities.user(user),
        **({} if wire.site.product.cloud else {"deleted": user.deleted}),
        "locale": user.locale,
        "groups": {"size": len(groups), "items": groups if "groups" in expand else []},
        "applicationRoles": {
            "size": len(roles),
            "items": roles if "applicationRoles" in expand else [],
        },
        "expand": "groups,applicationRoles",
    }


def groups_of(wire: Wire, user: User) -> list[Group]:
    """The groups of a user, by name."""
    return [wire.site.state.groups[name] for name in sorted(user.groups)]


def group(wire: Wire, found: Group) -> Json:
    """A group by name, on Cloud also by id."""
    if wire.site.product.cloud:
        place = f"{wire.api}/group?groupId={found.id}"
        return {"name": found.name, "groupId": found.id, "self": place}
    place = f"{wire.api}/group?groupname={quote(found.name, safe='')}"
    return {"name": found.name, "self": place}


def group_with_users(wire: Wire, found: Group, members: Collection[User], *, shown: bool) -> Json:
    """A group with its size; its first users only where they are `shown`."""
    items = [wire.entities.user(one) for one in members][:50] if shown else []
    users = {
        "size": len(members),
        "items": items,
        "max-results": 50,
        "start-index": 0,
        "end-index": min(len(members), 50) - 1 if members else 0,
    }
    return {**group(wire, found), "users": users, "expand": "users"}


def application_role(wire: Wire) -> Json:
    """The one product that a site of the simulator has."""
    names = [ADMINISTRATORS, USERS]
    used = sum(USERS in one.groups for one in wire.site.state.users.values())
    cloud = wire.site.product.cloud
    details = {
        "groupDetails": [group(wire, wire.site.state.groups[name]) for name in names],
        "defaultGroupsDetails": [group(wire, wire.site.state.groups[USERS])],
    }
    return {
        "key": "jira-software",
        "groups": names,
        "name": "Jira Software",
        "defaultGroups": [USERS],
        **(details if cloud else {}),
        "selectedByDefault": True,
        "defined": True,
        "numberOfSeats": SEATS,
        "remainingSeats": SEATS - used,
        "userCount": used,
        "userCountDescription": "users",
        "hasUnlimitedSeats": False,
        "platform": False,
    }


def picked_user(wire: Wire, user: User, query: str, *, avatar: bool) -> Json:
    """A row of a picker, with the words that match in bold."""
    shown = wire.entities.user(user)
    words = user.display_name
    if email := shown.get("emailAddress"):
        words = f"{words} - {email}"
    if not wire.site.product.cloud:
        words = f"{words} ({user.name})"
    names = ("accountId", "accountType", "name", "key")
    row = {name: shown[name] for name in names if name in shown}
    row |= {"html": marked(words, query, "strong"), "displayName": user.display_name}
    if avatar:
        pictures = shown["avatarUrls"]
        row["avatarUrl"] = pictures["24x24"] if isinstance(pictures, dict) else None
    return row


def picked_group(wire: Wire, found: Group, query: str) -> Json:
    """A row of a picker, with what matches in bold."""
    row: Json = {
        "name": found.name,
        "html": marked(found.name, query, "b", inside=True),
        "labels": [],
    }
    return {**row, "groupId": found.id} if wire.site.product.cloud else row


def marked(words: str, query: str, tag: str, *, inside: bool = False) -> str:
    """The words as HTML; what matches at a word's beginning (or `inside`) is in the tag."""
    if not query:
        return escape(words)
    edge = "" if inside else r"\b"
    parts = re.split(f"({edge}{re.escape(query)})", words, flags=re.IGNORECASE)
    return "".join(
        f"<{tag}>{escape(part)}</{tag}>" if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )
