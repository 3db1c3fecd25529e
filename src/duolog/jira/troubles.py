"""What can be wrong between us and a Jira, and what a person is told of it: one table.

A sentence says what happened, its hint what to do.  Both depend on how the account signs in;
`None` stands for every method that has no words of its own.  Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from typing import Final

from duolog.core.errors import Disconnected, Retryable, Scope, SyncError
from duolog.jira.auth import Method


class Trouble(StrEnum):
    """Why Jira does not let us in, or cannot be reached."""

    WRONG = auto()
    VISITOR = auto()
    CAPTCHA = auto()
    PASSWORDS_OFF = auto()
    SCOPE = auto()
    SIGN_IN_PAGE = auto()
    OTHER_ACCOUNT = auto()
    OTHER_SITE = auto()
    ELSEWHERE = auto()
    UNENCRYPTED = auto()
    OUT_OF_BOUNDS = auto()
    UNKNOWN_NAME = auto()
    UNREACHABLE = auto()
    NO_TLS = auto()
    CERTIFICATE = auto()
    CERTIFICATE_NAME = auto()
    CERTIFICATE_ENDED = auto()
    NOT_JIRA = auto()


class Barred(Disconnected):
    """We are not let in, or may not go there: nothing changes until a person acts."""

    def __init__(self, trouble: Trouble, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.trouble = trouble


class Unreached(Retryable):
    """The site does not answer as a Jira does; it may again by itself."""

    def __init__(self, trouble: Trouble, message: str, *, hint: str = "") -> None:
        super().__init__(message, scope=Scope.CONNECTION, hint=hint)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence and its hint; names in braces are facts of the case."""

    sentence: str
    hint: str


MADE_AT: Final = "id.atlassian.com, Security, API tokens"
NEW_API_TOKEN: Final = f"Make a new one at {MADE_AT}, and paste it here."
NEW_PAT: Final = "Make a new one in Jira: your profile, Personal Access Tokens."
CONNECT_AGAIN: Final = "Connect again: choose Sign in with Atlassian once more."
PAT_INSTEAD: Final = "Use a personal access token in its place."
NO_RETRY: Final = "This password is not tried again, so that Jira does not lock the account."

