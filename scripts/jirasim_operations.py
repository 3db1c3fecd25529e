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
PARTLY: Final[dict[str, str]] = {}
"""By `GET /rest/…` with `{}` for names: what is missing of it."""


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
        "judged by the document.\n"
    )
    return "\n".join([head, *(chapter(one) for one in CHAPTERS)])


def chapter(about: Chapter) -> str:
    """One table, and what there is beyond it."""
    ours = {shape(one) for one in operations(about.product)}
    wanted = list(documented(about))
    rows = [f"| `{one}` | {state(one, ours)} |" for one in wanted]
    known = {shape(one) for one in wanted}
    more = sorted(one for one in operations(about.product) if shape(one) not in known)
    beyond = [f"- `{one}`" for one in more]
    parts = [f"## {about.title}", "", "| Operation | |", "|---|---|", *rows, ""]
    return "\n".join([*parts, "And beyond that selection:", "", *beyond, ""])


def state(operation: str, ours: set[str]) -> str:
    """`yes`, `no`, or `partly` with what is missing."""
    if shape(operation) not in ours:
        return "no"
    missing = PARTLY.get(shape(operation))
    return "yes" if missing is None else f"partly: {missing}"


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
