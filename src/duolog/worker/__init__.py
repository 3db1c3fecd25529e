"""Runs due work: the loop, the table of handlers, its health."""
