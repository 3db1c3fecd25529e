"""All that a person can do with their own worklogs, in one place to import from."""

from duolog.worklogs.own.acts import Act, SaidOtherwise
from duolog.worklogs.own.copying import copy_day, copy_week, log_due, split
from duolog.worklogs.own.intents import How
from duolog.worklogs.own.retrying import discard, retry
from duolog.worklogs.own.timers import (
    Stopped,
    discard_timer,
    find_timer,
    start_timer,
    stop_timer,
)
from duolog.worklogs.own.undoing import Unsettled, done_along, last_act, undo
from duolog.worklogs.own.waiting import settled, waits_of
from duolog.worklogs.own.wishes import NewOwn
from duolog.worklogs.own.writing import LoggedBeside, delete, edit, log, move

__all__ = [
    "Act",
    "How",
    "LoggedBeside",
    "NewOwn",
    "SaidOtherwise",
    "Stopped",
    "Unsettled",
    "copy_day",
    "copy_week",
    "delete",
    "discard",
    "discard_timer",
    "done_along",
    "edit",
    "find_timer",
    "last_act",
    "log",
    "log_due",
    "move",
    "retry",
    "settled",
    "split",
    "start_timer",
    "stop_timer",
    "undo",
    "waits_of",
]
