"""The tables of worklogs, by whose they are.  No rules here."""

from duolog.worklogs.models.habits import FavouriteIssue, WorkingHours, WorklogTemplate
from duolog.worklogs.models.items import Worklog
from duolog.worklogs.models.own import JiraIssue, OwnWorklog, ReadRange, WorklogState
from duolog.worklogs.models.timer import Timer
from duolog.worklogs.models.writing import IssueTurn, WorklogWrite, WriteKind

__all__ = [
    "FavouriteIssue",
    "IssueTurn",
    "JiraIssue",
    "OwnWorklog",
    "ReadRange",
    "Timer",
    "WorkingHours",
    "Worklog",
    "WorklogState",
    "WorklogTemplate",
    "WorklogWrite",
    "WriteKind",
]
