"""People's own worklogs in Jira, over their personal connections."""
