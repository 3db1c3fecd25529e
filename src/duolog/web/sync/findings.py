"""What the link doctor found, as a page shows it.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from duolog.sync.doctor import Finding, Severity

_LOOKS: Final = {
    Severity.BLOCKS: ("circle-x", "t-bad", "Blocks"),
    Severity.WARNS: ("triangle-alert", "t-warn", "Warning"),
    Severity.FINE: ("circle-check", "t-ok", "Fine"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding with its sign, and what its link is called."""

    finding: Finding
    icon: str
    tone: str
    word: str

    @property
    def is_in_jira(self) -> bool:
        """Whether its link leads to Jira."""
        return self.finding.link.startswith("http")

    @property
    def link_words(self) -> str:
        """What its link is called."""
        if self.is_in_jira:
            return "Open in Jira"
        if "/integrations/" in self.finding.link:
            return "Open the connection"
        return "Go to the mapping"


@dataclass(frozen=True, slots=True)
class Examined:
    """All findings: what must be mended or known, and what is fine."""

    problems: tuple[Shown, ...]
    fine: tuple[Shown, ...]

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> Examined:
        """The findings in their order."""
        rows = [Shown(finding, *_LOOKS[finding.severity]) for finding in findings]
        return cls(
            problems=tuple(it for it in rows if it.finding.severity is not Severity.FINE),
            fine=tuple(it for it in rows if it.finding.severity is Severity.FINE),
        )

    @property
    def blocking(self) -> int:
        """How many stop something from being kept in step."""
        return sum(it.finding.severity is Severity.BLOCKS for it in self.problems)

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        if not self.problems:
            return f"Nothing stands in the way: {len(self.fine)} checks are fine."
        warnings = len(self.problems) - self.blocking
        parts = []
        if self.blocking:
            parts.append(f"{self.blocking} must be mended")
        if warnings:
            parts.append(f"{warnings} warning{'' if warnings == 1 else 's'}")
        return f"{', '.join(parts)}, {len(self.fine)} fine."
