"""`/bindings`: teams and projects kept in step with Jira projects."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from duolog.api.callers import caller_of
from duolog.api.once import create_once_in_jira, etag
from duolog.api.openapi import IF_MATCH, ONCE
from duolog.api.shapes import Listing
from duolog.api.v1.binding_shapes import (
    BindingChanges,
    BindingShape,
    FindingShape,
    NewBinding,
    ProjectToSend,
    ProposalShape,
    SentShape,
    show_binding,
    show_bindings,
    show_findings,
    show_project_proposal,
    show_proposal,
    show_sent,
)
from duolog.api.v1.progress_shapes import ProgressShape, show_progress
from duolog.api.v1.work_items import expected_version
from duolog.connections.gate import GATE
from duolog.connections.queries import get_connection
from duolog.people.errors import Invalid
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.sync.binding import services
from duolog.sync.binding.examining import check_binding
from duolog.sync.binding.projects import ProjectWish, bind_project, propose_project
from duolog.sync.binding.renewal import renew_now
from duolog.sync.binding.rules import version_of_binding
from duolog.sync.binding.stopping import stop
from duolog.sync.models import Binding
from duolog.sync.shown import queries
from duolog.sync.shown.progress import progress
from duolog.workplace.queries import get_project, get_team

router = Router(tags=["Bindings"])


@router.get("/bindings", response=Listing[BindingShape])
@states(Right.VIEW)
def list_bindings(request: HttpRequest) -> Listing[BindingShape]:
    """The bindings of the workplace that have not ended."""
    rows = queries.list_bindings(caller_of(request).workplace)
    return Listing[BindingShape](items=show_bindings(rows))


@router.post("/bindings/proposal", response=ProposalShape)
@states(Right.BIND)
def propose_binding(request: HttpRequest, body: NewBinding) -> ProposalShape:
    """What binding a team or project to a Jira project would mean; nothing is stored."""
    caller = caller_of(request)
    connection = get_connection(caller.workplace, body.connection_id)
    team = None if body.scope.team_id is None else get_team(caller.workplace, body.scope.team_id)
    with GATE.passed():
        if body.scope.project_id is not None:
            project = get_project(caller.workplace, body.scope.project_id)
            return show_project_proposal(
                propose_project(caller.member, project, connection, body.jira_project_key, team)
            )
        if team is None:
            raise Invalid({"scope": "Name a team or a project."})
        return show_proposal(
            services.propose_binding(caller.member, team, connection, body.jira_project_key)
        )


@router.post("/bindings", response={201: BindingShape}, openapi_extra=ONCE)
@states(Right.BIND)
def create_binding(request: HttpRequest, body: NewBinding) -> HttpResponse:
    """Keep a team or project in step with a Jira project; with `preview`, once that was approved."""
    caller = caller_of(request)
    if body.scope.project_id is not None:
        return _create_for_project(request, body, body.scope.project_id)
    if body.scope.team_id is None:
        raise Invalid({"scope": "Name a team or a project."})
    team = get_team(caller.workplace, body.scope.team_id)
    connection = get_connection(caller.workplace, body.connection_id)
    wish = services.Wish(
        connection,
        body.jira_project_key,
        body.rules(),
        body.start,
        body.mapping.named() if body.mapping else None,
        body.start_jira,
        preview=body.preview,
    )

    def create() -> BindingShape:
        with GATE.passed():
            return show_binding(services.bind_team(caller.member, team, wish))

    return create_once_in_jira(request, create)


def _create_for_project(request: HttpRequest, body: NewBinding, project_id: int) -> HttpResponse:
    caller = caller_of(request)
    project = get_project(caller.workplace, project_id)
    connection = get_connection(caller.workplace, body.connection_id)
    team = None if body.scope.team_id is None else get_team(caller.workplace, body.scope.team_id)
    wish = ProjectWish(
        connection,
        body.jira_project_key,
        body.rules(),
        body.start,
        team,
        body.mapping.named() if body.mapping else None,
        preview=body.preview,
    )

    def create() -> BindingShape:
        with GATE.passed():
            return show_binding(bind_project(caller.member, project, wish))

    return create_once_in_jira(request, create)


@router.post("/projects/{int:project_id}/send-to-jira", response={202: SentShape})
@states(Right.BIND)
def send_project_to_jira(
    request: HttpRequest, project_id: int, body: ProjectToSend
) -> Status[SentShape]:
    """Make one epic for a project and all its items below it; they are kept in step from then on.

    Asked again for a project that is sent already, it is refused: nothing is made twice.
    """
    caller = caller_of(request)
    project = get_project(caller.workplace, project_id)
    connection = get_connection(caller.workplace, body.connection_id)
    team = None if body.team_id is None else get_team(caller.workplace, body.team_id)
    wish = ProjectWish(connection, body.jira_project_key, body.rules(), team=team)
    with GATE.passed():
        binding = bind_project(caller.member, project, wish)
    return Status(202, show_sent(binding, progress(binding)))


@router.get("/bindings/{int:binding_id}", response=BindingShape)
@states(Right.VIEW)
def read_binding(request: HttpRequest, response: HttpResponse, binding_id: int) -> BindingShape:
    """One binding, ended or not."""
    return _tagged(response, _find(request, binding_id))


@router.patch("/bindings/{int:binding_id}", response=BindingShape, openapi_extra=IF_MATCH)
@states(Right.BIND)
def update_binding(
    request: HttpRequest, response: HttpResponse, binding_id: int, body: BindingChanges
) -> BindingShape:
    """Other rules or other tables from now on; held items are tried again under new tables."""
    member, binding = caller_of(request).member, _find(request, binding_id)
    changed = services.change_binding(
        member,
        binding,
        rules=body.rules(binding),
        mapping=body.mapping.named() if body.mapping else None,
        expected_version=expected_version(request, version_of_binding(binding)),
    )
    return _tagged(response, changed)


def _tagged(response: HttpResponse, binding: Binding) -> BindingShape:
    shown = show_binding(binding)
    response["ETag"] = etag(shown.version)
    return shown


@router.delete("/bindings/{int:binding_id}", response={204: None}, openapi_extra=IF_MATCH)
@states(Right.BIND)
def end_binding(request: HttpRequest, binding_id: int) -> HttpResponse:
    """End a binding; items and issues stay as they are, each on its own."""
    binding = _find(request, binding_id)
    services.unbind(
        caller_of(request).member,
        binding,
        expected_version=expected_version(request, version_of_binding(binding)),
    )
    return HttpResponse(status=204)


@router.get("/bindings/{int:binding_id}/doctor", response=Listing[FindingShape])
@states(Right.BIND)
def examine_binding(request: HttpRequest, binding_id: int) -> Listing[FindingShape]:
    """What stands in the way of a binding, by Jira as it is now; the worst first."""
    member, binding = caller_of(request).member, _find(request, binding_id)
    with GATE.passed():
        findings = check_binding(member, binding)
    return Listing[FindingShape](items=show_findings(findings))


@router.post("/bindings/{int:binding_id}/metadata", response=BindingShape)
@states(Right.BIND)
def renew_metadata(request: HttpRequest, binding_id: int) -> BindingShape:
    """Have Jira say anew which types, statuses and fields its project offers."""
    member, binding = caller_of(request).member, _find(request, binding_id)
    with GATE.passed():
        return show_binding(renew_now(member, binding))


@router.post("/bindings/{int:binding_id}/pause", response=BindingShape)
@states(Right.BIND)
def pause_binding(request: HttpRequest, binding_id: int) -> BindingShape:
    """Let nothing cross until it is resumed."""
    return show_binding(services.pause(caller_of(request).member, _find(request, binding_id)))


@router.post("/bindings/{int:binding_id}/resume", response=BindingShape)
@states(Right.BIND)
def resume_binding(request: HttpRequest, binding_id: int) -> BindingShape:
    """Go on; whatever moved meanwhile is found."""
    return show_binding(services.resume(caller_of(request).member, _find(request, binding_id)))


@router.post("/bindings/{int:binding_id}/stop", response={202: ProgressShape})
@states(Right.BIND)
def stop_binding(request: HttpRequest, binding_id: int) -> Status[ProgressShape]:
    """End what is being sent or fetched; what is not in Jira yet stays out until it is taken in."""
    stopped = stop(caller_of(request).member, _find(request, binding_id))
    return Status(202, show_progress(progress(stopped)))


@router.post("/bindings/{int:binding_id}/run", response={202: ProgressShape})
@states(Right.SETTLE)
def run_binding(request: HttpRequest, binding_id: int) -> Status[ProgressShape]:
    """Look for changes in Jira now."""
    binding = _find(request, binding_id)
    services.poll_now(caller_of(request).member, binding)
    return Status(202, show_progress(progress(binding)))


@router.post("/bindings/{int:binding_id}/sweep", response={202: ProgressShape})
@states(Right.BIND)
def sweep_binding(request: HttpRequest, binding_id: int) -> Status[ProgressShape]:
    """Compare both sides completely, from now on in the background."""
    binding = _find(request, binding_id)
    services.sweep_now(caller_of(request).member, binding)
    return Status(202, show_progress(progress(binding)))


@router.get("/bindings/{int:binding_id}/progress", response=ProgressShape)
@states(Right.VIEW)
def read_progress(request: HttpRequest, binding_id: int) -> ProgressShape:
    """How far a binding is."""
    return show_progress(progress(_find(request, binding_id)))


def _find(request: HttpRequest, binding_id: int) -> Binding:
    return queries.get_binding(caller_of(request).workplace, binding_id)
