"""The engine: bindings, links, and everything that keeps two replicas in step."""
