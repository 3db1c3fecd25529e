"""Every write a person makes about synchronisation: bind, map, pause, retry, choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from duolog.connections.models import Connection, ConnectionKind, Health
from duolog.core.errors import Unseen
from duolog.core.fields import FieldMap
from duolog.people.audit import audit
from duolog.people.errors import Invalid, Outdated
from duolog.people.models import Member, Workplace
from duolog.people.rights import Right, require
from duolog.sync.basis.own_properties import forget_pairs, kinds_in_use
from duolog.sync.basis.project_epic import let_go_of_epic
from duolog.sync.basis.scopes import binding_of_team
from duolog.sync.binding.beginning import begin, keep_watching, look_at_all
from duolog.sync.binding.checking import check_tables, checked_map
from duolog.sync.binding.examining import with_findings
from duolog.sync.binding.proposal import Proposal, propose
from duolog.sync.binding.rules import RULE_COLUMNS, Rules, check_rules, expect, set_rules
from duolog.sync.discovery.retrying import retry_holds
from duolog.sync.doctor.gaps import accept_gaps
from duolog.sync.mapping import ProjectMeta, fields_from_json, fields_to_json, team_tables
from duolog.sync.marks import (
    COMPARE,
    CREATE,
    EPIC,
    FETCH,
    INTERACTIVE,
    META,
    POLL,
    SEND,
    SWEEP,
    UNDO,
    ask_to_look,
    mark_binding,
)
from duolog.sync.models import (
    Binding,
    BindingState,
    Hold,
    Link,
    LinkState,
    Run,
    RunKind,
    RunState,
    Start,
)
from duolog.sync.webhook_care import follow_bindings
from duolog.work.marks import forget, mark, retry_now
from duolog.workplace.models import Team


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for when binding a team."""

    connection: Connection
    project_key: str
    rules: Rules = field(default_factory=Rules)
    start: Start = Start.EVERYTHING
    mapping: Mapping[str, object] | None = None
    start_jira: Start | None = None  # as `start`, where not said
    preview: bool = False  # nothing crosses before a preview was approved


def propose_binding(by: Member, team: Team, connection: Connection, project_key: str) -> Proposal:
    """What binding a team to a project would mean; asks Jira, stores nothing."""
    require(by, Right.BIND, team=team)
    must_serve(team.workplace_id, connection)
    return with_findings(
        propose(team, connection, project_key), Binding(team=team, connection=connection)
    )


def bind_team(by: Member, team: Team, wish: Wish) -> Binding:
    """Keep a team in step with a Jira project from now on.  Raises Invalid, or SyncError."""
    require(by, Right.BIND, team=team)
    _must_be_free(team, wish)
    try:
        proposal = propose(team, wish.connection, wish.project_key)
    except Unseen as error:
        raise Invalid({"jira_project_key": f"{error} {error.hint}".strip()}) from error
    fields = checked_map(team, wish.mapping, proposal)
    check_rules(team.workplace_id, wish.rules, wish.connection, proposal.project_id, Rules())
    try:
        with transaction.atomic():
            binding = begin(new_binding(by, team, wish, proposal, fields))
            audit(by.workplace, by, "team bound", f"{team} with {binding.jira_project_key}")
    except IntegrityError:
        _must_be_free(team, wish)  # somebody else bound it while Jira was asked
        raise
    return binding


def new_binding(
    by: Member, team: Team, wish: Wish, proposal: Proposal, fields: FieldMap
) -> Binding:
    """A binding as it was wished for, not stored yet."""
    binding = Binding(
        team=team,
        connection=wish.connection,
        jira_project_id=proposal.project_id,
        jira_project_key=proposal.project_key,
        jira_project_name=proposal.project_name,
        start=wish.start,
        start_jira=wish.start_jira or wish.start,
        mapping={**fields_to_json(fields), **team_tables(wish.mapping or {})},
        project_meta=proposal.meta.to_json(),
        meta_fetched_at=timezone.now(),
        created_by=by,
        state=BindingState.PREVIEW if wish.preview else BindingState.ACTIVE,
    )
    set_rules(binding, wish.rules)
    return binding


def _must_live(binding: Binding) -> None:
    if binding.state == BindingState.ENDED:
        raise Invalid({"binding": "This binding has ended. Bind the team anew."})


def must_serve(workplace_id: int, connection: Connection) -> None:
    """Work is kept in step over service accounts: a personal connection is nobody else's."""
    is_personal = connection.kind == ConnectionKind.PERSONAL
    if is_personal or connection.workplace_id != workplace_id:
        raise Invalid({"connection_id": "There is no such connection in this workplace."})


