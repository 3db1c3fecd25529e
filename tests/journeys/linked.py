"""Links the installation of the journeys with a simulated Jira; imported where Django is set up."""

from __future__ import annotations

from datetime import date

from helpers.jirasim import Jira, adf

from duolog.connections.models import Connection
from duolog.connections.services import NewConnection, close_clients, connect
from duolog.people.models import Member, Role
from duolog.sync.binding.services import Wish, bind_team, sweep_now
from duolog.sync.handlers import HANDLERS
from duolog.sync.models import JournalEntry, Link
from duolog.sync.undo.writes import undo_write
from duolog.worker.attempt import run_until_idle
from duolog.workplace.actors import Actor
from duolog.workplace.models import Team, WorkItem
from duolog.workplace.services import update_item


def link(jira: Jira) -> None:
    """Platform is in step with the site's project, but for four items that wait for somebody."""
    maya = Member.objects.select_related("workplace", "user").get(role=Role.OWNER)
    connection = connect(maya, NewConnection(jira.url, jira.service.email, jira.service.api_token))
    binding = bind_team(
        maya, Team.objects.get(key_prefix="PLAT"), Wish(connection, jira.project_key)
    )
    run_until_idle(HANDLERS)
    _make_writes(maya, jira)
    _make_conflict(maya, jira)
    _make_small_conflict(maya, jira)
    _make_hold(maya)
    jira.delete(_issue("PLAT-6"))
    sweep_now(maya, binding)
    run_until_idle(HANDLERS)
    _find_faults(connection)
    close_clients()


def _make_writes(maya: Member, jira: Jira) -> None:
    """PLAT-2 changes here and in Jira, and one of the writes is undone."""
    item = WorkItem.objects.get(key="PLAT-2")
    update_item(item.pk, {"title": "A title of ours", "priority": "low"}, actor=Actor.of(maya))
    run_until_idle(HANDLERS)
    text = "Every webhook is stored before it is answered. " * 4
    jira.edit(_issue("PLAT-2"), description=adf(text), duedate="2027-04-01")
    sweep_now(maya, Link.objects.get(work_item=item).binding)
    run_until_idle(HANDLERS)
    undo_write(maya, JournalEntry.objects.filter(link__work_item=item, key="title").latest("pk"))
    run_until_idle(HANDLERS)


def _make_conflict(maya: Member, jira: Jira) -> None:
    """Title, description and due date of PLAT-3 change on both sides."""
    item = WorkItem.objects.get(key="PLAT-3")
    item_text = item.description.replace("*oldest* first", "the *newest* first, in `batches`")
    changes: dict[str, object] = {
        "title": "Move invoice PDFs to S3",
        "description": item_text,
        "due_on": date(2027, 3, 1),
    }
    update_item(item.pk, changes, actor=Actor.of(maya))
    jira.edit(
        _issue("PLAT-3"),
        summary="Move invoice <b>PDFs</b> & receipts to object storage",
        description=adf("Invoice PDFs live on one disk."),
        duedate="2027-02-01",
    )


def _make_small_conflict(maya: Member, jira: Jira) -> None:
    """The title of PLAT-5 changes on both sides."""
    item = WorkItem.objects.get(key="PLAT-5")
    update_item(item.pk, {"title": "Ours"}, actor=Actor.of(maya))
    jira.edit(_issue("PLAT-5"), summary="Theirs")


def _make_hold(maya: Member) -> None:
    """Jira takes no title as long as that of PLAT-4."""
    item = WorkItem.objects.get(key="PLAT-4")
    update_item(
        item.pk, {"title": f"Budget per connection {'and so on ' * 26}"}, actor=Actor.of(maya)
    )


def _issue(key: str) -> str:
    return str(Link.objects.get(work_item__key=key).issue_id)


def _find_faults(connection: Connection) -> None:
    """The account lacks two rights and the clocks differ, as a test would have found."""
    connection.refresh_from_db()
    connection.report |= {
        "missing": ["Delete issues", "Delete comments"],
        "skew_seconds": 95,
        "warnings": [
            "The account may not: delete issues, delete comments. Ask a Jira admin to give it a "
            "role that may; what needs the right waits in the Sync inbox until then.",
            "Jira's clock is 95 s ahead of ours. Set this machine's clock by a time server.",
        ],
    }
    connection.save(update_fields=["report"])
