"""One of everything in a workplace, by the names that addresses and bodies use for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils import timezone
from helpers.builders import a_member, a_team, an_item, the_owner

from duolog.connections.models import Connection, ConnectionKind, Health
from duolog.connections.seal import seal
from duolog.notifications.models import Kind, Notice
from duolog.people.models import Member, Workplace
from duolog.people.services import create_api_token, invite
from duolog.sync.inbox.deletions import Deletions, list_deletions
from duolog.sync.link.facts import of_rules
from duolog.sync.models import (
    Binding,
    Conflict,
    Hold,
    JournalEntry,
    Link,
    Preview,
    PreviewEntry,
    Run,
)
from duolog.web.assets import digest
from duolog.work.lanes import ensure_lane
from duolog.worklogs.changes import NewWorklog
from duolog.worklogs.models import JiraIssue, OwnWorklog, Timer, Worklog, WorklogTemplate
from duolog.worklogs.services import delete_worklog, log_time
from duolog.workplace.actors import Actor
from duolog.workplace.models import Reading, Team, WorkItem
from duolog.workplace.services import (
    add_comment,
    add_relation,
    add_relation_kind,
    add_web_link,
    archive_property,
    attach,
    create_project,
    create_property,
    delete_attachment,
    delete_item,
    keep_file,
)

AN_HOUR: Final = NewWorklog(started="2026-03-02T09:00:00+00:00", seconds="1h")
Places = Mapping[str, str]

_REPORT: Final = {
    "account_id": "1", "account_name": "Bot", "time_zone": "UTC", "version": "1", "site_name": "",
    "missing": [], "skew_seconds": 0, "warnings": [],
}  # fmt: skip


def make_places(team: Team) -> dict[str, str]:
    """One of everything in the workplace of the team, made by its owner."""
    workplace, owner = team.workplace, the_owner(team.workplace)
    item, gone, other = (an_item(team) for _ in range(3))
    actor = Actor.of(owner)
    delete_item(gone.pk, actor=actor)
    invitation, secret = invite(owner, email="later@example.com")
    other_team = a_team(workplace, name="Other", key_prefix="OTH")
    made = {
        "slug": workplace.slug,
        "key": item.key,
        "gone_key": gone.key,
        "prefix": team.key_prefix,
        "other_prefix": other_team.key_prefix,
        "team_id": team.pk,
        "other_team_id": other_team.pk,
        "status_id": team.statuses.all()[1].pk,
        "other_status_id": team.statuses.all()[2].pk,
        "project_id": create_project(workplace, "Project", actor=actor).pk,
        "item_id": item.pk,
        "gone_id": gone.pk,
        "other_item_id": other.pk,
        "other_key": other.key,
        "comment_id": add_comment(item.pk, "Said", actor=actor).pk,
        "member_id": a_member(workplace, name="Victim Vole").pk,
        "invitation_id": invitation.pk,
        "property_id": create_property(workplace, "Size", "text", actor=actor).pk,
        "gone_property_id": _archived_property(workplace, actor),
        "token": secret,
        "version": digest(),
        "name": "title",
        **_hung_on(item, actor),
        **_over_jira(team, item),
    }
    return {name: str(value) for name, value in made.items()}


def own_places(member: Member) -> dict[str, str]:
    """What belongs to this member alone."""
    token, _ = create_api_token(member, name="Own")
    notice = Notice.objects.create(
        member=member, kind=Kind.values[0], text="Look", path=f"/w/{member.workplace.slug}/mine"
    )
    session, _ = UserSession.objects.get_or_create(
        session_key=f"own-{member.pk}", defaults={"user": member.user, "ip": "127.0.0.1"}
    )
    passkey = Authenticator.objects.create(user=member.user, type="webauthn", data={})
    passkey_id = str(passkey.pk)
    passkey.delete()  # with one, signing in would ask for it
    connection = Connection.objects.create(
        workplace=member.workplace, member=member, kind=ConnectionKind.PERSONAL, label="Own",
        base_url=f"http://127.0.0.1:9/{notice.pk}", email="a@example.com", sealed_secret=seal("x"),
        account_id="1", report=_REPORT,
    )  # fmt: skip
    ensure_lane(connection.lane, 4)
    stopped = Connection.objects.create(
        workplace=member.workplace, member=member, kind=ConnectionKind.PERSONAL, label="Stopped",
        base_url=f"http://127.0.0.1:9/{notice.pk}/stopped", email="a@example.com",
        sealed_secret=seal("x"), account_id="1", report=_REPORT, health=Health.ATTENTION,
    )  # fmt: skip
    ensure_lane(stopped.lane, 4)
    issue = JiraIssue.objects.create(connection=stopped, issue_id="1", key="FHP-1")
    own = OwnWorklog.objects.create(
        connection=stopped, issue=issue, jira_id="1", started_at=timezone.now(), seconds=3600
    )
    timer = {"connection": stopped, "issue": issue, "started_at": timezone.now()}
    Timer.objects.get_or_create(member=member, defaults=timer)
    logged = Worklog.objects.filter(work_item__team__workplace=member.workplace).first()
    entry = logged and Worklog.objects.create(
        work_item=logged.work_item, member=member, started_at=timezone.now(), seconds=3600
    )
    return {
        "own_worklog_id": str(entry.pk if entry else ""),
        "token_id": str(token.pk),
        "notice_id": str(notice.pk),
        "session_id": str(session.pk),
        "pk": passkey_id,
        "own_connection_id": str(connection.pk),
        "stopped_connection_id": str(stopped.pk),
        "own_worklog": str(own.pk),
        "issue_id": str(own.issue_id),
        "template_id": str(
            WorklogTemplate.objects.create(
                member=member, issue=own.issue, weekdays=[0], clock=time(9), seconds=900
            ).pk
        ),
    }


def _archived_property(workplace: Workplace, actor: Actor) -> int:
    row = create_property(workplace, "Colour", "text", actor=actor)
    return archive_property(row.pk, actor=actor).pk


def _hung_on(item: WorkItem, actor: Actor) -> dict[str, int]:
    there, gone = (
        attach(item.pk, keep_file(name, [b"x"]), actor=actor) for name in ("there.txt", "gone.txt")
    )
    delete_attachment(gone.pk, actor=actor)
    third = an_item(item.team)
    gone_entry = log_time(item.pk, AN_HOUR, actor=actor)
    delete_worklog(gone_entry.pk, actor=actor)
    return {
        "worklog_id": log_time(item.pk, AN_HOUR, actor=actor).pk,
        "gone_worklog_id": gone_entry.pk,
        "attachment_id": there.pk,
        "gone_attachment_id": gone.pk,
        "kind_id": add_relation_kind(item.team.workplace, "clones", "is cloned by", actor=actor).pk,
        "relation_id": add_relation(item.pk, Reading.BLOCKS, third.pk, actor=actor).pk,
        "web_link_id": add_web_link(item.pk, "https://example.org", actor=actor).pk,
    }


def _over_jira(team: Team, item: WorkItem) -> dict[str, object]:
    connection = Connection.objects.create(
        workplace=team.workplace, label="Jira", base_url="http://127.0.0.1:9",
        email="a@example.com", sealed_secret=seal("x"), account_id="1", report=_REPORT,
        webhook_hash="0" * 32,
    )  # fmt: skip
    ensure_lane(connection.lane, 4)
    binding = Binding.objects.create(
        team=team, connection=connection, jira_project_id="1", jira_project_key="FHP",
        jira_project_name="Fernhill", direction="two_way",
    )  # fmt: skip
    link = Link.objects.create(
        binding=binding, work_item=item, issue_id="1", issue_key="FHP-1", token="t",
        synced_at=timezone.now(),
    )  # fmt: skip
    hold = Hold.objects.create(link=link, slot_kind="field", slot_key="title", reason="No.")
    deletion = Hold.objects.create(
        link=link, slot_kind="deletion", slot_key="local", reason="It was deleted here."
    )
    many = _another_deletion(binding)
    run = Run.objects.create(binding=binding, kind="send", state="done")
    written = JournalEntry.objects.create(
        binding=binding, link=link, run=run, side="local", kind="field", key="title", before="Was",
    )  # fmt: skip
    settled = Conflict.objects.create(
        link=link, kind="field", key="due_on", winner="local", settled_at=timezone.now()
    )
    preview = Preview.objects.create(binding=binding, state="ready", rules=of_rules(binding))
    previewed = PreviewEntry.objects.create(preview=preview, act="create_issue", facts="x")
    sent = create_project(team.workplace, "Sent", actor=Actor.of(the_owner(team.workplace)))
    Binding.objects.create(
        team=team, project=sent, connection=connection, jira_project_id="1",
        jira_project_key="FHP", jira_project_name="Fernhill", direction="two_way",
    )  # fmt: skip
    return {
        "sent_project_id": sent.pk,
        "run_id": run.pk,
        "preview_entry_id": previewed.pk,
        "journal_id": written.pk,
        "conflict_id": settled.pk,
        "connection_id": connection.pk,
        "webhook_hash": connection.webhook_hash,
        "binding_id": binding.pk,
        "link_id": link.pk,
        "entry_id": f"hold-{hold.pk}",
        "deletion_id": f"hold-{deletion.pk}",
        "deletions_id": many.id,
        "deletions_version": many.version,
    }


def _another_deletion(binding: Binding) -> Deletions:
    """So that two wait for the same decision."""
    item = an_item(binding.team)
    other = Link.objects.create(
        binding=binding, work_item=item, issue_id="2", issue_key="FHP-2", token="u"
    )
    Hold.objects.create(link=other, slot_kind="deletion", slot_key="local", reason="It too.")
    (many,) = list_deletions(binding.team.workplace)
    return many


def filled(value: Any, places: Places) -> Any:
    """The value with every {name} in it, also deep inside, replaced by what has that name."""
    if isinstance(value, str):
        return re.sub(r"{(\w+)}", lambda found: places[found[1]], value)
    if isinstance(value, list):
        return [filled(each, places) for each in value]
    if isinstance(value, dict):
        return {name: filled(each, places) for name, each in value.items()}
    return value
