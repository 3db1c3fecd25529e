"""Finds which links are due: by webhooks, by polls, by sweeps, and because a person asks."""
