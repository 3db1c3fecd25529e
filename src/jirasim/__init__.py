"""A stand-in Jira.  Judged by Atlassian's documents; imports nothing of duolog."""
