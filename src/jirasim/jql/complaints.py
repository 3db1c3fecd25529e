"""Which of Jira's sentences says what the parser stumbled over.  Only wording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jirasim.jql.errors import JqlSyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lark import Token, UnexpectedToken

OPERATORS: Final = (
    "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', "
    "'IN', 'NOT IN', 'IS' and 'IS NOT'."
)
SURROUND: Final = "You must surround '{got}' in quotation marks to use it as {use}."
Accepts = frozenset[str]


def complaint(unexpected: UnexpectedToken) -> JqlSyntaxError:
    """Jira's sentence for a token that cannot stand where it stands."""
    accepts = frozenset(unexpected.accepts or unexpected.expected)
    token = unexpected.token
    wording = next(text for fits, text in WORDINGS if fits(accepts))
    if token.type == "$END":
        return JqlSyntaxError(wording[0])
    sentence = misplaced(accepts, token) or wording[1].format(got=token)
    return JqlSyntaxError(sentence, line=token.line, column=token.column)


def misplaced(accepts: Accepts, token: Token) -> str | None:
    """Mistakes that Jira recognises by the token found rather than by what it wants."""
    if token.type == "_LSQB" and "BANG" in accepts:
        return "Expecting a field name but got '['. Did you mean 'cf['?"
    if token.type == "_RPAR" and accepts == {"WORD", "STRING", "NUMBER"}:
        return "Function argument must be specified."
    return None


def wants(*names: str) -> Callable[[Accepts], bool]:
    """Whether all these tokens could stand here."""
    return lambda accepts: accepts.issuperset(names)


def only(*names: str) -> Callable[[Accepts], bool]:
    """Whether exactly these tokens could stand here."""
    return lambda accepts: accepts == set(names)


WORDINGS: Final[tuple[tuple[Callable[[Accepts], bool], tuple[str, str]], ...]] = (
    (
        only("BY"),
        ("Expecting 'by' before the end of the query.", "Expecting 'by' but got '{got}'."),
    ),
    (
        only("IN"),
        ("Expecting 'IN' before the end of the query.", "Expecting 'IN' but got '{got}'."),
    ),
    (
        only("_LSQB"),
        ("Expecting '[' before the end of the query.", "Expecting '[' but got '{got}'."),
    ),
    (
        only("_RSQB"),
        ("Expecting ']' before the end of the query.", "Expecting ']' but got '{got}'."),
    ),
    (
        only("NUMBER"),
        (
            "Expecting a custom field id (a positive number) before the end of the query.",
            "Expecting a custom field id (a positive number) but got '{got}'.",
        ),
    ),
    (
        wants("SIGN"),
        (
            f"Expecting operator before the end of the query. {OPERATORS}",
            f"Expecting operator but got '{{got}}'. {OPERATORS}",
        ),
    ),
    (
        wants("EMPTY"),
        (
            "Expecting either a value, list or function before the end of the query.",
            f"Expecting either a value, list or function but got '{{got}}'. "
            f"{SURROUND.replace('{use}', 'a value')}",
        ),
    ),
    (
        only("WORD", "STRING", "NUMBER"),
        (
            "Expecting a function argument at the end of the query.",
            f"Expecting a function argument but got '{{got}}'. "
            f"{SURROUND.replace('{use}', 'an argument')}",
        ),
    ),
    (
        wants("_CF"),
        (
            "Expecting a field name at the end of the query.",
            f"Expecting a field name but got '{{got}}'. "
            f"{SURROUND.replace('{use}', 'a field name')}",
        ),
    ),
    (wants("ASC"), ("", "Expecting either 'ASC' or 'DESC' but got '{got}'.")),
    (
        wants("_RPAR"),
        ("Expecting ')' before the end of the query.", "Expecting ')' but got '{got}'."),
    ),
    (wants("_COMMA"), ("", "Expecting ',' but got '{got}'.")),
    (lambda _: True, ("", "Expecting either 'OR' or 'AND' but got '{got}'.")),
)
