"""Webhooks: what is said of an event, to whom, and how it gets there.  Changes no issue."""
