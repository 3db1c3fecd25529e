"""How the log looks: lines for people, or one JSON object a line.  Never a body or a header."""

from __future__ import annotations

import logging
import re
from typing import Any, Final

import structlog

_TEXT: Final = {"format": "%(asctime)s %(levelname)-7s %(name)s  %(message)s"}
SILENCED: Final = {
    "httpx2": {"level": "WARNING"},  # it would log an address for each call
    "django.template": {"level": "INFO"},  # its DEBUG holds all that a page was drawn with
}
"""Loggers that say too much, at whatever level the others speak."""
_WEBHOOK: Final = re.compile(r"(/webhook/jira/)[^/?\s]+")


class HideWebhookNames(logging.Filter):
    """Leaves the name out of a webhook's address: where Jira cannot sign, it is the secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through."""
        if isinstance(record.args, tuple):
            record.args = tuple(_hidden(argument) for argument in record.args)
        return True


def _hidden(argument: object) -> object:
    return _WEBHOOK.sub(r"\1***", argument) if isinstance(argument, str) else argument


def logging_settings(log_format: str) -> dict[str, Any]:
    """Django's LOGGING for `text` or `json`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"text": _TEXT, "json": _json()},
        "filters": {"webhooks": {"()": HideWebhookNames}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": log_format,
                "filters": ["webhooks"],
            }
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": SILENCED,
    }


def _json() -> dict[str, Any]:
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    }
