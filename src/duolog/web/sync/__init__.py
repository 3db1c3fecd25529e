"""How bindings, links and what waits for a person look."""
