"""The link doctor names what stands in the way, with its fix, before and after a team is bound."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from helpers.bound import Bound

from duolog.connections.models import Connection
from duolog.connections.traffic import calls_in_the_last_hour, flush
from duolog.connections.webhooks import make_webhook
from duolog.notifications.models import Notice
from duolog.sync.binding.examining import check_binding
from duolog.sync.binding.services import (
    Rules,
    Wish,
    bind_team,
    change_mapping,
    propose_binding,
    sweep_now,
)
from duolog.sync.doctor import Finding, Severity
from duolog.sync.models import Binding

pytestmark = [
    pytest.mark.database,
    pytest.mark.both_deployments,
    pytest.mark.django_db(transaction=True),
]


def beforehand(bound: Bound, project: str) -> tuple[Finding, ...]:
    return propose_binding(bound.owner, bound.team, bound.connection, project).findings


def afterwards(bound: Bound) -> tuple[Finding, ...]:
    return check_binding(bound.owner, Binding.objects.get())


def bind_to(bound: Bound, project: str) -> None:
    bound.binding = bind_team(bound.owner, bound.team, Wish(bound.connection, project))
    bound.run()


def about(findings: tuple[Finding, ...], name: str) -> list[Finding]:
    return [finding for finding in findings if finding.about == name]


def the_problem(findings: tuple[Finding, ...], name: str) -> Finding:
    (problem,) = [it for it in about(findings, name) if it.severity is not Severity.FINE]
    assert problem.fix, "every problem says what to do"
    return problem


def test_where_all_is_well_each_check_says_so(bound: Bound) -> None:
    bound.item("Ours", assignee=bound.maya)
    bound.bind()
    wrong = [it for it in afterwards(bound) if it.severity is not Severity.FINE]
    assert [it.about for it in wrong] == ["webhook"], wrong
    seen = {it.about for it in afterwards(bound)}
    assert seen >= {
        "connection", "permissions", "types", "required fields", "statuses", "workflow", "people",
        "webhook", "clock",
    }  # fmt: skip


def test_the_worst_comes_first(bound: Bound) -> None:
    order = [list(Severity).index(it.severity) for it in beforehand(bound, "READ")]
    assert order == sorted(order)


def test_a_permission_that_is_lacking_blocks_and_names_the_page_where_it_is_given(
    bound: Bound,
) -> None:
    findings = about(beforehand(bound, "READ"), "permissions")
    blocking = [it for it in findings if it.severity is Severity.BLOCKS]
    assert any("may not create issues in READ" in it.sentence for it in blocking)
    assert all(it.link.startswith(bound.jira.url) for it in findings)
    assert not any("delete issues" in it.sentence for it in findings), "no rule asks for it"


def test_a_required_field_on_create_is_named_before_anything_is_sent(bound: Bound) -> None:
    bound.item("Lacks something")
    problems = about(beforehand(bound, "REQ"), "required fields")
    blocking = [it for it in problems if it.severity is Severity.BLOCKS]
    assert any("Ticket reference" in it.sentence and "Task" in it.sentence for it in blocking)


def test_statuses_out_of_reach_are_told_from_those_nobody_has_seen(bound: Bound) -> None:
    bound.connection.report |= {"is_administrator": False}
    bound.connection.save()
    bound.item("On the line")
    assert "Nobody knows yet" in the_problem(beforehand(bound, "LIN"), "workflow").sentence
    for steps in (["In Progress"], ["In Progress", "In Review"]):
        issue = bound.jira.create("Stands there", project={"key": "LIN"})
        for step in steps:
            bound.jira.move(issue, step)
    bind_to(bound, "LIN")
    assert all(it.severity is Severity.FINE for it in about(afterwards(bound), "workflow"))


def mapped_before(binding: Binding, table: str, rows: Mapping[str, Any]) -> None:
    """A table that was stored while Jira still had what it names; none like it is taken now."""
    binding.mapping = {**binding.mapping, table: rows}
    binding.save(update_fields=["mapping"])


def test_a_status_that_no_way_leads_to_is_named_with_the_type(bound: Bound) -> None:
    if not bound.jira.is_cloud:
        pytest.skip("Server tells nobody of workflows whole")
    bound.item("Of the guarded workflow")
    problem = the_problem(beforehand(bound, "FLOW"), "workflow")
    assert "no way to move issues of type Task to" in problem.sentence
    assert "To Do" in problem.sentence


def test_a_status_that_the_project_no_longer_has_is_named(bound: Bound) -> None:
    bind_to(bound, "LIN")
    assert bound.binding is not None
    status = str(bound.binding.team.statuses.get(name="In progress").pk)
    told = bound.binding.mapping["statuses"]
    gone = {"out": {**told["out"], status: "99999"}, "in": {**told["in"], "99999": status}}
    mapped_before(bound.binding, "statuses", gone)
    problem = the_problem(afterwards(bound), "statuses")
    assert "no longer has the status that In progress should become" in problem.sentence


def test_an_unmapped_status_is_named(bound: Bound) -> None:
    bound.bind()
    assert bound.binding is not None
    change_mapping(bound.owner, bound.binding, {"statuses": {"out": {}, "in": {}}})
    problem = the_problem(afterwards(bound), "statuses")
    assert "In progress" in problem.sentence
    assert problem.link.endswith("/mapping")


def test_a_type_that_is_gone_blocks(bound: Bound) -> None:
    bound.item("Ours")
    bound.bind()
    assert bound.binding is not None
    types = bound.binding.mapping["types"]
    gone = {"out": {**types["out"], "task": "99999"}, "in": {**types["in"], "99999": "task"}}
    mapped_before(bound.binding, "types", gone)
    problem = the_problem(afterwards(bound), "types")
    assert problem.severity is Severity.BLOCKS
    assert "Task" in problem.sentence


def test_whoever_has_no_account_or_a_lost_one_is_named(bound: Bound) -> None:
    bound.item("Ours", assignee=bound.owner)
    bound.bind()
    assert "Olive Owner" in the_problem(afterwards(bound), "people").sentence
    assert bound.binding is not None
    account = "0000:nobody"
    users = {"out": {str(bound.owner.pk): account}, "in": {account: str(bound.owner.pk)}}
    change_mapping(bound.owner, bound.binding, {"users": users})
    problem = the_problem(afterwards(bound), "people")
    assert "Olive Owner" in problem.sentence
    assert "inactive, or not to be found" in problem.sentence


def test_a_missing_scope_is_said_in_words_and_stops_no_other_check(bound: Bound) -> None:
    bound.bind()
    body = {"code": 401, "message": "Unauthorized; scope does not match"}
    match = {"path": "*/mypermissions"}
    fault = {"match": match, "fault": "status_before", "status": 401, "body": body}
    bound.jira.sim("POST", "faults", [fault])
    findings = afterwards(bound)
    problem = the_problem(findings, "scopes")
    assert problem.severity is Severity.BLOCKS
    assert "a scope is missing" in problem.sentence
    assert about(findings, "webhook")


def test_a_jira_that_does_not_answer_is_never_called_fine(bound: Bound) -> None:
    bound.bind()
    fault = {"match": {"path": "*"}, "fault": "status_before", "status": 503, "times": 50}
    bound.jira.sim("POST", "faults", [fault])
    assert all(it.severity is not Severity.FINE for it in afterwards(bound))


def test_a_space_that_is_hidden_by_now_blocks(bound: Bound) -> None:
    bind_to(bound, "FHP")
    bound.jira.hide("FHP")
    try:
        (found,) = afterwards(bound)
        assert found.severity is Severity.BLOCKS
        assert "hidden from the account" in found.fix
    finally:
        bound.jira.hide("FHP", hidden=False)


def test_a_webhook_that_never_delivered_and_clocks_apart_are_named(bound: Bound) -> None:
    bound.bind()
    assert "There is no webhook" in the_problem(afterwards(bound), "webhook").sentence
    make_webhook(bound.connection)
    report = {**bound.connection.report, "skew_seconds": -300}
    Connection.objects.update(report=report)
    findings = afterwards(bound)
    assert "has not delivered anything yet" in the_problem(findings, "webhook").sentence
    assert "300 s behind ours" in the_problem(findings, "clock").sentence


@pytest.mark.parametrize(
    ("jql", "severity", "words"),
    [
        pytest.param("labels = nowhere", Severity.WARNS, "finds nothing", id="finds nothing"),
        pytest.param("nonsense ~~ 1", Severity.BLOCKS, "cannot be used", id="is no query"),
    ],
)
def test_a_filter_that_lets_nothing_through_is_named(
    bound: Bound, jql: str, severity: Severity, words: str
) -> None:
    bound.item("Ours")
    bound.bind(Rules())
    Binding.objects.update(jql=jql)
    problem = the_problem(afterwards(bound), "filters")
    assert (problem.severity, words in problem.sentence) == (severity, True)


def renewed(bound: Bound) -> Binding:
    """The binding a day later, when a night's comparison has begun."""
    binding = Binding.objects.get()
    Binding.objects.update(meta_fetched_at=binding.created_at - timedelta(days=1))
    sweep_now(bound.owner, binding)
    bound.run()
    return Binding.objects.get()


