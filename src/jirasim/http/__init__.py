"""The HTTP face of the simulator.  Decides nothing that a Jira rule decides."""
