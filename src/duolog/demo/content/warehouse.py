"""Work of the team Data, which lives in Duolog alone.  Values only."""

from __future__ import annotations

from typing import Final

from duolog.demo.content.draft import Draft, Remark

NUMBERS: Final = "One place for numbers"

DRAFTS: Final = (
    Draft(
        name="tables",
        title="One set of tables for all reports",
        type="epic",
        status="In progress",
        priority="high",
        assignee="priya",
        project=NUMBERS,
        due=20,
        age=58,
        description=(
            "Finance counts a customer when the contract is signed, product when somebody signs "
            "in. Both are right, so both get a **name of their own**."
        ),
        remarks=(
            Remark(
                "jonas",
                "Who decides when a third definition turns up?",
                (Remark("priya", "The two of us, in the Tuesday meeting, in writing."),),
            ),
        ),
    ),
    Draft(
        title="Write the dictionary of figures",
        under="tables",
        type="story",
        status="In review",
        priority="high",
        assignee="priya",
        labels=("docs",),
        project=NUMBERS,
        due=3,
        age=40,
        description=(
            "| Figure | Counted when | Owner |\n| --- | --- | --- |\n"
            "| customer | contract signed | finance |\n| active customer | somebody signed in "
            "within 28 days | product |\n| lost customer | contract ended | finance |"
        ),
    ),
    Draft(
        name="move-reports",
        title="Move the eleven monthly reports",
        under="tables",
        type="story",
        status="In progress",
        assignee="jonas",
        project=NUMBERS,
        due=15,
        age=32,
        description="- [x] revenue\n- [x] sign-ups\n- [ ] support\n- [ ] the other eight",
    ),
    Draft(
        title="Support report",
        under="move-reports",
        type="sub_task",
        status="In progress",
        assignee="jonas",
        due=6,
        age=9,
    ),
    Draft(title="Revenue report", under="move-reports", type="sub_task", status="Done", age=30),
    Draft(
        title="Switch off the nightly copies",
        under="tables",
        status="Backlog",
        project=NUMBERS,
        age=29,
        description="Only once no report has read them for two weeks.",
    ),
    Draft(
        title="Nightly export ends at three in the morning, without a word",
        type="bug",
        status="In progress",
        priority="urgent",
        assignee="jonas",
        labels=("pipeline",),
        due=1,
        age=2,
        description=(
            "```text\n02:58:40 read 4 100 000 rows\n03:00:00 (nothing more)\n```\n\n"
            "The scheduler stops whatever still runs at three. It should say so."
        ),
        remarks=(
            Remark("priya", "Moved to one o'clock for tonight, so that the figures are there."),
            Remark("jonas", "Thanks. The real cause is the new index; I have a change ready."),
        ),
    ),
    Draft(
        title="Tell people when yesterday's figures are late",
        type="story",
        status="To do",
        priority="medium",
        assignee="priya",
        labels=("pipeline",),
        due=10,
        age=12,
    ),
    Draft(
        name="privacy",
        title="Forget people who ask to be forgotten",
        type="epic",
        status="To do",
        priority="high",
        assignee="maya",
        due=45,
        age=36,
        description="Within **thirty days**, in every table, with a receipt that holds no name.",
    ),
    Draft(
        title="List every table that holds a name",
        under="privacy",
        status="In progress",
        assignee="priya",
        labels=("privacy",),
        due=8,
        age=20,
        description="So far 41 of about 60. The hard ones are free text.",
    ),
    Draft(
        title="A receipt without a name",
        under="privacy",
        type="story",
        status="To do",
        labels=("privacy",),
        age=19,
    ),
    Draft(
        title="Weekly digest counts Sunday twice",
        type="bug",
        status="Done",
        priority="medium",
        assignee="jonas",
        labels=("reports",),
        age=25,
        description="`BETWEEN` includes both ends. Now half open, as everywhere else.",
    ),
    Draft(
        title="Charts that colour-blind people can read",
        type="feature",
        status="To do",
        priority="medium",
        assignee="aiko",
        labels=("reports",),
        age=16,
        remarks=(Remark("aiko", "I bring three palettes to the next review."),),
    ),
    Draft(
        title="Sample of the data for new colleagues",
        status="To do",
        assignee="priya",
        labels=("docs",),
        due=17,
        age=8,
        description="Small, invented, and broken in the ways the real one is.",
    ),
    Draft(
        title="Move the warehouse to the smaller machine",
        status="Canceled",
        priority="low",
        age=66,
        remarks=(Remark("jonas", "It would save 40 a month and cost us two days. No."),),
    ),
    Draft(
        title="Time zones in the sign-up report",
        type="bug",
        status="To do",
        priority="low",
        labels=("reports",),
        age=21,
        description="Days begin in Berlin, also for the customers in Lima.",
    ),
    Draft(
        title="Answer the auditor's list of questions",
        status="In review",
        assignee="maya",
        labels=("privacy", "docs"),
        due=-2,
        age=13,
        description="Seven of nine are answered. Open: *how long* and *who may*.",
    ),
    Draft(
        title="Try the new columnar format on one table",
        status="Backlog",
        assignee="jonas",
        labels=("pipeline",),
        age=45,
    ),
)
