"""Style, scripts and icons, read once and served for ever under a path that carries their digest.

Relative imports between scripts keep working, because the digest is a folder and not part of the
names.  Nothing here depends on who asks.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from duolog.web.icons import FAVICON, sprite

STYLES: Final = (
    "base",
    "tokens",
    "layout",
    "buttons",
    "forms",
    "floating",
    "figures",
    "list",
    "item",
    "time",
    "settings",
    "inbox",
    "journal",
    "jira",
    "connect",
    "webhook",
    "project",
    "workplace",
    "entry",
    "account",
    "util",
)
ON_DEMAND: Final = frozenset(
    {
        "editor.js",
        "markdown.js",
        "timer.js",
        "picker.js",
        "mytime.js",
        "axis.js",
        "acts.js",
        "passkeys.js",
    }
)
_TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it goes over the wire."""

    body: bytes
    gzipped: bytes
    content_type: str


@cache
def assets() -> Mapping[str, Asset]:
    """Every asset by its name."""
    ours = files("duolog.web").joinpath("static", "duolog")
    scripts = {
        script.name: script.read_text("utf-8")
        for script in ours.joinpath("js").iterdir()
        if script.name.endswith(".js")
    }
    sources = {
        "app.css": "".join(_text(ours, "css", f"{name}.css") for name in STYLES),
        "mytime.css": _text(ours, "css", "mytime.css"),
        "sprite.svg": sprite(),
        "favicon.svg": FAVICON,
        "htmx.js": _text(files("django_htmx"), "static", "django_htmx", "htmx-2.min.js"),
        "prose_editor.js": _text(
            files("django_prose_editor"), "static", "django_prose_editor", "editor.js"
        ),
        **scripts,
    }
    return {name: _asset(name, source) for name, source in sources.items()}


@cache
def digest() -> str:
    """A name for exactly these assets."""
    whole = hashlib.sha256()
    for name, asset in sorted(assets().items()):
        whole.update(name.encode() + b"\0" + asset.body)
    return whole.hexdigest()[:12]


def asset_path(name: str) -> str:
    """Where the asset is served.  Raises KeyError for a name that does not exist."""
    assets()[name]
    return f"/assets/{digest()}/{name}"


@cache
def preloaded_scripts() -> tuple[str, ...]:
    """The modules every page needs, so that the browser need not discover them one by one."""
    mine = (name for name in assets() if name.endswith(".js"))
    return tuple(
        asset_path(name)
        for name in sorted(mine)
        if name not in ON_DEMAND | {"htmx.js", "prose_editor.js", "app.js"}
    )


def _text(root: Traversable, *path: str) -> str:
    return root.joinpath(*path).read_text("utf-8")


def _asset(name: str, source: str) -> Asset:
    body = source.encode()
    return Asset(
        body=body,
        gzipped=gzip.compress(body, 9, mtime=0),
        content_type=f"{_TYPES[name.rsplit('.', 1)[1]]}; charset=utf-8",
    )
