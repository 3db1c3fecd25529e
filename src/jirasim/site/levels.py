"""Security levels and the schemes that hold them, as frozen values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecurityLevel:
    """Issues of this level exist for those in `roles`, and perhaps for their reporter."""

    id: str
    name: str
    description: str = ""
    roles: frozenset[str] = frozenset()
    reporter: bool = False


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """The levels that the projects which use it have."""

    id: str
    name: str
    description: str = ""
    levels: tuple[SecurityLevel, ...] = ()
    default: str | None = None