WORDS: Final[Mapping[Trouble, Mapping[Method | None, Words]]] = {
    Trouble.WRONG: {
        None: Words("Jira did not accept these details ({status}).", "Enter the credential again."),
        Method.API_TOKEN: Words(
            "Jira did not accept this e-mail address and API token ({status}).",
            "The e-mail address must be that of the Atlassian account which made the token, and "
            "the account must be a user of this site. Tokens end after a year at most: if it "
            f"worked before, it has ended or was revoked. {NEW_API_TOKEN}",
        ),
        Method.PAT: Words(
            "Jira did not accept this personal access token ({status}).",
            "Check that all of it was copied, and that it was made in this Jira. If it worked "
            "before, it has ended or was revoked. "
            f"{NEW_PAT} If new ones fail too, ask a Jira admin whether tokens are switched off.",
        ),
        Method.BASIC: Words(
            "Jira did not accept this user name and password ({status}).",
            "Enter the user name, not the e-mail address. Where people sign in to Jira through "
            f"SSO, passwords may be forbidden: use a personal access token. {NO_RETRY}",
        ),
        Method.OAUTH: Words(
            "Atlassian no longer accepts what you allowed ({status}): it has ended or was taken "
            "back.",
            CONNECT_AGAIN,
        ),
    },
    Trouble.VISITOR: {
        None: Words(
            "Jira took us for a visitor who has not signed in ({status}).",
            "Enter the credential again.",
        ),
        Method.API_TOKEN: Words(
            "Jira did not accept this e-mail address and API token: it took us for a visitor "
            "({status}).",
            "The e-mail address must be that of the Atlassian account which made the token. "
            f"If it worked before, the token has ended or was revoked. {NEW_API_TOKEN}",
        ),
        Method.PAT: Words(
            "Jira did not accept this personal access token: it took us for a visitor ({status}).",
            "If the token worked before, it has ended or was revoked. "
            f"{NEW_PAT} If new ones fail too, ask a Jira admin whether tokens are switched off.",
        ),
        Method.BASIC: Words(
            "Jira did not accept this user name and password: it took us for a visitor ({status}).",
            f"Enter the user name, not the e-mail address. {NO_RETRY}",
        ),
        Method.OAUTH: Words(
            "Jira took us for a visitor who has not signed in ({status}).", CONNECT_AGAIN
        ),
    },
    Trouble.CAPTCHA: {
        None: Words(
            "Jira asks this account to prove that it is a person ({status}).",
            "Too many sign-ins have failed. Sign in to Jira once in a browser with this account "
            "and solve the CAPTCHA, then enter the credential here again. Until then nothing is "
            "tried with it.",
        ),
        Method.BASIC: Words(
            "Jira asks this account to prove that it is a person ({status}).",
            "Too many sign-ins have failed. Sign in to Jira once in a browser with this account "
            "and solve the CAPTCHA, then enter the password here again. Until then nothing is "
            "tried with it. A personal access token is not affected by this.",
        ),
    },
    Trouble.PASSWORDS_OFF: {
        None: Words("Jira takes no passwords here ({status}).", PAT_INSTEAD),
        Method.BASIC: Words(
            "A Jira admin has switched off signing in with user name and password ({status}).",
            PAT_INSTEAD,
        ),
        Method.API_TOKEN: Words(
            "Jira Cloud does not accept passwords ({status}).",
            f"Enter an API token, not the password of the account. Make one at {MADE_AT}.",
        ),
    },
    Trouble.SCOPE: {
        None: Words(
            "This credential may not do all that is needed: a scope is missing ({status}).",
            "Make one with more scopes.",
        ),
        Method.API_TOKEN: Words(
            "This token may not do all that is needed: a scope is missing ({status}).",
            f"Make another at {MADE_AT}: without scopes, or with read:jira-work, write:jira-work "
            "and read:jira-user. Then paste it here.",
        ),
        Method.OAUTH: Words(
            "What you allowed is not all that is needed: a scope is missing ({status}).",
            "Have the scopes of the app completed at developer.atlassian.com, under Permissions, "
            "then connect again so that you are asked for them.",
        ),
    },
    Trouble.SIGN_IN_PAGE: {
        None: Words(
            "A sign-in page for people came in place of Jira's answer ({status}).",
            "Something stands before Jira and wants people to sign in. Ask whoever runs it to let "
            "calls below /rest/ through to Jira.",
        ),
        Method.BASIC: Words(
            "A sign-in page for people came in place of Jira's answer ({status}).",
            "Where people sign in to Jira through SSO, passwords may be forbidden: use a personal "
            f"access token. {NO_RETRY}",
        ),
    },
    Trouble.OTHER_ACCOUNT: {
        None: Words(
            "This credential belongs to another Jira account than the one that was connected.",
            "Enter the credential anew: of the account that was connected, or of another that is "
            "to take its place.",
        ),
    },
    Trouble.OTHER_SITE: {
        None: Words(
            "Atlassian knows no such Jira site, or this access does not cover it ({status}).",
            "Connect again and choose the site. If it was renamed or closed, use its new address.",
        ),
    },
    Trouble.ELSEWHERE: {
        None: Words(
            "Jira sends us to another address: {goal} ({status}).",
            "Open Jira in a browser and paste the address it ends up at. The credential was sent "
            "nowhere else.",
        ),
    },
    Trouble.UNENCRYPTED: {
        None: Words(
            "{host} is not reached over https.",
            "Use the https:// address, or have the administrator of Duolog allow plain http by "
            "DUOLOG_ALLOW_PRIVATE_HOSTS.",
        ),
    },
    Trouble.OUT_OF_BOUNDS: {
        None: Words(
            "{host} leads to {address}, which {objection}.",
            "Check the address. A Jira inside your own network is reached when the administrator "
            "of Duolog sets DUOLOG_ALLOW_PRIVATE_HOSTS.",
        ),
    },
    Trouble.UNKNOWN_NAME: {
        None: Words(
            "The name {host} is not known.",
            "Check how the address is written. A name of your own network must be known to the "
            "machine on which Duolog runs.",
        ),
    },
    Trouble.UNREACHABLE: {
        None: Words("Jira could not be reached.", "Check the address, and that the site is up."),
    },
    Trouble.NO_TLS: {
        None: Words(
            "What answers at this address does not speak https.",
            "Check the port in the address. A Jira with plain http has an address that begins "
            "with http://.",
        ),
    },
    Trouble.CERTIFICATE: {
        None: Words(
            "Jira's certificate is not trusted: no authority that we know has signed it.",
            "Paste the certificate of the authority that signed it (the CA file), as your Jira "
            "admin has it. Checking certificates cannot be turned off.",
        ),
    },
    Trouble.CERTIFICATE_NAME: {
        None: Words(
            "Jira's certificate is made out to another name than that in the address.",
            "Use the address that the certificate names, or have it made out to this one.",
        ),
    },
    Trouble.CERTIFICATE_ENDED: {
        None: Words("Jira's certificate has ended.", "Ask a Jira admin to renew it."),
    },
    Trouble.NOT_JIRA: {
        None: Words(
            "No Jira answers at this address ({status}).",
            "Open Jira in a browser and paste the address of any issue, with all that stands "
            "before /browse/. Check that the site has not been closed.",
        ),
    },
}

