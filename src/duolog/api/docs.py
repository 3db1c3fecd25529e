"""The page that shows the OpenAPI document: plain HTML from our own origin, without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from duolog.api.rest import api
from duolog.people.needs import Door, states


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of a shape, or one parameter."""

    name: str
    type: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Call:
    """One operation as the page lists it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[FieldRow, ...]
    body: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShapeTable:
    """One shape with its fields."""

    name: str
    about: str
    fields: tuple[FieldRow, ...]


@states(Door.ANYBODY)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every call and every shape."""
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    schemas = document["components"]["schemas"]
    context = {
        "document": document,
        "groups": _groups(document),
        "shapes": [_table(name, schema) for name, schema in sorted(schemas.items())],
    }
    return render(request, "api/docs.html", context)


@states(Door.ANYBODY)
@require_safe
def stylesheet(_request: HttpRequest) -> HttpResponse:
    """How that page looks."""
    text = resources.files("duolog.api").joinpath("templates/api/docs.css").read_text()
    return HttpResponse(text, content_type="text/css; charset=utf-8")


def _groups(document: Mapping[str, Any]) -> dict[str, list[Call]]:
    groups: dict[str, list[Call]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_call(path, method, operation))
    return groups


def _call(path: str, method: str, operation: Mapping[str, Any]) -> Call:
    body = operation.get("requestBody", {}).get("content", {})
    return Call(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation["description"].removeprefix(operation["summary"]).strip(),
        parameters=tuple(_parameter(each) for each in operation["parameters"]),
        body=_first_type(body),
        answers=tuple(
            (str(status), _first_type(answer.get("content", {})) or answer["description"])
            for status, answer in operation["responses"].items()
            if str(status).startswith("2")
        ),
    )


def _parameter(parameter: Mapping[str, Any]) -> FieldRow:
    schema = parameter["schema"]
    about = parameter.get("description") or schema.get("description", "")
    return FieldRow(
        f"{parameter['name']} ({parameter['in']})", type_of(schema), parameter["required"], about
    )


def _table(name: str, schema: Mapping[str, Any]) -> ShapeTable:
    required = schema.get("required", ())
    fields = tuple(
        FieldRow(field, type_of(each), field in required, each.get("description", ""))
        for field, each in schema.get("properties", {}).items()
    )
    if "enum" in schema:
        fields = (FieldRow("one of", ", ".join(map(str, schema["enum"])), required=True, about=""),)
    return ShapeTable(name, schema.get("description", ""), fields)


def _first_type(content: Mapping[str, Any]) -> str:
    return next((type_of(each["schema"]) for each in content.values()), "")


def type_of(schema: Mapping[str, Any]) -> str:
    """A schema in a few words: `list of Team`, `string or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return " or ".join(dict.fromkeys(type_of(option) for option in options))
    if "enum" in schema:
        return " or ".join(f'"{value}"' for value in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"map to {type_of(schema['additionalProperties'])}"
    return str(schema.get("format", kind))
