"""Why a command ends with 1.  Says it; decides nothing."""

from __future__ import annotations


class NotDone(Exception):
    """The command could not do what was asked; the message is shown as it stands."""
