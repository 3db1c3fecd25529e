"""Authenticated access to Jira sites; credentials sealed at rest."""
