"""What pages, API and command line show of the sync.  Changes nothing, asks Jira nothing."""
