"""How people sign in: allauth's flows with our words."""
