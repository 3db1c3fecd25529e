"""The announcement at the head of a site, as a frozen value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Banner:
    """`visibility` public: shown to those who are not logged in too."""

    message: str = ""
    dismissible: bool = False
    enabled: bool = False
    visibility: str = "private"
