"""Atlassian's OpenAPI documents as judges of answers: Cloud, Data Center, and the agile part.

Two indulgences, both because recordings of real sites need them: the document never says what
may be null, so nulls are left out before judging; and a few recorded keys are not in it.  The
document of Data Center is repaired where it is known to be wrong, each fault by name.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

FOLDER = Path(__file__).parents[3] / "shared/jira/openapi"
CLOUD = "cloud-v3.full.json.gz"
SERVER = "dc-10.3.full.json.gz"
AGILE = "jira-software.full.json.gz"
ROOT = "urn:document"
RECORDED_BUT_UNDOCUMENTED = frozenset(
    {"defaultLocale", "tmpFromAccountId", "tmpToAccountId", "untranslatedName"}
)

RECORDED_OTHERWISE = frozenset({("/rest/agile/1.0/board/{}/configuration", "location")})
"""Keys whose recordings, and the document's own examples, contradict its schema."""


class Document:
    """Finds the schema of an answer and validates against it.

    Templates are whole, such as `/rest/api/3/issue/{id}`; the names in braces do not matter.
    `base` is what the document's own paths leave out before theirs.
    """

    def __init__(self, content: Mapping[str, Any], base: str = "") -> None:
        self._content = content
        resource = Resource.from_contents(content, default_specification=DRAFT4)
        self._registry: Registry[Any] = Registry().with_resource(ROOT, resource)
        self._paths = {
            (_shape(base + path), method): path
            for path, methods in content["paths"].items()
            for method in methods
        }
        self._validators: dict[str, OAS30Validator] = {}

    @property
    def schemas(self) -> Mapping[str, Any]:
        """The named schemas."""
        found: Mapping[str, Any] = self._content["components"]["schemas"]
        return found

    def has(self, method: str, template: str) -> bool:
        """Whether the document describes this operation."""
        return (_shape(template), method.lower()) in self._paths

    def operations(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Method, path and description of all there are."""
        for path, methods in self._content["paths"].items():
            for method, operation in methods.items():
                if method in {"get", "post", "put", "delete"}:
                    yield method.upper(), path, operation

    def complaints(self, method: str, template: str, status: int, body: object) -> list[str]:
        """What is wrong with an answer; nothing when the document is silent about it."""
        pointer = self._schema(method, template, status)
        if pointer is None or body is None:
            return []
        seen = (
            {
                key: one
                for key, one in body.items()
                if (_shape(template), key) not in RECORDED_OTHERWISE
            }
            if isinstance(body, dict)
            else body
        )
        errors = self._validator(pointer).iter_errors(_pruned(seen))
        return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in errors]

    def _schema(self, method: str, template: str, status: int) -> str | None:
        path = self._paths.get((_shape(template), method.lower()))
        operation = self._content["paths"].get(path, {}).get(method.lower(), {})
        media = operation.get("responses", {}).get(str(status), {}).get("content", {})
        if "schema" not in media.get("application/json", {}):
            return None
        parts = ("paths", str(path), method.lower(), "responses", str(status), "content")
        escaped = [part.replace("~", "~0").replace("/", "~1") for part in parts]
        return (
            "/".join(["#", *escaped, "application~1json", "schema"])
            .replace("{", "%7B")
            .replace("}", "%7D")
        )

    def _validator(self, pointer: str) -> OAS30Validator:
        if pointer not in self._validators:
            reference = {"$ref": ROOT + pointer}
            self._validators[pointer] = OAS30Validator(reference, registry=self._registry)
        return self._validators[pointer]


@cache
def document(name: str = CLOUD) -> Document | None:
    """A document, where the shared material is."""
    file = FOLDER / name
    if not file.exists():
        return None
    content = json.loads(gzip.decompress(file.read_bytes()))
    repair = {SERVER: repaired, CLOUD: as_exemplified}.get(name, lambda same: same)
    return Document(repair(content), BASES.get(name, ""))


def as_exemplified(content: dict[str, Any]) -> dict[str, Any]:
    """Cloud's document, in which clauses of parsed queries and configurations are as its examples.

    It says that a clause is one of four kinds and that it has no properties, which all four have;
    its own example is not so, and the same is said of default values.  Nor is its example of field
    configurations as it says, which have more than a new one is made of.
    """
    details = content["components"]["schemas"]["FieldConfigurationDetails"]
    assert details["properties"].keys() == {"name", "description"}
    details["properties"].update({"id": {"type": "integer"}, "isDefault": {"type": "boolean"}})
    for name in ("JqlQueryClause", "CustomFieldContextDefaultValue"):
        one_of_several = content["components"]["schemas"][name]
        assert one_of_several.pop("additionalProperties") is False
        assert "properties" not in one_of_several
    return content


def repaired(content: dict[str, Any]) -> dict[str, Any]:
    """Data Center's document without its known faults.  Fails when one of them is gone."""
    for method, path in LISTS_DECLARED_AS_THEIR_ITEM:
        media = _media(content, method, path)
        media["schema"] = {"type": "array", "items": media["schema"]}
    for path in PAGES_DECLARED_AS_THEIR_ITEM:
        media = _media(content, "get", path)
        values = {"type": "array", "items": media["schema"]}
        page = {"type": "object", "properties": {"values": values}, "required": ["values"]}
        media["schema"] = page
    for path, wrong in DECLARED_AS_SOMETHING_ELSE:
        media = _media(content, "get", path)
        assert media["schema"]["$ref"].endswith(wrong), path
        media["schema"] = {}
    for schema, name, within, kind in ANYTHING_DECLARED_NARROWLY:
        place = content["components"]["schemas"][schema]["properties"]
        part, key = (place[name], within) if within else (place, name)
        assert part[key]["type"] == kind, (schema, name)
        part[key] = {}
    return content


def _media(content: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    """The good answer of an operation, which is declared to be one object."""
    answers = content["paths"][path][method]["responses"]
    answer = next(answers[status] for status in ("200", "201") if status in answers)
    found: dict[str, Any] = answer["content"]["application/json"]
    assert "$ref" in found["schema"], path
    return found


LISTS_DECLARED_AS_THEIR_ITEM = (
    ("get", "/api/2/project"),
    ("get", "/api/2/field"),
    ("get", "/api/2/issuetype"),
    ("get", "/api/2/priority"),
    ("get", "/api/2/resolution"),
    ("get", "/api/2/status"),
    ("get", "/api/2/statuscategory"),
    ("get", "/api/2/project/{projectIdOrKey}/statuses"),
    ("get", "/api/2/issue/{issueIdOrKey}/subtask"),
    ("get", "/api/2/issue/{issueIdOrKey}/remotelink"),
    ("get", "/api/2/project/{projectIdOrKey}/components"),
    ("get", "/api/2/project/{projectIdOrKey}/versions"),
    ("post", "/api/2/issue/{issueIdOrKey}/attachments"),
    ("post", "/api/2/worklog/list"),
    ("get", "/api/2/user/search"),
    ("get", "/api/2/user/assignable/search"),
    ("get", "/api/2/user/assignable/multiProjectSearch"),
    ("get", "/api/2/user/permission/search"),
    ("get", "/api/2/user/viewissue/search"),
    ("get", "/api/2/user/columns"),
    ("get", "/api/2/user/a11y/personal-settings"),
    ("get", "/api/2/applicationrole"),
    ("get", "/api/2/projectCategory"),
    ("get", "/api/2/role"),
    ("get", "/api/2/filter/favourite"),
    ("get", "/api/2/filter/{id}/permission"),
    ("get", "/api/2/issuetype/{id}/alternatives"),
    ("post", "/api/2/filter/{id}/permission"),
    ("get", "/api/2/project/type"),
    ("get", "/api/2/application-properties/advanced-settings"),
    ("get", "/api/2/issue/{issueIdOrKey}/pinned-comments"),
    ("get", "/api/2/settings/columns"),
    ("get", "/api/2/screens/{screenId}/tabs"),
    ("get", "/api/2/screens/{screenId}/tabs/{tabId}/fields"),
    ("get", "/api/2/screens/{screenId}/availableFields"),
)
PAGES_DECLARED_AS_THEIR_ITEM = (
    "/api/2/group/member",
    "/api/2/issuetype/page",
    "/api/2/priority/page",
    "/api/2/status/page",
    "/api/2/resolution/page",
    "/api/2/issue/createmeta/{projectIdOrKey}/issuetypes",
    "/api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
)
DECLARED_AS_SOMETHING_ELSE = (
    ("/api/2/user/duplicated/list", "AvatarBean"),
    (
        "/api/2/filter/{id}/columns",
        "ColumnLayout",
    ),  # the list of labels that users and settings have
    ("/api/2/application-properties", "Property"),  # one with `key`, a list without
)
ANYTHING_DECLARED_NARROWLY = (
    ("IssueBean", "fields", "additionalProperties", "object"),
    ("IssueBean", "renderedFields", "additionalProperties", "object"),
    ("EntityPropertyBean", "value", "", "string"),
    ("HumanReadableArchive", "entries", "", "object"),
    ("AutoCompleteResponseBean", "visibleFieldNames", "items", "string"),
    ("AutoCompleteResponseBean", "visibleFunctionNames", "items", "string"),
)
"""A schema, one of its properties, what of that may be anything, and what it is declared to be."""

BASES = {SERVER: "/rest"}
"""The document of Data Center counts its paths from there."""


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def _pruned(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: _pruned(one)
            for key, one in value.items()
            if one is not None and key not in RECORDED_BUT_UNDOCUMENTED
        }
    return [_pruned(one) for one in value] if isinstance(value, list) else value
