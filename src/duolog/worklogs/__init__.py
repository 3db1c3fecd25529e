"""Time that people log on work items.  Never Jira: what crosses is for `duolog.sync`."""