OF_THE_ADDRESS: Final = frozenset(
    {Trouble.ELSEWHERE, Trouble.UNENCRYPTED, Trouble.OUT_OF_BOUNDS, Trouble.UNKNOWN_NAME}
    | {Trouble.UNREACHABLE, Trouble.NO_TLS, Trouble.NOT_JIRA, Trouble.CERTIFICATE_NAME}
    | {Trouble.SIGN_IN_PAGE, Trouble.OTHER_SITE}
)
OF_THE_CERTIFICATE: Final = frozenset({Trouble.CERTIFICATE, Trouble.CERTIFICATE_ENDED})
OF_THE_CREDENTIAL: Final = frozenset(
    {Trouble.WRONG, Trouble.VISITOR, Trouble.CAPTCHA, Trouble.PASSWORDS_OFF}
)
"""After one of these the same credential must not be sent again: it would count as an attempt."""


def words_for(trouble: Trouble, method: Method | None = None, **facts: object) -> tuple[str, str]:
    """Sentence and hint, with the facts of the case in them."""
    rows = WORDS[trouble]
    words = rows.get(method, rows[None])
    return words.sentence.format_map(facts), words.hint


def barred(trouble: Trouble, method: Method | None, **facts: object) -> Barred:
    """The error of being kept out."""
    sentence, hint = words_for(trouble, method, **facts)
    return Barred(trouble, sentence, hint=hint)


def unreached(trouble: Trouble, **facts: object) -> Unreached:
    """The error of finding no Jira."""
    sentence, hint = words_for(trouble, None, **facts)
    return Unreached(trouble, sentence, hint=hint)


def ended(method: Method, on: date) -> Barred:
    """For a credential that was refused after the day on which it was known to end."""
    if method is Method.PAT:
        return Barred(Trouble.WRONG, f"The personal access token ended on {on}.", hint=NEW_PAT)
    return Barred(Trouble.WRONG, f"The API token ended on {on}.", hint=NEW_API_TOKEN)


def field_at_fault(error: SyncError) -> str:
    """Which field a form should point at: address, ca_certificate, secret, or none of them."""
    trouble = error.trouble if isinstance(error, Barred | Unreached) else None
    if trouble in OF_THE_ADDRESS:
        return "address"
    if trouble in OF_THE_CERTIFICATE:
        return "ca_certificate"
    return "secret" if isinstance(error, Disconnected) else ""
