"""Wiki markup for tests: generated texts thick with Jira's notation, and the shared samples."""

from __future__ import annotations

from core.markup.markup_samples import shared
from hypothesis import strategies as st

_SNIPPETS = [
    *"abc h12._-*#+^~?{}[]|!\\\n\t:;()&,=/@<é—\u00a0\u2028\x00",
    *("\n\n", "\r\n", "\r", " \t", "h1. ", "h3.", "bq. ", "* ", "# ", "- ", "** ", "*# ", "----"),
    *("||", "|", "\\\\", "\\\\\n", "{code}", "{code:java|title=A.java}", "{noformat}", "{quote}"),
    *("{panel:title=a}", "{panel}", "{color:red}", "{color}", "{anchor:x}", "{toc}", "{foo}"),
    *("{foo:a=b}", "{{", "}}", "{{m}}", "{*}", "[~bob]", "[^a.pdf]", "[a|http://x.y|tip]", "[#x]"),
    *("[http://x.y]", "http://x.y/a_b", "mailto:a@b.cd", "!a.png|thumbnail!", "!http://x.y/z.png!"),
    *(":)", "(/)", " -- ", " --- ", "*bold*", "_em_", "-del-", "+ins+", "^up^", "~sub~", "??c??"),
    *("&amp;", "&#124;", "{anchor:md-more}", "{anchor:md-start-7}", "[ ] ", "[x] ", "FHP-1", "-> "),
]

wiki_texts = st.one_of(
    st.lists(st.sampled_from(_SNIPPETS), max_size=30).map("".join),
    st.text(max_size=60),
)
"""Any text, most of it thick with markup."""

_blocks = [
    "A paragraph,  with trailing blanks   ",
    "*Deploy* by [~ann] {color:red}today{color}\nand \\\\ tomorrow",
    "h2.   Plan",
    "bq. said",
    "* one\n** two\n*# three\ngoes on\n* four",
    "# first\n# second {{x}}",
    "- dash\n- dash",
    "||Name||Age||\n|Ann| 7 |\n|Bob|a\\\\b|",
    "|no|head|\n|b|",
    "{code:java|title=A.java|borderStyle=solid}\nint a;  \n\n// {quote}\n{code}",
    "{noformat}  x\n{noformat}",
    "{quote}\nquoted\n\n* list\n{quote}",
    "{quote}h1. Title in a quote{quote}",
    "{panel:title=My panel|bgColor=#eee}\nh3. In a panel\n\n|a|b|\n{panel}",
    "{jira-chart:project=FHP}",
    "!shot.png|width=300!",
    "----",
    "{expand:title=More}\ntext\n\nmore\n{expand}",
    "+under+ ^up^ ~down~ ??cited?? :) (/)",
    "  h3. indented",
    "Unclosed {quote:x and {{mono and *bold",
]

wiki_documents = st.builds(
    lambda blocks, gap, newline: gap.join(blocks).replace("\n", newline),
    st.lists(st.sampled_from(_blocks), min_size=1, max_size=6),
    st.sampled_from(["\n\n", "\n\n\n", " \n \n"]),
    st.sampled_from(["\n", "\r\n"]),
)
"""Descriptions as people write them in Jira."""


def sample_wiki_texts() -> list[str]:
    """The wiki texts of the shared pairs."""
    found: set[str] = set()
    for name in ("atlaskit_wiki_adf", "pandoc", "jira2md", "jira2markdown"):
        items = shared(f"wiki/{name}.json")["items"]
        assert isinstance(items, list)
        found |= {str(item["wiki"]) for item in items if item.get("wiki") is not None}
    return sorted(found)
