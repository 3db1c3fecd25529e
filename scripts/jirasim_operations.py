"""Write the table of operations that the simulator has, from Atlassian's documents and our routes.

`python -m scripts.jirasim_operations` writes `src/jirasim/OPERATIONS.md`; a test sees that it is
up to date.  The documents are read from `../shared`, never copied: only methods and paths appear.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jirasim.http.app import operations
from jirasim.site.product import CLOUD, SERVER_VERSION, Deployment, Product

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "src/jirasim/OPERATIONS.md"
DOCUMENTS: Final = ROOT.parent / "shared/jira/openapi"
METHODS: Final = ("get", "post", "put", "delete")
UNHEARD: Final[dict[str, tuple[str, ...]]] = {
    "GET /rest/api/3/attachment/thumbnail/{}": ("width", "height", "fallbackToDefault"),
    "GET /rest/api/3/bulk/issues/fields": ("startingAfter", "endingBefore"),
    "GET /rest/api/3/bulk/issues/transition": ("startingAfter", "endingBefore"),
    "POST /rest/api/3/issue": ("updateHistory",),
    "GET /rest/api/3/issue/{}": ("updateHistory", "failFast"),
    "PUT /rest/api/3/issue/{}": ("overrideScreenSecurity", "overrideEditableFlag"),
    "GET /rest/api/3/issue/{}/editmeta": ("overrideScreenSecurity", "overrideEditableFlag"),
    "PUT /rest/api/3/issue/{}/comment/{}": ("overrideEditableFlag",),
    "POST /rest/api/3/issue/{}/worklog": ("overrideEditableFlag",),
    "DELETE /rest/api/3/issue/{}/worklog": ("overrideEditableFlag",),
    "POST /rest/api/3/issue/{}/worklog/move": ("overrideEditableFlag",),
    "PUT /rest/api/3/issue/{}/worklog/{}": ("overrideEditableFlag",),
    "DELETE /rest/api/3/issue/{}/worklog/{}": ("overrideEditableFlag",),
    "GET /rest/api/3/mypermissions": ("projectUuid", "projectConfigurationUuid", "commentId"),
    "GET /rest/api/3/project/search": ("propertyQuery",),
    "GET /rest/api/3/project/{}/component": ("componentSource",),
    "GET /rest/api/3/project/{}/components": ("componentSource",),
    "GET /rest/api/3/search/jql": ("failFast",),
    "GET /rest/api/3/user/assignable/search": ("sessionId", "recommend", "appType"),
    "GET /rest/api/3/user/picker": ("avatarSize", "excludeConnectUsers"),
    "GET /rest/api/2/customFields": ("sortColumn", "sortOrder", "screenIds", "lastValueUpdate"),
    "POST /rest/api/2/issue": ("updateHistory",),
    "GET /rest/api/2/issue/{}": ("updateHistory",),
    "GET /rest/api/2/project": ("browseArchive",),
    "GET /rest/api/2/user": ("includeDeleted",),
}
"""Parameters of the documents that change nothing, by operation with `{}` for names."""
LACKING: Final[dict[str, str]] = {
    "GET /rest/api/3/role/{}/actors": "nobody plays a role by default",
    "GET /rest/api/2/role/{}/actors": "nobody plays a role by default",
    "POST /rest/api/3/issue/{}/notify": "no mail is sent",
    "POST /rest/api/2/issue/{}/notify": "no mail is sent",
    "GET /rest/api/3/auditing/record": "always empty",
    "GET /rest/api/3/user/email": "refused, as for apps that are not approved",
    "GET /rest/api/3/search": "refused, as since its removal",
    "POST /rest/api/3/search": "refused, as since its removal",
    "GET /rest/api/3/attachment/content/{}": "one range at a time",
}
"""What else is missing, by operation."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One product, and the document that says what it can be asked."""

    title: str
    document: str
    base: str
    product: Product


CHAPTERS: Final = (
    Chapter("Cloud, REST v3", "cloud-v3.reduced.json", "", CLOUD),
    Chapter(
        "Data Center 10.3, REST v2",
        "dc-10.3.reduced.json",
        "/rest",
        Product(Deployment.SERVER, SERVER_VERSION),
    ),
)


def page() -> str:
    """The whole page."""
    head = (
        "# Operations\n\n"
        "Which operations of Atlassian's documents the simulator answers. Made by\n"
        "`python -m scripts.jirasim_operations`; *yes* means that each answer in our tests was\n"
        "judged by the document, as far as it describes one; *partly* says what is missing. What\n"
        "is unlike Jira in detail is in the [README](README.md).\n"
    )
    return "\n".join([head, *(chapter(one) for one in CHAPTERS)])


def chapter(about: Chapter) -> str:
    """One table, and what there is beyond it."""
    ours = {shape(one) for one in operations(about.product)}
    wanted = list(documented(about))
    rows = [f"| `{one}` | {state(one, ours)} |" for one in wanted]
    known = {shape(one) for one in wanted}
    more = sorted(one for one in operations(about.product) if shape(one) not in known)
    beyond = [f"- `{one}`{noted(one)}" for one in more]
    parts = [f"## {about.title}", "", "| Operation | |", "|---|---|", *rows, ""]
    return "\n".join([*parts, "And beyond that selection:", "", *beyond, ""])


def noted(operation: str) -> str:
    """What is missing of an operation that is not in the table."""
    lacking = LACKING.get(shape(operation))
    return "" if lacking is None else f": {lacking}"


def state(operation: str, ours: set[str]) -> str:
    """`yes`, `no`, or `partly` with what is missing."""
    if shape(operation) not in ours:
        return "no"
    names = UNHEARD.get(shape(operation), ())
    unheard = [f"{', '.join(f'`{one}`' for one in names)} not honoured"] if names else []
    lacking = LACKING.get(shape(operation))
    missing = unheard if lacking is None else [*unheard, lacking]
    return f"partly: {'; '.join(missing)}" if missing else "yes"


def named() -> set[str]:
    """The operations about which something is said here."""
    return {*UNHEARD, *LACKING}


def documented(about: Chapter) -> Iterator[str]:
    """The operations of a document, such as `GET /rest/api/3/issue/{issueIdOrKey}`."""
    content = json.loads((DOCUMENTS / about.document).read_text(encoding="utf-8"))
    for path, described in content["paths"].items():
        for method in METHODS:
            if method in described:
                yield f"{method.upper()} {about.base}{path}"


def shape(operation: str) -> str:
    """The operation whatever its parameters are called."""
    return re.sub(r"\{[^}]*\}", "{}", operation)


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