def must_be_usable(connection: Connection) -> None:
    """Over a connection that was removed nothing can be kept in step."""
    if connection.health == Health.ENDED:
        raise Invalid({"connection_id": "This connection was removed. Connect again first."})


def _must_be_free(team: Team, wish: Wish) -> None:
    must_serve(team.workplace_id, wish.connection)
    must_be_usable(wish.connection)
    if binding_of_team(team) is not None:
        raise Invalid({"team_id": "This team is bound already. Unlink it first."})


def change_rules(
    by: Member, binding: Binding, rules: Rules, *, seen: Rules | None = None
) -> Binding:
    """Other rules from now on: links are looked at again, and what they let in now is looked for.

    Raises Outdated where the binding goes by other rules by now than what was `seen`.
    """
    require(by, Right.BIND, team=binding.team)
    _check_rules(binding, rules)
    return _go_by(by, binding, rules, seen)


def _check_rules(binding: Binding, rules: Rules) -> None:
    """Raises Invalid, or SyncError: Jira may be asked, so that no transaction may span it."""
    workplace = binding.team.workplace_id
    before, project = Rules.of(binding), binding.jira_project_id
    check_rules(workplace, rules, binding.connection, project, before)


def _go_by(by: Member, binding: Binding, rules: Rules, seen: Rules | None) -> Binding:
    with transaction.atomic():
        row = Binding.objects.select_for_update().get(pk=binding.pk)
        if seen is not None and Rules.of(row) != seen:
            raise Outdated("The rules were changed meanwhile. Look at them again, then save.")
        set_rules(binding, rules)
        binding.save(update_fields=RULE_COLUMNS)
        look_at_all(binding)
        mark_binding(SWEEP, binding)
        audit(by.workplace, by, "binding changed", str(binding))
    return binding


def change_binding(
    by: Member,
    binding: Binding,
    *,
    rules: Rules | None = None,
    mapping: Mapping[str, object] | None = None,
    expected_version: str | None = None,
) -> Binding:
    """Other rules, other tables, or both at once; what is None stays.

    Raises Invalid, Stale, and Outdated where the rules moved since the binding was read.
    """
    require(by, Right.BIND, team=binding.team)
    _must_live(binding)
    seen = Rules.of(binding)
    if rules is not None:
        _check_rules(binding, rules)
    with transaction.atomic():
        expect(Binding.objects.select_for_update().get(pk=binding.pk), expected_version)
        if mapping is not None:
            binding = change_mapping(by, binding, mapping)
        return binding if rules is None else _go_by(by, binding, rules, seen)


def change_mapping(
    by: Member,
    binding: Binding,
    mapping: Mapping[str, object],
    *,
    seen: Mapping[str, object] | None = None,
) -> Binding:
    """Other tables from now on; held items are tried again.  Raises Invalid.

    Raises Outdated where other tables are stored by now than what was `seen`.
    """
    require(by, Right.BIND, team=binding.team)
    with transaction.atomic():
        row = Binding.objects.select_for_update().get(pk=binding.pk)
        if seen is not None and row.mapping != seen:
            raise Outdated("The mapping was changed meanwhile. Look at it again, then save.")
        before, fields = _merged_map(row, {}), _merged_map(row, mapping)
        meta = ProjectMeta.from_json(row.project_meta)
        check_tables(binding.team, meta, (before, fields), (row.mapping, mapping))
        forget_pairs(row, _moved_pairs(before, fields))
        row.mapping = {**row.mapping, **fields_to_json(fields), **team_tables(mapping)}
        accept_gaps(row)
        row.save(update_fields=["mapping", "gaps", "gaps_accepted"])
        retry_holds(Hold.objects.filter(link__binding=row, released_at=None))
        look_at_all(row)
        audit(by.workplace, by, "mapping changed", str(row))
    return row


def _merged_map(binding: Binding, mapping: Mapping[str, object]) -> FieldMap:
    meta = ProjectMeta.from_json(binding.project_meta)
    kinds = kinds_in_use(binding.connection.workplace_id)
    return fields_from_json({**binding.mapping, **mapping}, meta, kinds)


def _moved_pairs(before: FieldMap, after: FieldMap) -> set[str]:
    """The properties that stand for another field of Jira than before, or for one at all."""
    was = {key: it.there for key, it in before.properties.items()}
    return {key for key, it in after.properties.items() if was.get(key) != it.there}


def pause(by: Member, binding: Binding) -> Binding:
    """Nothing crosses until it is resumed; changes on both sides are kept for then."""
    require(by, Right.BIND, team=binding.team)
    _must_live(binding)
    active = Binding.objects.filter(pk=binding.pk, state=BindingState.ACTIVE)
    with transaction.atomic():
        if active.update(state=BindingState.PAUSED):
            audit(by.workplace, by, "binding paused", str(binding))
    binding.refresh_from_db()
    return binding


