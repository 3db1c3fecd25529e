"""Run every house rule over the repository: `python -m scripts.linters [ROOT]`."""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.linters import budgets, docstrings, frozen, templates, vocabulary

RULES = (vocabulary, budgets, frozen, docstrings, templates)


def main(arguments: list[str]) -> int:
    """Print what breaks a rule; 1 if anything does."""
    root = Path(arguments[0] if arguments else ".")
    found = [finding for rule in RULES for finding in rule.check(root)]
    for finding in found:
        print(finding)
    print(f"House rules: {len(found) or 'nothing'} to mend.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
