"""Work of the team Platform, which is kept in step with Jira.  Values only."""

from __future__ import annotations

from typing import Final

from duolog.demo.content.draft import Draft, Remark, Stint

PASSKEYS: Final = "Passkeys for everyone"
CONTESTED: Final = "Warn before a session ends"
"""The title of the item that is changed on both sides at once, for a conflict to look at."""
TOO_LONG: Final = (
    "Customers who merged two accounts last spring see the invoices of only one of them, the "
    "export holds both, the reminder mail goes to the address that was given up, and support can "
    "neither undo the merge nor send the missing invoices again without asking one of us to do "
    "it by hand on the database"
)
"""A title longer than Jira takes, for a held item to look at."""

DRAFTS: Final = (
    Draft(
        name="passkeys",
        title="Sign in with a passkey",
        type="epic",
        status="In progress",
        priority="high",
        assignee="maya",
        project=PASSKEYS,
        due=30,
        age=38,
        description=(
            "Passwords are the reason for **four of ten** support requests.\n\n"
            "## What is in\n\n"
            "1. registering a passkey from the profile page\n"
            "2. signing in with it, on every browser we support\n"
            "3. a way back when the device is lost\n\n"
            "## What is not\n\n"
            "- single sign-on for large customers\n- removing passwords that exist"
        ),
        remarks=(
            Remark(
                "aiko",
                "Do we support passkeys that live on a security key, too?",
                (
                    Remark("maya", "Yes, they come for free with the same ceremony."),
                    Remark("aiko", "Good. Then I take them into the test matrix."),
                ),
            ),
        ),
    ),
    Draft(
        title="Register a passkey from the profile page",
        under="passkeys",
        type="story",
        status="Done",
        priority="high",
        assignee="jonas",
        labels=("frontend", "security"),
        project=PASSKEYS,
        age=33,
        description="As somebody with an account I add a passkey, name it, and see when it was used.",
        remarks=(Remark("jonas", "Live since this morning, behind the flag `passkeys`."),),
    ),
    Draft(
        name="browsers",
        title="Sign in with a passkey on every supported browser",
        under="passkeys",
        type="story",
        status="In review",
        priority="high",
        assignee="aiko",
        labels=("frontend",),
        due=4,
        project=PASSKEYS,
        age=26,
        description=(
            "| Browser | Platform key | Security key |\n"
            "| --- | --- | --- |\n"
            "| Chrome | works | works |\n"
            "| Firefox | works | asks twice |\n"
            "| Safari | works | not tried yet |\n\n"
            "The second question in Firefox comes from our own retry; see the sub-tasks."
        ),
        remarks=(
            Remark("priya", "I have a Safari 16 here if you need an old one."),
            Remark("aiko", "Gladly! Tomorrow at ten?", (Remark("priya", "Ten is fine."),)),
        ),
    ),
    Draft(
        title="Firefox asks for the security key twice",
        under="browsers",
        type="sub_task",
        status="In progress",
        assignee="aiko",
        age=8,
        description="We call `navigator.credentials.get()` again when the first promise is slow.",
    ),
    Draft(
        title="Try Safari 16 with a security key",
        under="browsers",
        type="sub_task",
        status="To do",
        assignee="priya",
        due=2,
        age=7,
    ),
    Draft(
        title="A way back when the device is lost",
        under="passkeys",
        type="story",
        status="To do",
        priority="high",
        assignee="priya",
        labels=("security", "support"),
        due=12,
        project=PASSKEYS,
        age=21,
        description=(
            "> I dropped my phone into a lake and now I am locked out.\n\n"
            "Recovery codes, shown once, *and* a mail that support can release after a call."
        ),
        remarks=(Remark("jonas", "Ten codes or eight? The printed card has room for eight."),),
    ),
    Draft(
        name="gateway",
        title="A gateway that tells what is wrong",
        type="epic",
        status="In progress",
        priority="medium",
        assignee="jonas",
        age=50,
        description="Error pages that a customer can act on, and logs that we can search.",
    ),
    Draft(
        title="Name the request on every error page",
        under="gateway",
        type="task",
        status="Done",
        assignee="jonas",
        labels=("backend",),
        age=44,
        description="The page shows `request 7f3a…`; support pastes it into the log search.",
    ),
    Draft(
        title="Stop retrying uploads that were refused",
        under="gateway",
        type="bug",
        status="In progress",
        priority="urgent",
        assignee="jonas",
        labels=("backend", "storage"),
        due=1,
        age=3,
        description=(
            "A picture over the limit is sent **five times** before the person sees an error.\n\n"
            "```python\nfor attempt in range(5):\n    if upload(picture).ok:\n        break\n```\n\n"
            "A 413 must leave the loop at once."
        ),
        remarks=(
            Remark("maya", "Two large customers saw this today. Can it go out before Thursday?"),
            Remark("jonas", "Yes, the change is small. Review by noon?"),
        ),
    ),
    Draft(
        title="Answer 503 with a time to come back",
        under="gateway",
        status="To do",
        priority="medium",
        labels=("backend",),
        age=16,
    ),
    Draft(
        title=CONTESTED,
        type="story",
        status="To do",
        priority="medium",
        assignee="maya",
        labels=("frontend",),
        due=9,
        age=14,
        description="Two minutes before the end, with one button to stay. No sound.",
        remarks=(Remark("tomas", "The phone should show it as well, as a notification."),),
    ),
    Draft(
        title=TOO_LONG,
        type="bug",
        status="To do",
        priority="high",
        assignee="priya",
        reporter="tomas",
        labels=("payments", "support"),
        due=6,
        age=2,
        description="Pasted from the support queue as it came. Somebody should give it a name.",
    ),
    Draft(
        title="Rotate the signing keys twice a year",
        status="Backlog",
        priority="low",
        labels=("security",),
        age=60,
        description="Steps:\n\n1. make the new key\n2. publish both\n3. wait a day\n4. drop the old one",
    ),
    Draft(
        title="Thumbnails of rotated photographs lie on their side",
        type="bug",
        status="In review",
        priority="medium",
        assignee="aiko",
        labels=("storage",),
        due=-1,
        age=11,
        description="The camera's orientation is read *after* the picture is scaled.",
        remarks=(Remark("aiko", "Fixed; the four pictures from the report are in the tests now."),),
    ),
    Draft(
        title="Move attachments to the new bucket",
        status="In progress",
        priority="medium",
        assignee="priya",
        labels=("storage", "backend"),
        project="One place for numbers",
        due=18,
        age=28,
        description=(
            "| Step | Files | State |\n| --- | --- | --- |\n"
            "| copy | 1.2 million | done |\n| compare | 1.2 million | running |\n"
            "| switch | | after the comparison |"
        ),
    ),
    Draft(
        title="Search finds words with accents",
        type="feature",
        status="To do",
        priority="medium",
        assignee="tomas",
        labels=("search",),
        age=19,
        description="`Tomas` must find *Tomás*, and the other way round.",
    ),
    Draft(
        title="Invoice preview cuts off the last line",
        type="bug",
        status="To do",
        priority="high",
        assignee="jonas",
        labels=("payments", "frontend"),
        due=3,
        age=5,
        remarks=(Remark("priya", "Only on A4, and only with more than thirty positions."),),
    ),
    Draft(
        title="Write down how we answer an incident",
        status="In progress",
        assignee="maya",
        labels=("docs",),
        due=7,
        age=9,
        description="- who leads\n- where we write\n- what customers hear, and when\n- how it ends",
    ),
    Draft(
        title="Throw away the old session table",
        status="Backlog",
        labels=("backend",),
        age=75,
        description="Nothing has read it since the move in spring. Keep a dump for a year.",
    ),
    Draft(
        title="Make the health check ask the database",
        status="Done",
        priority="medium",
        assignee="jonas",
        labels=("backend",),
        age=31,
        description="It said *fine* for eleven minutes while every page failed.",
        remarks=(Remark("maya", "Thank you! This would have saved us a long night."),),
    ),
    Draft(
        title="Slow first page for people in Lima",
        type="bug",
        status="To do",
        priority="medium",
        assignee="tomas",
        reporter="tomas",
        labels=("frontend",),
        age=13,
        description="Measured from home: **3.1 s** to the first text, of which 2.2 s are fonts.",
    ),
    Draft(
        title="Colour contrast of the quiet buttons",
        type="bug",
        status="Done",
        priority="low",
        assignee="aiko",
        labels=("frontend",),
        age=23,
    ),
    Draft(
        title="Let admins see who signed in from where",
        type="feature",
        status="Backlog",
        priority="low",
        labels=("security",),
        age=48,
    ),
    Draft(
        title="Review the contract with the mail provider",
        status="To do",
        assignee="maya",
        due=21,
        age=6,
        description="See [the offer](https://fernhill.example/offers/mail), page 3.",
    ),
)

