"""Links between issues, and links of an issue to the rest of the web (jira.md 6.7, 6.8)."""

from __future__ import annotations

from duolog.jira.wire.parse import Id, Many, Wire


class IssueRef(Wire):
    """Another issue, as named inside a field."""

    id: Id
    key: str


class LinkType(Wire):
    """A kind of issue link, with its words for either direction; a site may rename all three."""

    id: Id
    name: str
    inward: str = ""
    outward: str = ""


class LinkTypeList(Wire):
    """The kinds of links that the site knows."""

    issue_link_types: Many[LinkType]


class IssueLink(Wire):
    """A link as one of its issues tells it: exactly one of the two ends is named, the other one.

    With `outward_issue` this issue is told by the type's outward words: *this blocks that*.
    """

    id: Id
    type: LinkType
    inward_issue: IssueRef | None = None
    outward_issue: IssueRef | None = None

    @property
    def other(self) -> IssueRef | None:
        """The issue at the other end; None where Jira names neither."""
        return self.outward_issue or self.inward_issue

    @property
    def is_outward(self) -> bool:
        """Whether this issue tells it by the type's outward words."""
        return self.outward_issue is not None


class WebPage(Wire):
    """An address of the web, and what it is called."""

    url: str
    title: str = ""


class RemoteLink(Wire):
    """A web link of an issue; Jira keeps one for each `global_id`."""

    id: int
    global_id: str | None = None
    relationship: str | None = None
    object: WebPage


class PutRemoteLink(Wire):
    """A web link that now exists, new or as it was."""

    id: int
