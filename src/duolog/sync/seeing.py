"""Whether a project may be looked at all.  What is hidden from us is never taken to be gone."""

from __future__ import annotations

from duolog.core.errors import Unseen
from duolog.sync.ground import Ground
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
    """Pause the binding, in words, where its project is hidden from us; whether it is.

    Nothing is changed on either side: the links wait, and go on when it is resumed.
    """
    if may_look(ground):
        return False
    key = ground.binding.jira_project_key
    pause_in_words(
        ground.binding,
        f"The service account may no longer see {key}, so nothing can be said of its issues. "
        "Nothing was changed. Ask a Jira admin to let it browse the project again, then resume.",
    )
    return True


def pause_in_words(binding: Binding, words: str) -> None:
    """Let nothing cross until a person has acted, and say why."""
    Binding.objects.filter(pk=binding.pk, state=BindingState.ACTIVE).update(
        state=BindingState.PAUSED, trouble=words
    )
