"""How the site says no: Jira's own status codes and sentences, as one exception."""

from collections.abc import Mapping


class Refusal(Exception):
    """A request that Jira refuses.  `status` is the HTTP status of the documents."""

    def __init__(
        self, status: int, *messages: str, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(*messages)
        self.status = status
        self.messages = messages
        self.fields = dict(fields or {})


ISSUE_ABSENT = "Issue Does Not Exist"
ISSUE_HIDDEN = "You do not have the permission to see the specified issue."
LOGIN_REQUIRED = "Login Required"
ISSUE_UNSEEN = "Issue does not exist or you do not have permission to see it."


def issue_unseen() -> Refusal:
    """Not there, or hidden: Cloud never says which (jira.md 3.1)."""
    return Refusal(404, ISSUE_UNSEEN)


def issue_unseen_on_server(*, exists: bool, anonymous: bool) -> Refusal:
    """Server's words betray whether it is there; to nobody it is 401 (field reports)."""
    if not exists:
        return Refusal(404, ISSUE_ABSENT)
    if anonymous:
        return Refusal(401, ISSUE_HIDDEN, LOGIN_REQUIRED)
    return Refusal(404, ISSUE_HIDDEN)


def project_unseen(id_or_key: str) -> Refusal:
    """No project could be found with this key or id, or it is hidden."""
    what = "id" if id_or_key.isdigit() else "key"
    return Refusal(404, f"No project could be found with {what} '{id_or_key}'.")
