"""What templates draw with: icons, avatars, badges, dates, rich text.  No queries."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django import template
from django.conf import settings
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from duolog.core.durations import render_minutes, render_seconds
from duolog.web import richtext
from duolog.web.assets import asset_path, preloaded_scripts
from duolog.web.icons import NAMES
from duolog.web.sync.badges import Badge, Look, look_of

register = template.Library()

HIDDEN: Final = mark_safe('aria-hidden="true"')
AVATAR_TINTS: Final = 6


@register.simple_tag
def asset(name: str) -> str:
    """Where an asset is served."""
    return asset_path(name)


@register.simple_tag
def form_number() -> SafeString:
    """The number of a form from its opening on; see `web/once.py`."""
    return format_html('<input type="hidden" name="act" value="{}">', uuid.uuid4())


@register.simple_tag
def single_sign_on() -> dict[str, Any]:
    """The provider that people may sign in with, and whether it is the only way; else nothing."""
    if not settings.OIDC_ISSUER:
        return {}
    return {"name": settings.OIDC_NAME, "is_only": settings.OIDC_ONLY}


@register.simple_tag
def preloads() -> SafeString:
    """Hints for the scripts of every page."""
    return mark_safe(  # noqa: S308  # our own paths, no outside text
        "".join(f'<link rel="modulepreload" href="{path}">' for path in preloaded_scripts())
    )


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """An icon of the sprite; with a label it is an image, without it is ornament."""
    if name not in NAMES:
        raise template.TemplateSyntaxError(f"The icon {name!r} is not in the sprite.")
    spoken = format_html('role="img" aria-label="{}"', label) if label else HIDDEN
    return format_html(
        '<svg class="i {}" {}><use href="{}#{}"></use></svg>',
        css,
        spoken,
        asset_path("sprite.svg"),
        name,
    )


@register.simple_tag
def stage_icon(stage: str, label: str = "") -> SafeString:
    """The pie of a status' stage."""
    return icon(f"st-{stage}", f"sti st-{stage}", label)


@register.simple_tag
def priority_icon(priority: str, label: str = "") -> SafeString:
    """The bars of a priority."""
    return icon(f"p-{priority}", f"pr p-{priority}", label)


@register.simple_tag
def sync_glyph(glyph: str) -> SafeString:
    """The sync thread alone: ok, pending, conflict, error, differs, paused or none."""
    return format_html(
        '<svg class="sg sg-{0}" aria-hidden="true"><use href="{1}#s-{0}"></use></svg>',
        glyph,
        asset_path("sprite.svg"),
    )


@register.inclusion_tag("web/parts/sync_badge.html")
def sync_badge(badge: Badge | None, *, url: str = "") -> dict[str, Any]:
    """The pill that says how an item stands with Jira; `url` serves its history, if any."""
    return {"badge": badge, "look": look_of(badge), "url": url}


@register.filter
def look(badge: Badge | None) -> Look:
    """How the state of a link is drawn."""
    return look_of(badge)


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """The initials of a person on a tint of their own."""
    initials = "".join(part[0] for part in name.split()[:2]).upper() or "?"
    tint = sum(map(ord, name)) % AVATAR_TINTS
    return format_html(
        '<span class="av av-{} {}" role="img" aria-label="{}" title="{}">{}</span>',
        tint,
        size,
        name,
        name,
        initials,
    )


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as safe HTML."""
    return _html(text, richtext.NO_FILES)


@register.simple_tag(takes_context=True)
def prose(context: Context, text: str) -> SafeString:
    """The same for a text of an item, with the pictures among its files."""
    return _html(text, context.get("places") or richtext.NO_FILES)


def _html(text: str, files: Mapping[str, richtext.Place]) -> SafeString:
    return mark_safe(richtext.render(text, files))  # noqa: S308  # cleaned by nh3


@register.filter
def due_label(day: date | None) -> str:
    """A due date as one reads it: Nov 24, or Nov 24, 2027 in another year."""
    if day is None:
        return ""
    year = "" if day.year == timezone.now().year else f", {day.year}"
    return f"{day:%b} {day.day}{year}"


@register.filter
def is_late(day: date | None) -> bool:
    """Whether the day has passed."""
    return day is not None and day < timezone.now().date()


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """A moment in words while it is less than a day old, with the exact one in the title."""
    if moment is None:
        return mark_safe("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        f"{moment:%Y-%m-%d %H:%M} UTC",
        spoken_age(moment, timezone.now()),
    )


def spoken_age(moment: datetime, now: datetime) -> str:
    """`38 s ago`, `12 min ago`, `3 h ago`, then the day."""
    age = now - moment
    if age < timedelta(seconds=10):
        return "just now"
    if age < timedelta(minutes=1):
        return f"{age.seconds} s ago"
    if age < timedelta(hours=1):
        return f"{age.seconds // 60} min ago"
    if age < timedelta(days=1):
        return f"{age.seconds // 3600} h ago"
    return due_label(moment.date())


@register.filter
def hours(seconds: int | None) -> str:
    """A duration as people write it: 1h 30m."""
    return render_minutes(seconds // 60) if seconds else ""


@register.filter
def lasting(seconds: int | None) -> str:
    """A length of time to the second; none is 0m."""
    return render_seconds(seconds or 0)


@register.filter
def clock(moment: datetime) -> str:
    """The time of the day by the moment's own clock: 09:30."""
    return f"{moment:%H:%M}"


@register.filter
def at(mapping: dict[Any, Any], key: Any) -> Any:
    """The entry of a mapping, or None."""
    return mapping.get(key) if mapping else None
