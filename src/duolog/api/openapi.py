"""What the OpenAPI document says beyond routes and shapes: headers, and how refusals look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from pydantic import BaseModel

from duolog.api.problems import CONTENT_TYPE, TITLES
from duolog.people.needs import Need, need_of

_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})
_ALWAYS: Final = (401, 403, 422, 429)
_OF_ONE: Final = (404,)
_OF_WRITES: Final = (400,)


def _header(name: str, description: str) -> dict[str, Any]:
    return {
        "parameters": [
            {
                "in": "header",
                "name": name,
                "required": False,
                "description": description,
                "schema": {"type": "string"},
            }
        ]
    }


ONCE: Final = _header(
    "Idempotency-Key", "The same key with the same request gets the same answer, for a day."
)
IF_MATCH: Final = _header("If-Match", "An ETag; 412 where it has another version by now.")


class FieldError(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class ProblemShape(BaseModel):
    """Why nothing was done, in words for a person."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError]


class DuologApi(NinjaAPI):
    """The API, which describes its refusals too, and what right each operation needs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.needs: dict[str, Need] = {}

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the function, which is unique by itself."""
        name = operation.view_func.__name__
        self.needs[name] = need_of(operation.view_func)
        return name

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The document, with a problem for every refusal."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        problem = ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"].update(problem.pop("$defs"), Problem=problem)
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if method in _METHODS:
                    operation["responses"] |= _refusals(path, method, operation)
                    operation["x-right"] = words_of(self.needs[operation["operationId"]])
                    operation["summary"] = operation["description"].partition("\n")[0]
        return document


def words_of(need: Need) -> str:
    """The right in words; where one's own things need less, that too."""
    return f"{need.to_write} (one's own: {need.own})" if need.own else str(need.to_write)


def _refusals(path: str, method: str, operation: Mapping[str, Any]) -> dict[Any, Any]:
    statuses = {
        *_ALWAYS,
        *(_OF_ONE if "{" in path else ()),
        *(_OF_WRITES if method != "get" else ()),
    }
    names = {each["name"] for each in operation["parameters"]}
    statuses |= {409} if "Idempotency-Key" in names else set()
    statuses |= {412} if "If-Match" in names else set()
    answers: dict[Any, Any] = {status: _answer(TITLES[status]) for status in sorted(statuses)}
    return answers | {"default": _answer("Any other refusal")}


def _answer(description: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {CONTENT_TYPE: {"schema": reference}}}
