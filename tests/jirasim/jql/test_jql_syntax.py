"""What parses, how it binds, and Jira's sentences for what does not.

The sentences are those which Atlassian's own functional tests of the parser expect
(TestJqlParsing of Jira Server, found in public mirrors).
"""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jirasim.jql import JqlError, Query, parse
from jirasim.jql.syntax import AllOf, AnyOf, Clause, Comparison, Empty, Listing, Literal, Not, Sort
from jirasim.jql.words import KEYWORDS, RESERVED

A, B, C = (Clause(name, Comparison.EQUALS, Literal("1")) for name in "abc")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param("a=1 or b=1 and c=1", AnyOf((A, AllOf((B, C)))), id="AND binds before OR"),
        pytest.param("not a=1 and b=1", AllOf((Not(A), B)), id="NOT binds before AND"),
        pytest.param("! a=1 && b=1 || c=1", AnyOf((AllOf((Not(A), B)), C)), id="signs for words"),
        pytest.param("(a=1 or b=1) and c=1", AllOf((AnyOf((A, B)), C)), id="parentheses"),
        pytest.param("NoT (a=1)", Not(A), id="keywords in any case"),
        pytest.param("'a' = \"1\"", A, id="either quotation mark"),
        pytest.param(
            "a not in (1, EMPTY)",
            Clause("a", Comparison.NOT_IN, Listing((Literal("1"), Empty()))),
            id="EMPTY in a list",
        ),
        pytest.param("a IS NOT null", Clause("a", Comparison.IS_NOT, Empty()), id="IS NOT NULL"),
        pytest.param(
            "cf[12] !~ x-y.z", Clause("cf[12]", Comparison.NOT_LIKE, Literal("x-y.z")), id="cf"
        ),
        pytest.param(
            r"a = 'it\'s\u0021'", Clause("a", Comparison.EQUALS, Literal("it's!")), id="escapes"
        ),
    ],
)
def test_conditions_parse(text, where):
    assert parse(text).where == where


def test_order_is_read_and_alone_is_unbounded():
    assert parse("ORDER BY a DESC, b asc, 'c d'").order == (
        Sort("a", True),
        Sort("b", False),
        Sort("c d", None),
    )
    assert not parse("order by a").bounded
    assert not parse("  ").bounded
    assert parse("a = 1 order by a").bounded


