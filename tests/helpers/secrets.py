"""Secrets that a test handed out, and where any of them can be read again."""

from __future__ import annotations

import base64
import html
import json
import logging
import logging.config
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import Any
from urllib.parse import quote, quote_plus

from django.db import connection

from duolog.app.logs import SILENCED, HideWebhookNames, logging_settings

SHORTEST = 8
"""What is shorter may stand anywhere by chance."""


def forms_of(secret: str) -> dict[str, str]:
    """The ways in which a secret is written: as it is, in addresses, pages, JSON and headers."""
    raw = secret.encode()
    forms = {
        "plain": secret,
        "in an address": quote(secret, safe=""),
        "in a form": quote_plus(secret),
        "in a page": html.escape(secret),
        "in JSON": json.dumps(secret)[1:-1],
        "in a repr": repr(secret)[1:-1],
    }
    for before in range(3):  # base64 of whatever stands before it, such as a user name
        encoded = base64.b64encode(b"\0" * before + raw).decode()
        first = -(-before * 8 // 6)
        forms[f"in base64 after {before}"] = encoded[first : len(encoded) - 4]
    return forms


@dataclass
class Trail:
    """Everything that was said anywhere, by the name of the place, and what must not be in it."""

    secrets: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def keep(self, name: str, secret: str) -> str:
        """Remember a secret, and hand it back to be used."""
        assert len(secret) >= SHORTEST, name
        self.secrets[name] = secret
        return secret

    def answer(self, place: str, answer: Any, *, shows: str = "") -> Any:
        """Note an answer with its headers; `shows` is the one secret it is there to tell."""
        body = answer.getvalue() if answer.streaming else answer.content
        text = f"{answer.headers}\n{answer.cookies}\n{body.decode(errors='replace')}"
        if shows:
            text = text.replace(shows, "(shown once)").replace(html.escape(shows), "(shown once)")
        self.said[f"{len(self.said)} {place}"] = text
        return answer

    def leaks(self) -> list[str]:
        """Every secret that can be read somewhere, with the place and the form."""
        return [
            f"{name} {form} in {place}"
            for name, secret in self.secrets.items()
            for form, written in _different(forms_of(secret))
            for place, text in self.said.items()
            if written in text
        ]

    @contextmanager
    def listening(self) -> Iterator[Logs]:
        """Keep what every logger says from DEBUG on, in both formats."""
        logs = Logs()
        with logs.attached():
            yield logs
        self.said["the log as text"] = logs.text.getvalue()
        self.said["the log as JSON"] = logs.json.getvalue()

    def dump(self) -> None:
        """Note what the database holds, every row of every table."""
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                rows = "\n".join(
                    " ".join(_readable(value) for value in row) for row in cursor.fetchall()
                )
                self.said[f"table {table}"] = rows


class Logs:
    """The log of everybody, while it is attached and not deaf."""

    def __init__(self) -> None:
        self.text, self.json = StringIO(), StringIO()
        self._deaf = False

    @contextmanager
    def attached(self) -> Iterator[None]:
        """Every logger speaks from DEBUG on, but for those that our settings silence."""
        handlers = [self._handler("text", self.text), self._handler("json", self.json)]
        names = set(logging.root.manager.loggerDict) - set(SILENCED)
        everybody = [logging.getLogger(), *map(logging.getLogger, names)]
        levels = {logger: logger.level for logger in everybody}
        for logger in everybody:
            logger.setLevel(logging.DEBUG)
        for handler in handlers:
            logging.getLogger().addHandler(handler)
        try:
            yield
        finally:
            for handler in handlers:
                logging.getLogger().removeHandler(handler)
            for logger, level in levels.items():
                logger.setLevel(level)

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """Do not listen to what the test itself says to the simulator."""
        self._deaf = True
        try:
            yield
        finally:
            self._deaf = False

    def _handler(self, log_format: str, stream: StringIO) -> logging.Handler:
        handler = logging.StreamHandler(stream)
        settings: Mapping[str, Any] = logging_settings(log_format)["formatters"][log_format]
        configurator = logging.config.DictConfigurator({"version": 1})
        handler.setFormatter(configurator.configure_formatter(dict(settings)))
        handler.addFilter(HideWebhookNames())
        handler.addFilter(lambda _record: not self._deaf)
        return handler


def _different(forms: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for form, written in forms.items():
        if written not in seen:
            seen.add(written)
            yield form, written


def _readable(value: object) -> str:
    if isinstance(value, memoryview | bytes):
        return bytes(value).decode("latin-1")
    return str(value)
