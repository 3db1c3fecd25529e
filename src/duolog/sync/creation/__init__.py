"""How links begin: work items get their issues, issues their work items, each exactly once."""
