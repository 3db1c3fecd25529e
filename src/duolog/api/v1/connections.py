"""`/connections`: access to Jira sites, and its test.  Never tells a secret."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from duolog.api.callers import caller_of
from duolog.api.once import create_once_in_jira
from duolog.api.openapi import ONCE
from duolog.api.shapes import Listing
from duolog.api.v1.connection_shapes import (
    ConnectionChanges,
    ConnectionShape,
    NewConnection,
    ReportShape,
    SignInShape,
    StopsShape,
    connection_shape,
    outside,
    report_shape,
    stops_shape,
)
from duolog.connections import services
from duolog.connections.budget import budget_of
from duolog.connections.gate import GATE
from duolog.connections.models import Connection, ConnectionKind
from duolog.connections.oauth import begin_sign_in
from duolog.connections.queries import get_in_sight, list_connections, list_personal
from duolog.connections.rights import require_use
from duolog.core.errors import SyncError
from duolog.jira.troubles import field_at_fault
from duolog.people.errors import Invalid
from duolog.people.models import Member
from duolog.people.needs import states
from duolog.people.rights import Right
from duolog.sync.shown.overview import what_stops

router = Router(tags=["Connections"])


@router.get("/connections", response=Listing[ConnectionShape])
@states(Right.CONNECT_SELF)
def list_all(request: HttpRequest) -> Listing[ConnectionShape]:
    """The connections of the workplace, and the caller's own."""
    caller = caller_of(request)
    found = [*list_connections(caller.workplace), *list_personal(caller.member)]
    return Listing[ConnectionShape](items=[_told(each) for each in found])


@router.post("/connections", response={201: ConnectionShape, 202: SignInShape}, openapi_extra=ONCE)
@states(Right.CONNECT, own=Right.CONNECT_SELF)
def create_connection(request: HttpRequest, body: NewConnection) -> HttpResponse:
    """Connect to a Jira site, or again to one; nothing is stored when the test fails.

    With `oauth` the answer is 202 and the address at which a person consents.
    """
    caller = caller_of(request)
    if body.method == "oauth":
        return _to_consent(caller.member, kind=body.kind, address=body.address, label=body.label)

    def create() -> ConnectionShape:
        with GATE.passed(), _faults_by_field():
            return _told(services.connect(caller.member, body.wish()))

    return create_once_in_jira(request, create)


@router.get("/connections/{int:connection_id}", response=ConnectionShape)
@states(Right.CONNECT_SELF)
def read_connection(request: HttpRequest, connection_id: int) -> ConnectionShape:
    """One connection, of the workplace or the caller's own."""
    return _told(_find(request, connection_id))


@router.patch("/connections/{int:connection_id}", response=ConnectionShape)
@states(Right.CONNECT, own=Right.CONNECT_SELF)
def update_connection(
    request: HttpRequest, connection_id: int, body: ConnectionChanges
) -> ConnectionShape:
    """Rename a connection, say when it ends, or replace its credential by one that is proven."""
    by, connection = caller_of(request).member, _find(request, connection_id)
    if body.label is not None:
        services.rename(by, connection, body.label)
    if body.writes_in_my_name is not None:
        services.allow_writing_in_my_name(by, connection, allowed=body.writes_in_my_name)
    credential = body.credential(connection)
    if credential is not None:
        with GATE.passed(), _faults_by_field():
            services.change_credential(by, connection, credential)
    elif body.names_an_end:
        services.expect_end(by, connection, body.expires_on)
    return _told(connection)


@router.delete("/connections/{int:connection_id}", response={204: None})
@states(Right.CONNECT, own=Right.CONNECT_SELF)
def remove_connection(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Forget the credential; what is kept in step over it stops until the site is connected again."""
    caller, connection = caller_of(request), _find(request, connection_id)
    with GATE.passed():
        services.disconnect(caller.member, connection)
    return HttpResponse(status=204)


@router.get("/connections/{int:connection_id}/stops", response=StopsShape)
@states(Right.CONNECT, own=Right.CONNECT_SELF)
def read_stops(request: HttpRequest, connection_id: int) -> StopsShape:
    """What would stop if the connection were removed."""
    connection = _find(request, connection_id)
    require_use(caller_of(request).member, connection)
    return stops_shape(what_stops(connection))


@router.post("/connections/{int:connection_id}/check", response=ReportShape)
@states(Right.CONNECT, own=Right.CONNECT_SELF)
def check_connection(request: HttpRequest, connection_id: int) -> ReportShape:
    """Test a connection now."""
    caller, connection = caller_of(request), _find(request, connection_id)
    with GATE.passed():
        return report_shape(services.check(caller.member, connection))


@router.post("/connections/{int:connection_id}/sign-in", response={202: SignInShape})
@states(Right.CONNECT, own=Right.CONNECT_SELF)
def sign_in(request: HttpRequest, connection_id: int) -> HttpResponse:
    """Begin to renew the consent of a connection, or to replace its credential by one."""
    return _to_consent(caller_of(request).member, connection=_find(request, connection_id))


def _told(connection: Connection) -> ConnectionShape:
    return connection_shape(connection, budget_of(connection))


def _find(request: HttpRequest, connection_id: int) -> Connection:
    return get_in_sight(caller_of(request).member, connection_id)


def _to_consent(
    by: Member,
    *,
    kind: str = ConnectionKind.WORKPLACE,
    address: str = "",
    label: str = "",
    connection: Connection | None = None,
) -> HttpResponse:
    with GATE.passed(), _faults_by_field():
        url = begin_sign_in(by, kind=kind, address=address, label=label, connection=connection)
    return JsonResponse(SignInShape(authorize_url=url).model_dump(), status=202)


@contextmanager
def _faults_by_field() -> Iterator[None]:
    """Say which field a refusal is about, by the names of the contract."""
    try:
        yield
    except Invalid as invalid:
        raise Invalid(outside(invalid.errors)) from invalid
    except SyncError as error:
        field = field_at_fault(error)
        if not field:
            raise
        raise Invalid(outside({field: f"{error} {error.hint}".strip()})) from error
