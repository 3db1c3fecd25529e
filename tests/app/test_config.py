"""The environment: every problem at once, in words; secrets kept once."""

from __future__ import annotations

import json
import logging
import logging.config
from pathlib import Path

import pytest

from duolog.app.config import ConfigError, keep_secret, load_config
from duolog.app.logs import logging_settings
from duolog.app.settings import database_at


def test_an_empty_environment_is_enough() -> None:
    config = load_config({})
    assert config.database_url.startswith("sqlite://")
    assert config.public_url == "http://127.0.0.1:8000"
    assert config.poll_every.total_seconds() == 300


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(
            {
                "DUOLOG_DATABASE_URL": "mysql://x",
                "DUOLOG_POLL_EVERY": "soon",
                "DUOLOG_ALLOW_PRIVATE_HOSTS": "perhaps",
                "DUOLOG_PORT": "http",
                "DUOLOG_LOG_FORMAT": "xml",
                "DUOLOG_ENCRYPTION_KEYS": "short",
                "DUOLOG_TYPO": "1",
                "OTHER": "not ours",
            }
        )
    text = str(caught.value)
    names = ("DATABASE_URL", "POLL_EVERY", "ALLOW_PRIVATE_HOSTS", "PORT", "LOG_FORMAT")
    assert all(f"DUOLOG_{name}" in text for name in (*names, "ENCRYPTION_KEYS", "TYPO"))
    assert "OTHER" not in text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("30s", 30, id="seconds"),
        pytest.param("5m", 300, id="minutes"),
        pytest.param("2h", 7200, id="hours"),
        pytest.param("45", 45, id="a bare number counts seconds"),
    ],
)
def test_durations(text: str, seconds: int) -> None:
    assert load_config({"DUOLOG_POLL_EVERY": text}).poll_every.total_seconds() == seconds


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("from the file\n")
    assert load_config({"DUOLOG_SECRET_KEY_FILE": str(path)}).secret_key == "from the file"
    with pytest.raises(ConfigError, match="not both"):
        load_config({"DUOLOG_SECRET_KEY_FILE": str(path), "DUOLOG_SECRET_KEY": "x"})
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config({"DUOLOG_SECRET_KEY_FILE": str(tmp_path / "nowhere")})


def test_a_kept_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secret.key"
    assert keep_secret(path, "first") == "first"
    assert keep_secret(path, "second") == "first"
    assert path.stat().st_mode & 0o077 == 0
    assert [p.name for p in path.parent.iterdir()] == ["secret.key"]


def test_the_log_can_be_read_by_machines(capsys: pytest.CaptureFixture[str]) -> None:
    config = logging_settings("json")
    formatter = config["formatters"]["json"]
    shown = formatter["()"](
        foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"]
    ).format(logging.LogRecord("duolog.x", logging.INFO, "", 0, "Link %s", (7,), None))
    line = json.loads(shown)
    assert (line["event"], line["level"], line["logger"]) == ("Link 7", "info", "duolog.x")


def test_single_sign_on_is_set_up_whole_or_not_at_all() -> None:
    assert load_config({}).oidc.issuer == ""
    whole = {
        "DUOLOG_OIDC_ISSUER": "https://id.example.com/realm/",
        "DUOLOG_OIDC_CLIENT_ID": "duolog",
        "DUOLOG_OIDC_CLIENT_SECRET": "s",
    }
    assert load_config(whole).oidc.issuer == "https://id.example.com/realm"
    for name in whole:
        with pytest.raises(ConfigError, match="all three or none"):
            load_config({key: value for key, value in whole.items() if key != name})
    with pytest.raises(ConfigError, match="must begin with https"):
        load_config(whole | {"DUOLOG_OIDC_ISSUER": "http://id.example.com"})
    with pytest.raises(ConfigError, match="OIDC_ONLY needs"):
        load_config({"DUOLOG_OIDC_ONLY": "true"})


def test_what_stands_behind_the_address_of_postgresql_reaches_it() -> None:
    told = database_at(
        "postgresql://duolog:p%40ss@db:6432/duolog?sslmode=verify-full&sslrootcert=/ca"
    )
    assert (told["NAME"], told["PASSWORD"], told["PORT"]) == ("duolog", "p@ss", "6432")
    options = told["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/ca")
    assert options["connect_timeout"] == 5
    assert (
        database_at("postgresql://db/duolog?connect_timeout=2")["OPTIONS"]["connect_timeout"] == "2"
    )
