"""Rich text as Jira stores and shows it: ADF documents and wiki markup."""
