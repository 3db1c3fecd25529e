"""A first send of very many items with comments, whose workers are killed over and over.

BENCH_ITEMS says how many items, BENCH_SEED when they are killed.
"""

import os
from collections import Counter
from typing import Any, Final

import httpx2

from bench.ground import make_ground
from bench.jira import Jira, running_jira
from bench.killing import send_under_fire
from bench.report import tell
from duolog.sync.handlers import HANDLERS
from duolog.sync.models import Direction
from duolog.worker.attempt import run_until_idle
from duolog.workplace.services import add_comment

ITEMS: Final = int(os.environ.get("BENCH_ITEMS", "10000"))
SEED: Final = int(os.environ.get("BENCH_SEED", "1"))
KILLS: Final = 12


def main() -> None:
    """Fill a team, bind it, have it sent, and count what is in Jira."""
    with running_jira() as jira:
        ground = make_ground()
        for number in range(ITEMS):
            item = ground.item(f"Item {number:05}")
            add_comment(item.pk, f"Said of {number}", actor=ground.me)
            if number % 1000 == 999:
                run_until_idle(HANDLERS)
        run_until_idle(HANDLERS)
        ground.bind(jira, ground.connect(jira), Direction.ONE_WAY)
        sent = send_under_fire(ITEMS, kills=KILLS, seed=SEED, env=os.environ)
        titles, comments = _found(jira)
        tell(
            f"send: {ITEMS} items with a comment each",
            kills=sent.kills,
            seconds=sent.seconds,
            items_per_second=ITEMS / sent.seconds,
            most_mib_of_a_worker=sent.most_kib / 1024,
            missing=ITEMS - len(titles),
            twice=sum(titles.values()) - len(titles),
            comments_missing=sum(count == 0 for count in comments),
            comments_twice=sum(count > 1 for count in comments),
        )


def _found(jira: Jira) -> tuple[Counter[str], list[int]]:
    """The titles of the issues, and how many comments each has."""
    titles: Counter[str] = Counter()
    comments: list[int] = []
    ready, token = jira.ready, None
    who = (ready["email"], ready["api_token"])
    with httpx2.Client(base_url=ready["url"], auth=who, timeout=60) as http:
        while True:
            asked: dict[str, Any] = {
                "jql": f"project = {ready['project_key']} ORDER BY id ASC",
                "fields": ["summary", "comment"],
                "maxResults": 100,
            }
            asked |= {"nextPageToken": token} if token else {}
            page = http.post("/rest/api/3/search/jql", json=asked).raise_for_status().json()
            titles.update(issue["fields"]["summary"] for issue in page["issues"])
            comments += [issue["fields"]["comment"]["total"] for issue in page["issues"]]
            token = page.get("nextPageToken")
            if not token:
                return titles, comments
