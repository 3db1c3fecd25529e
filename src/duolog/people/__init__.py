"""Users, workplaces, members, roles, tokens and the audit trail."""
