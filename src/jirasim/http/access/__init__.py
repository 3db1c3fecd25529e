"""Ways in: OAuth of Cloud, incoming links, sessions and personal tokens of Server."""