def resume(by: Member, binding: Binding) -> Binding:
    """Go on: whatever moved meanwhile, on either side, is found by a poll and by versions."""
    require(by, Right.BIND, team=binding.team)
    _must_live(binding)
    with transaction.atomic():
        paused = Binding.objects.filter(pk=binding.pk, state=BindingState.PAUSED)
        if paused.update(state=BindingState.ACTIVE, trouble=""):
            audit(by.workplace, by, "binding resumed", str(binding))
        binding.refresh_from_db()
        keep_watching(binding)
        for run in Run.objects.filter(binding=binding, state=RunState.RUNNING):
            _go_on(run)
        if binding.project_id is not None:
            mark_binding(EPIC, binding)
        look_at_all(binding)
        mark_binding(SWEEP, binding)
    return binding


def _go_on(run: Run) -> None:
    """Have a run that was interrupted take its next step."""
    if run.kind == RunKind.UNDO:
        mark(UNDO, f"{run.binding_id}:{run.pk}", lane=run.binding.connection.lane)
    else:
        mark_binding(FETCH if run.kind == RunKind.FETCH else SEND, run.binding)


def unbind(by: Member, binding: Binding, *, expected_version: str | None = None) -> Binding:
    """End a binding: items and issues stay as they are, on their own.  Raises Stale."""
    require(by, Right.BIND, team=binding.team)
    now = timezone.now()
    with transaction.atomic():
        expect(Binding.objects.select_for_update().get(pk=binding.pk), expected_version)
        live = Link.objects.filter(binding=binding).exclude(state=LinkState.ENDED)
        Hold.objects.filter(link__in=live, released_at=None).update(released_at=now)
        live.update(state=LinkState.ENDED, ended_at=now)
        Run.objects.filter(binding=binding, state=RunState.RUNNING).update(
            state=RunState.STOPPED, finished_at=now
        )
        binding.state, binding.ended_at = BindingState.ENDED, now
        binding.save(update_fields=["state", "ended_at"])
        for kind in (POLL, SWEEP, COMPARE, FETCH, SEND, CREATE, EPIC, META):
            forget(kind, binding.pk)
        if binding.project_id is not None:
            let_go_of_epic(binding)
        follow_bindings(binding.connection)
        audit(by.workplace, by, "binding ended", str(binding))
    return binding


def sweep_now(by: Member, binding: Binding) -> None:
    """Compare both sides completely now."""
    require(by, Right.BIND, team=binding.team)
    _must_live(binding)
    with transaction.atomic():
        mark_binding(COMPARE, binding, priority=INTERACTIVE)
        retry_now(COMPARE, binding.pk)


def poll_now(by: Member, binding: Binding) -> None:
    """Look for changes in Jira now."""
    require(by, Right.SETTLE)
    _must_live(binding)
    with transaction.atomic():
        mark_binding(POLL, binding, priority=INTERACTIVE)
        retry_now(POLL, binding.pk)


def look_now(by: Member, link: Link) -> None:
    """Look at one link now."""
    require(by, Right.SETTLE, team=link.binding.team)
    ask_to_look([link.pk], priority=INTERACTIVE)
    retry_now("link", link.pk)


def unlink(by: Member, link: Link) -> None:
    """End one link: the item and the issue stay, each on its own, and are not linked again."""
    require(by, Right.BIND, team=link.binding.team)
    now = timezone.now()
    with transaction.atomic():
        Hold.objects.filter(link=link, released_at=None).update(released_at=now)
        link.conflicts.filter(settled_at=None).update(settled_at=now)
        Link.objects.filter(pk=link.pk).update(state=LinkState.ENDED, reason="", ended_at=now)


def retry(by: Member, hold: Hold) -> None:
    """Try again what was refused."""
    require(by, Right.SETTLE, team=hold.link.binding.team)
    with transaction.atomic():
        retry_holds(Hold.objects.filter(pk=hold.pk))


def retry_all(by: Member, binding: Binding) -> int:
    """Try again everything of a binding that was refused; how many that were."""
    require(by, Right.SETTLE, team=binding.team)
    with transaction.atomic():
        return retry_holds(
            Hold.objects.filter(link__binding=binding, released_at=None).exclude(
                slot_kind="deletion"
            )
        )


def retry_everything(by: Member, workplace: Workplace) -> int:
    """Try again all that was refused in a workplace; how many that were."""
    require(by, Right.SETTLE)
    held = Hold.objects.filter(released_at=None, link__binding__team__workplace=workplace)
    bindings = Binding.objects.filter(pk__in=held.values("link__binding"))
    return sum(retry_all(by, binding) for binding in bindings.select_related("team"))
