"""The adapter to Jira: client, wire shapes, errors, webhooks.  Knows nothing of our domain."""
