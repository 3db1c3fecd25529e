"""Configuration, settings, URLs and the server process."""
