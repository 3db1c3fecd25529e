"""What every run of a binding stands on: its scope, its Jira project and workflows, who is who."""
