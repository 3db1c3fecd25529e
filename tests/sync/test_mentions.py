"""People mentioned in texts: the same person on both sides, by the user mapping."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.bound import Bound
from helpers.builders import a_member

from duolog.core.markup import mention_of
from duolog.people.models import Member
from duolog.sync.marks import ask_to_look
from duolog.sync.models import Link
from duolog.workplace.models import Comment, WorkItem
from duolog.workplace.services.comments import add_comment, edit_comment

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


def at(member: Member) -> str:
    return mention_of(str(member.pk), member.name)


def issue_of(bound: Bound, item: WorkItem) -> str:
    return str(bound.link(item).issue_id)


def there(bound: Bound, person: int = 0) -> Any:
    """The mention of a person as this Jira has it."""
    account = bound.jira.people[person]
    if not bound.jira.is_cloud:
        return f"[~{account.username}]"
    return account.account_id


def mentioning(bound: Bound, before: str, person: int) -> Any:
    """A text of Jira's that mentions a person."""
    if not bound.jira.is_cloud:
        return f"{before} {there(bound, person)}"
    account = bound.jira.people[person]
    mention = {"type": "mention", "attrs": {"id": account.account_id, "text": f"@{account.name}"}}
    content = [{"type": "text", "text": f"{before} "}, mention]
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": content}]}


def rest(bound: Bound) -> None:
    """Looking at everything again writes nothing, and nothing differs."""
    bound.jira.reset()
    ask_to_look(Link.objects.filter(binding=bound.binding).values_list("pk", flat=True))
    bound.run()
    assert not [c for c in bound.jira.calls() if c.startswith(("PUT", "DELETE")) or "/comment" in c]
    assert set(Link.objects.values_list("state", flat=True)) == {"in_step"}


def test_a_member_is_mentioned_in_jira_as_their_account(bound: Bound) -> None:
    item = bound.item(description=f"Ask {at(bound.maya)}, please")
    comment = add_comment(item.pk, f"{at(bound.maya)}: done", actor=bound.me)
    bound.bind()
    issue = issue_of(bound, item)
    assert there(bound) in str(bound.jira.get(issue)["description"])
    assert there(bound) in str(bound.jira.comments(issue)[0]["body"])
    edit_comment(comment.pk, f"{at(bound.maya)}: really done", actor=bound.me)
    bound.run()
    assert there(bound) in str(bound.jira.comments(issue)[0]["body"])
    bound.poll()
    rest(bound)


def test_an_account_mentioned_in_jira_is_the_member_here(bound: Bound) -> None:
    item = bound.item()
    bound.bind()
    issue = issue_of(bound, item)
    bound.jira.edit(issue, description=mentioning(bound, "Ask", 0))
    body = {"body": mentioning(bound, "Thanks", 0)}
    bound.jira.ask("POST", f"issue/{issue}/comment", body)
    bound.poll()
    item.refresh_from_db()
    assert item.description == f"Ask {at(bound.maya)}"
    assert Comment.objects.get(work_item=item).body == f"Thanks {at(bound.maya)}"
    rest(bound)


def test_an_account_nobody_stands_for_is_shown_and_kept_untouched(bound: Bound) -> None:
    item = bound.item(description="First\n\nSecond")
    bound.bind()
    issue = issue_of(bound, item)
    held = bound.jira.get(issue)["description"]
    stranger = mentioning(bound, "Ask", 2)
    if bound.jira.is_cloud:
        described: Any = {**held, "content": [*held["content"], *stranger["content"]]}
    else:
        described = f"{held}\n\n{stranger}"
    bound.jira.edit(issue, description=described)
    bound.poll()
    item.refresh_from_db()
    assert "](jira:mention/" in item.description
    bound.change(item, description=item.description.replace("First", "Changed"))
    bound.run()
    now = bound.jira.get(issue)["description"]
    assert there(bound, 2) in str(now)
    assert "Changed" in str(now)
    rest(bound)


def test_a_member_without_account_is_a_plain_name_there_and_stays_a_mention_here(
    bound: Bound,
) -> None:
    zoe = a_member(bound.workplace, name="Zoe Zander")
    item = bound.item(description=f"Ask {at(zoe)}\n\nThanks")
    bound.bind()
    issue = issue_of(bound, item)
    described = bound.jira.get(issue)["description"]
    assert "@Zoe Zander" in str(described)
    assert "member:" not in str(described)
    rest(bound)
    if bound.jira.is_cloud:
        described["content"][-1]["content"][0]["text"] = "Many thanks"
    else:
        described = described.replace("Thanks", "Many thanks")
    bound.jira.edit(issue, description=described)
    bound.poll()
    item.refresh_from_db()
    assert item.description == f"Ask {at(zoe)}\n\nMany thanks"
    rest(bound)


def test_a_login_name_is_asked_for_once(bound: Bound) -> None:
    if bound.jira.is_cloud:
        return  # an account is mentioned by its id
    item = bound.item()
    bound.bind()
    issue = issue_of(bound, item)
    for text in ("One [~nobody-here]", "Two [~nobody-here]"):
        bound.jira.ask("POST", f"issue/{issue}/comment", {"body": text})
        bound.poll()
    assert bound.jira.calls().get("GET /rest/api/2/user", 0) <= 1