def test_what_is_new_in_jira_is_seen_by_itself_and_told_once(bound: Bound) -> None:
    bound.bind()
    assert renewed(bound).gaps == []
    binding = Binding.objects.get()
    known = dict(binding.mapping["statuses"]["in"])
    lost = known.popitem()[0]
    row = Binding.objects.filter(pk=binding.pk)
    meta = {**binding.project_meta, "statuses": binding.project_meta["statuses"][:-1]}
    table = {**binding.mapping["statuses"], "in": known}
    row.update(mapping={**binding.mapping, "statuses": table}, project_meta=meta)
    gaps = renewed(bound).gaps
    name = next(it[1] for it in binding.project_meta["statuses"] if it[0] == lost)
    assert gaps == [f"{name}: in {binding.jira_project_key}, and nothing here stands for it. What "
                    "has it there keeps what it has here."]  # fmt: skip
    told = Notice.objects.filter(member=bound.owner, kind="connection")
    assert renewed(bound).gaps == gaps
    assert [it.text for it in told] == [f"The mapping of {binding} is incomplete now: {gaps[0]}"]
    change_mapping(bound.owner, Binding.objects.get(), {"statuses": table})
    assert renewed(bound).gaps == [], "a person saw it and left it so"
    fresh = change_mapping(
        bound.owner, Binding.objects.get(), {"statuses": binding.mapping["statuses"]}
    )
    assert fresh.gaps == []


def test_a_refusal_has_the_fields_read_anew_and_what_is_required_by_now_is_told(
    bound: Bound,
) -> None:
    bound.bind()
    binding = Binding.objects.get()
    kind = binding.mapping["types"]["out"]["bug"]
    required = {**binding.project_meta["required"], kind: ["Severity"]}
    stale = {**binding.project_meta, "required": required, "screens": {}}
    at = binding.created_at - timedelta(hours=1)
    Binding.objects.update(project_meta=stale, meta_fetched_at=at)
    item = bound.item("Refused", type="bug", components=["Nobody knows it"])
    bound.run(within=60)
    after = Binding.objects.get()
    assert after.meta_fetched_at is not None
    assert after.meta_fetched_at > at
    assert after.project_meta == binding.project_meta
    assert bound.link(item).state == "held"


def test_the_doctors_calls_are_counted_as_all_others(bound: Bound) -> None:
    bound.bind()
    bound.jira.reset()
    flush()
    before = calls_in_the_last_hour(bound.connection.pk)
    afterwards(bound)
    flush()
    assert calls_in_the_last_hour(bound.connection.pk) - before == sum(bound.jira.calls().values())
