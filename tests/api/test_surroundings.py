"""Health, metrics, the OpenAPI document and its page."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from django.test import Client
from helpers.builders import an_item
from helpers.golden import agree
from openapi_schema_validator import OAS31Validator

from duolog.api.rest import api
from duolog.api.shapes import Body, Shape
from duolog.worker.health import beat
from duolog.workplace.models import Team

pytestmark = [pytest.mark.database, pytest.mark.django_db]

GOLDEN = Path(__file__).parents[1] / "golden" / "openapi.json"


def test_a_process_that_answers_is_live() -> None:
    assert Client().get("/health/live").json() == {"status": "ok"}


def test_ready_names_what_is_missing() -> None:
    waiting = Client().get("/health/ready")
    assert waiting.status_code == 503
    checks = waiting.json()["checks"]
    assert (checks["database"], checks["migrations"]) == ("ok", "ok")
    assert "duolog worker" in checks["worker"]
    beat("here:1", concurrency=4, running=0)
    assert Client().get("/health/ready").json()["status"] == "ok"


def test_metrics_tell_how_the_work_stands(team: Team) -> None:
    an_item(team)
    beat("here:1", concurrency=4, running=2)
    text = Client().get("/metrics").content.decode()
    assert "duolog_workers 1.0" in text
    assert "duolog_jobs_running 2.0" in text
    assert "duolog_holds 0.0" in text
    assert 'duolog_deliveries{outcome="waiting"} 0.0' in text
    age = next(line for line in text.splitlines() if line.startswith("duolog_queue_age_seconds"))
    assert float(age.split()[1]) >= 0


def test_the_document_is_the_golden_one(request: pytest.FixtureRequest) -> None:
    agree(request, GOLDEN, Client().get("/api/v1/openapi.json").json())


def test_the_documented_schemas_are_schemas() -> None:
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    for schema in document["components"]["schemas"].values():
        OAS31Validator.check_schema(schema)
    assert document["openapi"].startswith("3.1")


def test_the_page_shows_every_call_under_our_policy() -> None:
    answer = Client().get("/api/v1/docs")
    page = answer.content.decode()
    for path, operations in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items():
        assert path in page
        for operation in operations.values():
            assert f'id="{operation["operationId"]}"' in page
    assert "<script" not in page
    assert "style=" not in page
    assert "style-src 'self'" in answer["Content-Security-Policy"]
    assert Client().get("/api/v1/docs.css")["Content-Type"].startswith("text/css")


def test_each_shape_has_a_name_of_its_own() -> None:
    """The document keeps one schema per name, so that a second one would hide the first."""
    shapes = [*_below(Shape), *_below(Body)]
    ours = {shape for shape in shapes if shape.__module__.startswith("duolog.")}
    names = Counter(shape.__name__ for shape in ours)
    used = api.get_openapi_schema(path_prefix="")["components"]["schemas"]
    assert [name for name, number in names.items() if number > 1 and name in used] == []


def _below(kind: type) -> list[type]:
    direct = kind.__subclasses__()
    return [*direct, *(lower for each in direct for lower in _below(each))]
