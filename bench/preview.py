"""A preview of very many entries: half of them items here, half issues in Jira.

Printed: how long it took to make, to open its first page, and to approve, and how much memory the
process grew by meanwhile.  BENCH_ITEMS says how many entries.
"""

import os
import resource
import time
from typing import Final

from bench.ground import make_ground
from bench.jira import running_jira
from bench.report import milliseconds, tell
from duolog.sync.binding.approval import approve
from duolog.sync.binding.services import Wish, bind_team
from duolog.sync.handlers import HANDLERS
from duolog.sync.shown.previews import count_entries, get_preview, list_entries
from duolog.web.sync.preview_rows import preview_rows
from duolog.worker.attempt import run_until_idle

ENTRIES: Final = int(os.environ.get("BENCH_ITEMS", "10000"))
PAGE: Final = 50


def main() -> None:
    """Fill both sides, look at all of it, approve all of it; nothing is carried out."""
    with running_jira(issues=ENTRIES // 2) as jira:
        ground = make_ground()
        for number in range(ENTRIES // 2):
            ground.item(f"Item {number:05}", description="Said **here**.")
            if number % 1000 == 999:
                run_until_idle(HANDLERS)
        run_until_idle(HANDLERS)
        wish = Wish(ground.connect(jira), jira.ready["project_key"], preview=True)
        binding = bind_team(ground.owner, ground.team, wish)
        before, began = _most_kib(), time.perf_counter()
        run_until_idle(HANDLERS)
        made_in, grown = time.perf_counter() - began, _most_kib() - before
        preview = get_preview(binding)
        began = time.perf_counter()
        preview_rows(list_entries(preview, limit=PAGE), binding)
        total = count_entries(preview).total
        opened_in = time.perf_counter() - began
        began = time.perf_counter()
        approve(ground.owner, preview)
        tell(
            f"preview: {ENTRIES} entries",
            entries=total,
            seconds_to_make=made_in,
            entries_per_second=total / made_in,
            grown_by_mib=grown / 1024,
            ms_to_open_a_page=milliseconds(opened_in),
            ms_to_approve=milliseconds(time.perf_counter() - began),
        )


def _most_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
