"""State and rules of one Jira site.  Knows no HTTP and no JSON beyond field values."""
