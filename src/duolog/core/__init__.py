"""The pure core: values, reconciliation, policies, rich text.  No I/O, no framework."""