OPERATORS = (
    "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', "
    "'IS' and 'IS NOT'."
)
ESCAPES = "The valid escape sequences are \\', \\\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX."
VALUE = "Expecting either a value, list or function"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("comment ~ 'test", "The quoted string 'test' has not been completed. (line 1, character 11)"),
        ("comment ~ 'test\n", "The quoted string 'test ' has not been completed. (line 1, character 11)"),
        ("comment ~ '", "The quoted string has not been completed. (line 1, character 11)"),
        ("comme\\unt ~ 'test", f"'\\un' is an illegal JQL escape sequence. {ESCAPES} (line 1, character 6)"),
        ("status =\n\n\\csss", f"'\\c' is an illegal JQL escape sequence. {ESCAPES} (line 3, character 1)"),
        (
            "mine{www = qwwr",
            "The character '{' is a reserved JQL character. You must enclose it in a string or use "
            "the escape '\\u007b' instead. (line 1, character 5)",
        ),
        (
            "mqwwr\u007f",
            "The character 'U+007F' on line 1 at position 6 must be escaped. Use the escape "
            "'\\u007f' instead. (line 1, character 6)",
        ),
        (
            'mqwwr="\u007f this is broken"',
            "The character 'U+007F' on line 1 at position 8 must be escaped. Use the escape "
            "'\\u007f' instead. (line 1, character 8)",
        ),
        (
            "aaaaa=-3482094382084092840932809482",
            "'-3482094382084092840932809482' is not a valid number. Numbers must be between "
            "-9,223,372,036,854,775,808 and 9,223,372,036,854,775,807. (line 1, character 7)",
        ),
        ("a =b order", "Expecting 'by' before the end of the query."),
        ("a =b order summary", "Expecting 'by' but got 'summary'. (line 1, character 12)"),
        ("a =b order by", "Expecting a field name at the end of the query."),
        (
            "a =b order by asc",
            "Expecting a field name but got 'asc'. You must surround 'asc' in quotation marks to "
            "use it as a field name. (line 1, character 15)",
        ),
        ("a =b order by ajsks blah", "Expecting either 'ASC' or 'DESC' but got 'blah'. (line 1, character 21)"),
        ("order by a desc d", "Expecting ',' but got 'd'. (line 1, character 17)"),
        ("'' = c", "A field name cannot be empty. (line 1, character 1)"),
        ("a = ''()", "A function name cannot be empty. (line 1, character 5)"),
        ("a", f"Expecting operator before the end of the query. {OPERATORS}"),
        ("a blah >", f"Expecting operator but got 'blah'. {OPERATORS} (line 1, character 3)"),
        ("a =a and j not is empty", "Expecting 'IN' but got 'is'. (line 1, character 16)"),
        ("cf", "Expecting '[' before the end of the query."),
        ("cf[", "Expecting a custom field id (a positive number) before the end of the query."),
        ("cf[] = 1", "Expecting a custom field id (a positive number) but got ']'. (line 1, character 4)"),
        ("cf[-29829] = 1", "Expecting a custom field id (a positive number) but got '-29829'. (line 1, character 4)"),
        ("cf[29829 = world", "Expecting ']' but got '='. (line 1, character 10)"),
        ("a = func(", "Expecting ')' before the end of the query."),
        ("bas=func(bad,)", "Function argument must be specified. (line 1, character 14)"),
        ("bas=func(bad,", "Expecting a function argument at the end of the query."),
        ("(a=b and c = d", "Expecting ')' before the end of the query."),
        ("abc IN ((foo) abc = a", "Expecting ')' but got 'abc'. (line 1, character 15)"),
        ("a=", f"{VALUE} before the end of the query."),
        (
            "a=!",
            f"{VALUE} but got '!'. You must surround '!' in quotation marks to use it as a value. "
            "(line 1, character 3)",
        ),
        ("a=b c=d", "Expecting either 'OR' or 'AND' but got 'c'. (line 1, character 5)"),
        ("a=(a,", f"{VALUE} before the end of the query."),
        ("a=b and", "Expecting a field name at the end of the query."),
        (
            ", a = b",
            "Expecting a field name but got ','. You must surround ',' in quotation marks to use "
            "it as a field name. (line 1, character 1)",
        ),
        ("[brenden] = a", "Expecting a field name but got '['. Did you mean 'cf['? (line 1, character 1)"),
        ("a was", f"{VALUE} before the end of the query."),
        ("status = Open by admin", 'The EQUALS operator does not support the use of the by "admin" predicate.'),
    ],
)  # fmt: skip
def test_what_is_not_jql_is_refused_in_jiras_words(text, complaint):
    with pytest.raises(JqlError) as refused:
        parse(text)
    assert refused.value.messages == (f"Error in the JQL Query: {complaint}",)


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_reserved_words_need_quotation_marks(word):
    with pytest.raises(JqlError, match=f"'{word}' is a reserved JQL word"):
        parse(f"summary ~ {word}")
    assert parse(f"summary ~ '{word}'").where == Clause("summary", Comparison.LIKE, Literal(word))


@given(st.text())
def test_any_text_parses_or_is_refused(text):
    with suppress(JqlError):
        assert isinstance(parse(text), Query)


@given(st.text(min_size=1))
def test_a_quoted_value_comes_back_as_written(text):
    escaped = "".join(
        letter if letter.isalnum() and ord(letter) < 128 else f"\\u{ord(letter):04x}"
        for letter in text
        if ord(letter) <= 0xFFFF
    )
    expected = "".join(letter for letter in text if ord(letter) <= 0xFFFF)
    assert parse(f'a = "{escaped}"').where == Clause("a", Comparison.EQUALS, Literal(expected))


def test_keywords_are_not_reserved_words():
    assert not RESERVED & KEYWORDS.keys()
