"""What waits for a person, and how they settle it; what was settled, and what can be undone."""
