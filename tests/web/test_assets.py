"""Style, scripts and icons: complete, light, and kept for ever."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

from duolog.web import assets as module
from duolog.web.assets import ON_DEMAND, asset_path, assets, preloaded_scripts
from duolog.web.icons import LUCIDE, OWN, sprite

WEB = Path(module.__file__).parent
TEMPLATES = sorted(WEB.glob("templates/**/*.html"))
CSS_GZ_MOST = 16 * 1024
SCRIPTS_GZ_MOST = 12 * 1024


def test_every_named_icon_is_in_the_sprite() -> None:
    drawn = re.findall(r'<symbol id="([^"]+)"', sprite())
    assert sorted(drawn) == sorted([*LUCIDE, *OWN])


def test_every_icon_a_script_draws_is_in_the_sprite() -> None:
    scripts = "".join(path.read_text("utf-8") for path in WEB.glob("static/duolog/js/*.js"))
    named = set(re.findall(r'glyph\("([^"]+)"\)', scripts))
    assert named
    assert named <= {*LUCIDE, *OWN}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_needs_no_exception_from_the_content_policy(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", text)
    assert "<style" not in text
    assert not re.search(r'(src|href)="(https?:)?//', text)
    assert "hx-on" not in text
    assert "hx-boost" not in text


def test_styles_and_scripts_keep_to_their_weight() -> None:
    everything = assets()
    scripts = [name for name in everything if name.endswith(".js")]
    own = [name for name in scripts if name not in ON_DEMAND | {"htmx.js", "prose_editor.js"}]
    assert len(everything["app.css"].gzipped) <= CSS_GZ_MOST
    assert sum(len(everything[name].gzipped) for name in own) <= SCRIPTS_GZ_MOST


def test_every_module_that_is_imported_exists() -> None:
    for name, asset in assets().items():
        if name.endswith(".js") and name not in {"htmx.js", "prose_editor.js"}:
            imported = re.findall(r'(?:from|import)\s*\(?"\./([^"]+)"', asset.body.decode())
            assert set(imported) <= assets().keys()


def test_what_every_page_needs_is_asked_for_at_once() -> None:
    imported = re.findall(r'import "\./([^"]+)"', assets()["app.js"].body.decode())
    preloaded = {path.rsplit("/", 1)[1] for path in preloaded_scripts()}
    assert {*imported, "dom.js"} == preloaded


def test_an_asset_is_kept_for_ever_and_sent_packed() -> None:
    answer = Client().get(asset_path("app.css"), headers={"Accept-Encoding": "gzip"})
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert gzip.decompress(answer.content) == assets()["app.css"].body


def test_of_an_old_version_nothing_is_kept() -> None:
    answer = Client().get("/assets/000000000000/app.css")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


def test_there_is_nothing_beside_the_assets() -> None:
    answer = Client().get("/assets/000000000000/settings.py")
    assert answer.status_code == 404
