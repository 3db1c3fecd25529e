"""What one answer writes of each of its issues, prepared once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jirasim.site.fields import Field
    from jirasim.site.model import Issue
    from jirasim.wire.entities import Json
    from jirasim.wire.wire import Wire

Writer = Callable[["Wire", "Issue"], object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The chosen fields in their order, `blank` with all of them empty, and who fills them.

    `writers` are asked of every issue, `custom` only where the issue holds something.
    """

    names: list[str]
    blank: Json
    writers: tuple[tuple[str, Writer], ...]
    custom: Mapping[str, Field]
