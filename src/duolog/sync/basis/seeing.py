"""Whether a project may be looked at all.  What is hidden from us is never taken to be gone."""

from __future__ import annotations

from duolog.core.errors import Unseen
from duolog.sync.basis.ground import Ground
from duolog.sync.models import Binding, BindingState


def may_look(ground: Ground) -> bool:
    """Whether the service account may browse the binding's project.  Raises SyncError."""
    key = ground.binding.jira_project_id
    try:
        told = ground.client.site.permissions(["BROWSE_PROJECTS"], project_key=key)
    except Unseen:
        return False
    return not told.missing()


def stop_if_hidden(ground: Ground) -> bool:
    """Pause the binding, in words, where its project is hidden or archived; whether it is.

    Nothing is changed on either side: the links wait, and go on when it is resumed.
    """
    key = ground.binding.jira_project_key
    if not may_look(ground):
        words = (
            f"The service account may no longer see {key}, so nothing can be said of its issues. "
            "Nothing was changed. Ask a Jira admin to let it browse the project again, then resume."
        )
    elif ground.client.projects.get(ground.binding.jira_project_id).archived:
        words = (
            f"{key} was archived in Jira, so nothing can be changed or found there. "
            "Nothing is lost. Ask a Jira admin to restore the project, then resume, or unlink it."
        )
    else:
        return False
    pause_in_words(ground.binding, words)
    return True


def pause_in_words(binding: Binding, words: str) -> None:
    """Let nothing cross until a person has acted, and say why."""
    Binding.objects.filter(pk=binding.pk, state=BindingState.ACTIVE).update(
        state=BindingState.PAUSED, trouble=words
    )
