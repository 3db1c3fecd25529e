"""What is known of one link: its base, its children, what was told of it; and its records."""
