"""How connections look, and the forms that ask for the way into a Jira."""
