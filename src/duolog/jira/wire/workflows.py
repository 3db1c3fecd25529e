"""A workflow as Cloud tells it to administrators: every transition, but not what its screen asks."""

from __future__ import annotations

from duolog.jira.wire.parse import Id, Json, Many, Wire


class WorkflowStatus(Wire):
    """A status of the answer; transitions speak of it by its reference."""

    id: Id = ""
    name: str = ""
    status_reference: str


class TransitionLink(Wire):
    """One status that a directed transition leaves from."""

    from_status_reference: str | None = None


class WorkflowTransition(Wire):
    """`type` is INITIAL, GLOBAL or DIRECTED; one without a goal leads back to where it began."""

    id: Id
    name: str = ""
    type: str
    to_status_reference: str | None = None
    links: Many[TransitionLink] = ()
    transition_screen: Json = None


class ReadWorkflow(Wire):
    """One workflow."""

    id: Id = ""
    name: str = ""
    transitions: Many[WorkflowTransition] = ()


class ReadWorkflows(Wire):
    """The workflows that were asked for, and their statuses."""

    statuses: Many[WorkflowStatus] = ()
    workflows: Many[ReadWorkflow] = ()
