"""The emoticons of wiki markup and the emoji that Atlassian makes of them.  Data only."""

from __future__ import annotations

from typing import Final

from jirasim.text.nodes import Node

EMOTICONS: Final = {
    ":)": (":slight_smile:", "1f642", "🙂"),
    ":-)": (":slight_smile:", "1f642", "🙂"),
    ":(": (":disappointed:", "1f61e", "😞"),
    ":-(": (":disappointed:", "1f61e", "😞"),
    ":P": (":stuck_out_tongue:", "1f61b", "😛"),
    ":D": (":smiley:", "1f603", "😃"),
    ";)": (":wink:", "1f609", "😉"),
    "(y)": (":thumbsup:", "1f44d", "👍"),
    "(n)": (":thumbsdown:", "1f44e", "👎"),
    "(i)": (":info:", "atlassian-info", ":info:"),
    "(/)": (":check_mark:", "atlassian-check_mark", ":check_mark:"),
    "(x)": (":cross_mark:", "atlassian-cross_mark", ":cross_mark:"),
    "(!)": (":warning:", "atlassian-warning", ":warning:"),
    "(+)": (":plus:", "atlassian-plus", ":plus:"),
    "(-)": (":minus:", "atlassian-minus", ":minus:"),
    "(?)": (":question:", "atlassian-question_mark", ":question:"),
    "(on)": (":light_bulb_on:", "atlassian-light_bulb_on", ":light_bulb_on:"),
    "(off)": (":light_bulb_off:", "atlassian-light_bulb_off", ":light_bulb_off:"),
    "(*)": (":yellow_star:", "atlassian-yellow_star", ":yellow_star:"),
    "(*r)": (":red_star:", "atlassian-red_star", ":red_star:"),
    "(*g)": (":green_star:", "atlassian-green_star", ":green_star:"),
    "(*b)": (":blue_star:", "atlassian-blue_star", ":blue_star:"),
    "(*y)": (":yellow_star:", "atlassian-yellow_star", ":yellow_star:"),
}
WRITTEN: Final = {
    identity: sign for sign, (_, identity, _) in EMOTICONS.items() if "atlassian" in identity
}


def emoji(sign: str) -> Node:
    """The emoji of an emoticon."""
    short_name, identity, shown = EMOTICONS[sign]
    return {"type": "emoji", "attrs": {"shortName": short_name, "id": identity, "text": shown}}
