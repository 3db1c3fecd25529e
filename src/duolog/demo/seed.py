"""`python -m duolog.demo.seed`: makes the demo workplace in an empty database, once.

Reads on standard input what jirasim said of itself, and prints the content of demo.json.
"""

from __future__ import annotations

import importlib
import json
import os
import sys

from duolog.app.serve import prepare


def main() -> None:
    """Prepare the database, seed it, and say how it is reached."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duolog.app.settings")
    prepare()
    seeding = importlib.import_module("duolog.demo.seeding")  # models exist from here on
    try:
        json.dump(seeding.seed(json.load(sys.stdin)), sys.stdout)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
