"""Duolog: work items and time, in step with Jira."""
