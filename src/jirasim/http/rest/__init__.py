"""REST v3 and v2: one module per resource of Jira."""
