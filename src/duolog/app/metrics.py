"""`/metrics` for Prometheus: read from the database at each scrape.  Names no workplace or person."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from duolog.app.hardening import is_of_this_machine
from duolog.people.needs import Door, states
from duolog.sync.shown.totals import Totals, totals
from duolog.worker.health import Health, health

_ASK: Final = "Set DUOLOG_METRICS_TOKEN, and send it as Authorization: Bearer TOKEN.\n"
_CHALLENGE: Final = {"WWW-Authenticate": "Bearer", "Content-Type": "text/plain; charset=utf-8"}


class Present(Collector):
    """The state of the installation at one moment."""

    def __init__(self, work: Health, sync: Totals) -> None:
        self._work = work
        self._sync = sync

    def collect(self) -> Iterator[Metric]:
        """One family per number, labelled where it is counted by kind."""
        age = "Seconds that the oldest due work has waited."
        yield GaugeMetricFamily("duolog_queue_age_seconds", age, self._work.queue_age)
        yield GaugeMetricFamily("duolog_workers", "Workers alive.", self._work.workers)
        yield GaugeMetricFamily("duolog_jobs_running", "Jobs under way.", self._work.running)
        yield _counted("duolog_links", "Links by state.", "state", self._sync.links)
        yield _counted(
            "duolog_deliveries", "Webhooks kept, by outcome.", "outcome", self._sync.deliveries
        )
        yield _counted(
            "duolog_connections", "Connections by health.", "health", self._sync.connections
        )
        yield GaugeMetricFamily("duolog_holds", "Open holds.", self._sync.holds)
        yield GaugeMetricFamily("duolog_conflicts", "Open conflicts.", self._sync.conflicts)


@states(Door.METRICS)
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All of them in Prometheus' own format, for who has the token."""
    if not _may_read(request.headers.get("Authorization", "")):
        return HttpResponse(_ASK, status=401, headers=_CHALLENGE)
    registry = CollectorRegistry()
    registry.register(Present(health(), totals()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(authorization: str) -> bool:
    """Without a token in the settings, only where nobody but this machine is served."""
    if not settings.METRICS_TOKEN:
        return is_of_this_machine(settings.PUBLIC_URL)
    return secrets.compare_digest(
        authorization.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()
    )


def _counted(name: str, about: str, label: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about, labels=[label])
    for value, number in sorted(counts.items()):
        family.add_metric([value], number)
    return family
