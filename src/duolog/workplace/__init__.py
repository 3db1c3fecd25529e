"""Our domain: teams, projects, work items, comments.  Never Jira."""
