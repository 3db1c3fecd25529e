"""What a search found is remembered for the pages that follow, and never shown when it is wrong."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from helpers.jira_caller import Api

from jirasim.jql.hits import Hits
from jirasim.site.permissions import may_see
from jirasim.site.recent import MOST, Recent, Standing
from jirasim.site.search import parsed, search

BY_PRIORITY = "project = FHP ORDER BY priority, key"
Change = Callable[[Api], object]


def keys(api: Api, jql: str) -> list[str]:
    cloud = api.site.product.cloud
    reply = api.get("/search/jql" if cloud else "/search", jql=jql, fields="key", maxResults=100)
    assert reply.status == 200, reply.text
    return [one["key"] for one in reply.json["issues"]]


def found(api: Api, jql: str, user: str | None = None) -> Hits:
    users = api.site.state.users
    return search(api.site, users[user or api.site.state.service_account], parsed(jql))


def edited(key: str, **fields: Any) -> Change:
    return lambda api: api.put(f"/issue/{key}", {"fields": fields})


def renamed(api: Api) -> None:
    users = api.site.state.users
    first = min(users.values(), key=lambda one: one.display_name)
    users[first.account_id] = replace(first, display_name="Zzz")


def closed(api: Api) -> None:
    state = api.site.state
    done = next(one for one in state.statuses.values() if one.category.key == "done")
    for one in tuple(state.statuses.values()):
        state.statuses[one.id] = replace(one, category=done.category)


def much_later(api: Api) -> None:
    api.site.clock.advance(timedelta(days=100))


@pytest.mark.parametrize(
    ("jql", "change"),
    [
        (BY_PRIORITY, edited("FHP-5", priority={"name": "Highest"})),
        ("project = FHP AND summary ~ altered", edited("FHP-5", summary="It is altered")),
        ("project = FHP", lambda api: api.delete("/issue/FHP-5", deleteSubtasks="true")),
        ("project = FHP AND assignee is not EMPTY ORDER BY assignee, key", renamed),
        ("project = FHP AND statusCategory != Done", closed),
        ("project = FHP AND updated > -90d", much_later),
    ],
    ids=["order", "match", "deletion", "name in the order", "category", "time"],
)
def test_a_change_is_seen_by_the_next_search(busy: Api, jql: str, change: Change) -> None:
    before = keys(busy, jql)
    assert keys(busy, jql) == before
    change(busy)
    after = keys(busy, jql)
    busy.site.searches = Recent()
    assert before != after == keys(busy, jql), "found afresh"


def test_the_same_question_is_answered_from_memory(busy: Api) -> None:
    assert found(busy, BY_PRIORITY) is found(busy, BY_PRIORITY)
    assert found(busy, "updated >= -1d") is not found(busy, "updated >= -1d")


def test_what_one_may_see_is_no_answer_to_another(busy: Api) -> None:
    state, jql = busy.site.state, "project = FHP ORDER BY priority"
    secret = replace(state.issues["10000"], security_id=_level(busy))
    busy.site.store(secret)
    allowed = [one for one in state.people if state.users[one].active]
    shown = {one: {issue.id for issue in found(busy, jql, one)} for one in allowed}
    for one in reversed(allowed):
        assert shown[one] == {issue.id for issue in found(busy, jql, one)}
        assert (secret.id in shown[one]) is may_see(busy.site, state.users[one], secret)
    assert len({secret.id in ids for ids in shown.values()}) == 2


def _level(api: Api) -> str:
    schemes = api.site.state.security_schemes.values()
    levels = [level for scheme in schemes for level in scheme.levels]
    return min(levels, key=lambda level: len(level.roles)).id


def test_a_lagging_index_is_remembered_no_longer_than_it_lags(busy: Api) -> None:
    state = busy.site.state
    state.settings = replace(state.settings, index_lag_seconds=60)
    before = keys(busy, BY_PRIORITY)
    edited("FHP-5", priority={"name": "Highest"})(busy)
    assert keys(busy, BY_PRIORITY) == before
    busy.site.clock.advance(timedelta(seconds=61))
    assert keys(busy, BY_PRIORITY) != before


def test_a_handful_of_answers_is_kept() -> None:
    recent: Recent[int] = Recent()
    asked: list[int] = []

    def noted(number: int) -> int:
        asked.append(number)
        return number

    def ask(number: int) -> int:
        return recent.get(Standing((0, 0), []), number, lambda: noted(number))

    for number in range(MOST + 1):
        assert ask(number) == number
    assert ask(MOST) == MOST
    assert len(asked) == MOST + 1
    ask(0)
    assert asked[-1] == 0, "the oldest had to go"


def test_whole_boards_are_remembered_until_they_change(busy: Api) -> None:
    board = next(iter(busy.site.state.boards))
    path = f"/rest/agile/1.0/board/{board}/issue"
    first = busy.get(path).json
    assert busy.get(path, startAt=1).json["issues"][0]["id"] == first["issues"][1]["id"]
    busy.delete(f"/issue/{first['issues'][0]['key']}", deleteSubtasks="true")
    after = busy.get(path).json
    assert after["total"] < first["total"]
    assert after["issues"][0]["id"] == first["issues"][1]["id"]
