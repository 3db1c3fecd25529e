"""Notices to members, and which kinds each wants."""
