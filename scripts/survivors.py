"""Compare the mutants that no test noticed with those that docs/reference/mutation.md explains."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

EXPLAINED: Final = Path("docs/reference/mutation.md")
NOTICED: Final = frozenset({1, 3, 37})  # exit codes of pytest: failed, internal error; type check


def main() -> int:
    """Name every survivor; 1 if one of them has no explanation, or nothing was run."""
    codes = {
        name: code
        for meta in sorted(Path("mutants").rglob("*.meta"))
        for name, code in json.loads(meta.read_text())["exit_code_by_key"].items()
    }
    survivors = [name for name, code in codes.items() if code not in NOTICED]
    explained = EXPLAINED.read_text()
    bare = [name for name in survivors if name not in explained]
    for name in survivors:
        print(f"{'unexplained' if name in bare else 'explained'}: {name}")
    print(f"{len(codes)} mutants, {len(survivors)} survivors, {len(bare)} unexplained.")
    return 0 if codes and not bare else 1


if __name__ == "__main__":
    sys.exit(main())
