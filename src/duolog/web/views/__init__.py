"""The views, one module per page or family of pages: they call services and queries, and draw."""
