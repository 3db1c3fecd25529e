"""Takes back what the sync wrote: one write, one side as a whole, one run."""
