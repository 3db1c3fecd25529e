"""When a bullet list is a task list; pure values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from duolog.core.markup.inlines import canonical
from duolog.core.markup.tree import NO_MARKS, Item, Paragraph, Task, Tasks, Text

_BOX = re.compile(r"\[(?P<done>[ xX])\](?:[ \n]|\Z)")


def tasks_of(items: Sequence[Item]) -> tuple[Task, ...] | None:
    """The entries as tasks, if each begins with a box and holds one line and tasks below it."""
    tasks = [_task_of(item) for item in items]
    found = tuple(task for task in tasks if task is not None)
    return found if len(found) == len(items) else None


def _task_of(item: Item) -> Task | None:
    if not item.blocks or len(item.blocks) > 2:
        return None
    line, *below = item.blocks
    if not isinstance(line, Paragraph) or not line.inlines:
        return None
    first = line.inlines[0]
    if not isinstance(first, Text) or first.marks != NO_MARKS or first.link:
        return None
    sign = _BOX.match(first.text)
    if sign is None:
        return None
    tasks = _tasks_below(below)
    if tasks is None:
        return None
    rest = replace(first, text=first.text[sign.end() :])
    return Task(sign["done"] != " ", canonical((rest, *line.inlines[1:]), picture=False), tasks)


def _tasks_below(blocks: Sequence[object]) -> tuple[Task, ...] | None:
    match blocks:
        case []:
            return ()
        case [Tasks(tasks=tasks)]:
            return tasks
        case _:
            return None