STINTS: Final = (
    Stint(1, "09:00", "45m", "Write down how we answer an incident", "Who is called, and when."),
    Stint(1, "10:00", "3h", "Sign in with a passkey", "Texts of the *lost device* page."),
    Stint(1, "13:30", "2h 30m", "A way back when the device is lost", ""),
    Stint(2, "09:00", "2h", "Firefox asks for the security key twice", "Seen on two machines."),
    Stint(2, "11:15", "1h 15m", "Sign in with a passkey", "Review with Aiko."),
    Stint(2, "13:30", "4h", "Write down how we answer an incident", "First draft."),
    Stint(3, "08:45", "3h 15m", "Rotate the signing keys twice a year", ""),
    Stint(3, "13:00", "3h 30m", "Sign in with a passkey", "Ceremony on the test site."),
    Stint(4, "09:00", "1h", "Review the contract with the mail provider", "Questions sent."),
    Stint(4, "10:00", "2h 30m", "Invoice preview cuts off the last line", ""),
    Stint(4, "13:30", "4h 30m", "Sign in with a passkey", "Wording with **support**."),
    Stint(5, "09:30", "2h", "Search finds words with accents", "*Málaga* is found, too."),
    Stint(5, "13:00", "4h", "Sign in with a passkey", ""),
)
"""What the owner has logged.  Today is left to whoever tries the demo."""
